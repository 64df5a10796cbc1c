// SPDX-License-Identifier: Apache-2.0
/** The part of runtime.h the case runner uses, on the host: the same cases under sanitizers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cortex_m/runtime.h"

static FILE *open_file;

void cortex_m_write(const char *text) { fputs(text, stdout); }

int cortex_m_printf(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vprintf(format, arguments);
  va_end(arguments);
  return length;
}

int cortex_m_host_command_line(char *buffer, size_t bytes) {
  FILE *arguments = fopen("/proc/self/cmdline", "rb");
  if (arguments == NULL) {
    return -1;
  }
  const size_t length = fread(buffer, 1, bytes - 1, arguments);
  fclose(arguments);
  buffer[length] = '\0';
  for (size_t i = 0; i + 1 < length; ++i) {
    if (buffer[i] == '\0') {
      buffer[i] = ' ';
    }
  }
  return (int)length;
}

int cortex_m_host_open(const char *path) {
  open_file = fopen(path, "rb");
  return open_file == NULL ? -1 : 0;
}

int cortex_m_host_read(int handle, void *buffer, size_t bytes) {
  (void)handle;
  return (int)fread(buffer, 1, bytes, open_file);
}

void cortex_m_host_close(int handle) {
  (void)handle;
  fclose(open_file);
}
