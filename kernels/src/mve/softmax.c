// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "../softmax_row.h"

#define FRACTION CORTEX_M_SOFTMAX_FRACTION

/** Four elements of a row, and where the next ones are. */
static inline int32x4_t take(const int8_t **row, uint32x4_t offsets, int32_t step,
                             mve_pred16_t lanes) {
  const int32x4_t values = vldrbq_gather_offset_z_s32(*row, offsets, lanes);
  *row += 4 * step;
  return values;
}

static inline uint32x4_t exponentials_of(int32x4_t values, int32_t largest,
                                         const cortex_m_softmax_params *params,
                                         mve_pred16_t lanes) {
  const uint32x4_t index = vreinterpretq_u32_s32(vsubq_s32(vdupq_n_s32(largest), values));
  return vreinterpretq_u32_s32(
      vldrwq_gather_shifted_offset_z_s32(params->exponentials, index, lanes));
}

static int32_t maximum(const int8_t *row, uint32x4_t offsets, int32_t count, int32_t step) {
  int32x4_t largest = vdupq_n_s32(INT8_MIN);
  for (int32_t left = count; left > 0; left -= 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    largest = vmaxq_m_s32(largest, largest, take(&row, offsets, step, lanes), lanes);
  }
  return vmaxvq_s32(INT8_MIN, largest);
}

/** In integers; 0 if a result is too near to a tie to be sure. */
static int estimate(const int8_t *input, const cortex_m_softmax_params *params, int32_t largest,
                    uint32x4_t offsets, int8_t *output) {
  const int32_t step = params->inner;
  uint64_t sum = 0;
  const int8_t *row = input;
  for (int32_t left = params->count; left > 0; left -= 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t values = take(&row, offsets, step, lanes);
    sum = vaddlvaq_p_u32(sum, exponentials_of(values, largest, params, lanes), lanes);
  }
  const cortex_m_softmax_divisor by = cortex_m_softmax_divide(sum);
  // 2^32 is the one value that does not fit. Less by one it makes results less by one at most.
  const uint32_t reciprocal = by.reciprocal > UINT32_MAX ? UINT32_MAX : (uint32_t)by.reciprocal;
  for (int32_t left = params->count; left > 0; left -= 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)left);
    const int32x4_t values = take(&input, offsets, step, lanes);
    const uint32x4_t e = exponentials_of(values, largest, params, lanes);
    const uint32x4_t result = vshlq_r_u32(vmulhq_u32(e, vdupq_n_u32(reciprocal)), -by.shift);
    // The division, its rounding to 32 bits and both shifts lose less than one unit each.
    const uint32x4_t margin =
        vaddq_n_u32(vmulhq_u32(result, vdupq_n_u32((uint32_t)params->tie_margin)), 5u);
    const uint32x4_t above = vaddq_n_u32(result, 1u << (FRACTION - 1));
    const uint32x4_t fraction = vandq_u32(above, vdupq_n_u32((1u << FRACTION) - 1u));
    const uint32x4_t end = vsubq_u32(vdupq_n_u32(1u << FRACTION), margin);
    const mve_pred16_t near = vcmpcsq_u32(margin, fraction) | vcmpcsq_u32(fraction, end);
    if ((near & lanes) != 0) {
      return 0;
    }
    int32x4_t rounded = vreinterpretq_s32_u32(vshrq_n_u32(above, FRACTION));
    rounded = vminq_s32(vaddq_n_s32(rounded, INT8_MIN), vdupq_n_s32(INT8_MAX));
    vstrbq_scatter_offset_p_s32(output, offsets, rounded, lanes);
    output += 4 * step;
  }
  return 1;
}

void cortex_m_softmax(const int8_t *input, const cortex_m_softmax_params *params, int8_t *output) {
  const uint32x4_t offsets = vmulq_n_u32(vidupq_n_u32(0, 1), (uint32_t)params->inner);
  for (int32_t outer = 0; outer < params->outer; ++outer) {
    for (int32_t inner = 0; inner < params->inner; ++inner) {
      const int32_t largest = maximum(input + inner, offsets, params->count, params->inner);
      if (!estimate(input + inner, params, largest, offsets, output + inner)) {
        cortex_m_softmax_row(input + inner, params, largest, output + inner);
      }
    }
    input += params->count * params->inner;
    output += params->count * params->inner;
  }
}
