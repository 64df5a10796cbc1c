// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/runtime.h"
#include "runtime/semihosting.h"

#include <string.h>

#define OPEN_READ_BINARY 1u

int cortex_m_host_command_line(char *buffer, size_t bytes) {
  uintptr_t block[2] = {(uintptr_t)buffer, bytes};
  if (bytes == 0 || cortex_m_semihosting_call(SEMIHOSTING_GET_CMDLINE, (uintptr_t)block) != 0) {
    return -1;
  }
  buffer[bytes - 1] = '\0';
  return (int)strlen(buffer);
}

int cortex_m_host_open(const char *path) {
  uintptr_t block[3] = {(uintptr_t)path, OPEN_READ_BINARY, strlen(path)};
  return cortex_m_semihosting_call(SEMIHOSTING_OPEN, (uintptr_t)block);
}

int cortex_m_host_read(int handle, void *buffer, size_t bytes) {
  uint8_t *next = buffer;
  size_t missing = bytes;
  while (missing > 0) {
    uintptr_t block[3] = {(uintptr_t)handle, (uintptr_t)next, missing};
    // The call answers how many bytes it did not read: all of them at the end of the file.
    const size_t left = (size_t)cortex_m_semihosting_call(SEMIHOSTING_READ, (uintptr_t)block);
    if (left > missing) {
      return -1;
    }
    if (left == missing) {
      break;
    }
    next += missing - left;
    missing = left;
  }
  return (int)(bytes - missing);
}

void cortex_m_host_close(int handle) {
  uintptr_t block[1] = {(uintptr_t)handle};
  cortex_m_semihosting_call(SEMIHOSTING_CLOSE, (uintptr_t)block);
}
