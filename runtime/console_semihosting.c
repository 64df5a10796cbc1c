// SPDX-License-Identifier: Apache-2.0
#include "runtime/console.h"
#include "runtime/semihosting.h"

#include <stdint.h>

void cortex_m_console_semihosting_write(const char *text) {
  cortex_m_semihosting_call(SEMIHOSTING_WRITE0, (uintptr_t)text);
}
