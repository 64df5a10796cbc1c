// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "copy.h"
#include "../pad_runs.h"

static inline uint8_t *copy(uint8_t *to, const uint8_t *from, int32_t bytes) {
  return (uint8_t *)cortex_m_copy_mve((int8_t *)to, (const int8_t *)from, bytes);
}

static uint8_t *fill(uint8_t *to, cortex_m_pad_filler with, int32_t bytes) {
  if (with.element_bytes == 1) {
    return (uint8_t *)cortex_m_fill_mve((int8_t *)to, with.value, bytes);
  }
  uint8_t *const end = to + bytes;
  const uint32_t value = (uint32_t)with.value;
  const uint32_t word = with.element_bytes == 2 ? (value & 0xffffu) * 0x00010001u : value;
  for (int32_t left = bytes; left > 0; left -= 16) {
    vstrbq_p_u8(to, vreinterpretq_u8_u32(vdupq_n_u32(word)), vctp8q((uint32_t)left));
    to += 16;
  }
  return end;
}

void cortex_m_pad(const void *input, const cortex_m_pad_params *params, void *output) {
  cortex_m_pad_runs(input, params, copy, fill, output);
}
