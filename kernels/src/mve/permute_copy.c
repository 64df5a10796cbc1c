// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "../permute_runs.h"

/** Strides with which eight elements of one byte lie within the reach of 16-bit offsets. */
#define MOST_STRIDE (UINT16_MAX / 7)

static int in_reach(int32_t stride) { return stride >= 0 && stride <= MOST_STRIDE; }

/** Bytes, eight at a time. */
static void copy_bytes(const cortex_m_permute_run *run, const uint8_t *input, uint8_t *output) {
  const int32_t input_stride = run->input_stride;
  const int32_t output_stride = run->output_stride;
  const uint16x8_t from = vmulq_n_u16(vidupq_n_u16(0, 1), (uint16_t)input_stride);
  const uint16x8_t to = vmulq_n_u16(vidupq_n_u16(0, 1), (uint16_t)output_stride);
  if (output_stride == 1) {
    for (int32_t left = run->count; left > 0; left -= 8) {
      const mve_pred16_t lanes = vctp16q((uint32_t)left);
      vstrbq_p_u16(output, vldrbq_gather_offset_z_u16(input, from, lanes), lanes);
      input += 8 * input_stride;
      output += 8;
    }
    return;
  }
  for (int32_t left = run->count; left > 0; left -= 8) {
    const mve_pred16_t lanes = vctp16q((uint32_t)left);
    vstrbq_scatter_offset_p_u16(output, to, vldrbq_gather_offset_z_u16(input, from, lanes), lanes);
    input += 8 * input_stride;
    output += 8 * output_stride;
  }
}

/** Words, four at a time; the strides may be negative, offsets wrap. */
static void copy_words(const cortex_m_permute_run *run, const uint8_t *input, uint8_t *output) {
  const uint32_t *source = (const uint32_t *)(const void *)input;
  uint32_t *target = (uint32_t *)(void *)output;
  const uint32x4_t from = vmulq_n_u32(vidupq_n_u32(0, 4), (uint32_t)run->input_stride);
  const uint32x4_t to = vmulq_n_u32(vidupq_n_u32(0, 4), (uint32_t)run->output_stride);
  for (int32_t left = run->count; left > 0; left -= 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    vstrwq_scatter_offset_p_u32(target, to, vldrwq_gather_offset_z_u32(source, from, lanes),
                                lanes);
    source += 4 * run->input_stride;
    target += 4 * run->output_stride;
  }
}

static void copy_run(const cortex_m_permute_run *run, const uint8_t *input, uint8_t *output) {
  const int contiguous = run->input_stride == 1 && run->output_stride == 1;
  if (run->element_bytes == 1 && !contiguous && in_reach(run->input_stride) &&
      in_reach(run->output_stride)) {
    copy_bytes(run, input, output);
  } else if (run->element_bytes == 4 && !contiguous) {
    copy_words(run, input, output);
  } else {
    cortex_m_copy_run_singly(run, input, output);
  }
}

void cortex_m_permute_copy(const void *input, const cortex_m_permute_copy_params *params,
                           void *output) {
  cortex_m_permute_runs(input, params, copy_run, output);
}
