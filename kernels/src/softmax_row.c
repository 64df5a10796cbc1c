// SPDX-License-Identifier: Apache-2.0
#include "softmax_row.h"

#include "exp_reference.h"
#include "support.h"

#define LANES 8

cortex_m_softmax_divisor cortex_m_softmax_divide(uint64_t sum) {
  uint64_t divisor = sum << 1;
  int32_t shift = 0;
  while (divisor >> 32 != 0) {
    divisor >>= 1;
    ++shift;
  }
  return (cortex_m_softmax_divisor){(UINT64_C(1) << 63) / (uint32_t)divisor, shift};
}

void cortex_m_softmax_row(const int8_t *input, const cortex_m_softmax_params *params,
                          int32_t largest, int8_t *output) {
  const int32_t step = params->inner;
  const int32_t zero_point = params->input_zero_point;
  const float scale = params->input_scale;
  const float largest_x = (float)(largest - zero_point) * scale;
  const int32_t lane_mask = params->lanes - 1;
  float sums[LANES] = {0.0f};
  const int8_t *value = input;
  for (int32_t i = 0; i < params->count; ++i) {
    sums[i & lane_mask] += cortex_m_exp_reference((float)(*value - zero_point) * scale - largest_x);
    value += step;
  }
  float sum = sums[0];
  for (int32_t lane = 1; lane <= lane_mask; ++lane) {
    sum += sums[lane];
  }
  const float reciprocal = 1.0f / sum;
  for (int32_t i = 0; i < params->count; ++i) {
    const float e = cortex_m_exp_reference((float)(*input - zero_point) * scale - largest_x);
    const float p = params->lanes == 1 ? e / sum : e * reciprocal;
    *output = cortex_m_round_to_int8(p * 256.0f, INT8_MIN, INT8_MIN, INT8_MAX);
    input += step;
    output += step;
  }
}
