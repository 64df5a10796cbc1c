// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "pad_runs.h"

static uint8_t *copy(uint8_t *to, const uint8_t *from, int32_t bytes) {
  // A source that begins within the target: memcpy could write what it has yet to read.
  if ((uintptr_t)from - (uintptr_t)to < (uintptr_t)bytes) {
    return cortex_m_copy_upward(to, from, bytes);
  }
  memcpy(to, from, (size_t)bytes);
  return to + bytes;
}

static uint8_t *fill(uint8_t *output, cortex_m_pad_filler with, int32_t bytes) {
  if (with.element_bytes == 1) {
    memset(output, (int)with.value, (size_t)bytes);
    return output + bytes;
  }
  for (const uint8_t *end = output + bytes; output != end; output += with.element_bytes) {
    memcpy(output, &with.value, (size_t)with.element_bytes);  // the low bytes: little-endian
  }
  return output;
}

void cortex_m_pad(const void *input, const cortex_m_pad_params *params, void *output) {
  cortex_m_pad_runs(input, params, copy, fill, output);
}
