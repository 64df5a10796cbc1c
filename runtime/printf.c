// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/runtime.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int cortex_m_printf(const char *format, ...) {
  char text[CORTEX_M_PRINTF_CHARACTERS + 1];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (length < 0) {
    return length;
  }
  if ((size_t)length >= sizeof text) {
    memcpy(text + sizeof text - 4, "...", 4);
  }
  cortex_m_write(text);
  return length;
}
