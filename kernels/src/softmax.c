// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/softmax.h"

#include "exp_reference.h"
#include "support.h"

#define LANES 8
#define FRACTION 22  // fraction bits of a result in the integer path

static int32_t maximum(const int8_t *row, int32_t count, int32_t step) {
  int32_t largest = INT8_MIN;
  for (int32_t i = 0; i < count; ++i) {
    largest = *row > largest ? *row : largest;
    row += step;
  }
  return largest;
}

/** In integers; 0 if a result is too near to a tie to be sure. */
static int estimate(const int8_t *input, const cortex_m_softmax_params *params, int32_t largest,
                    int8_t *output) {
  const int32_t *table = params->exponentials;
  const int32_t step = params->inner;
  uint64_t sum = 0;
  const int8_t *value = input;
  for (int32_t i = 0; i < params->count; ++i) {
    sum += (uint32_t)table[largest - *value];
    value += step;
  }
  // At least 2^30, of the maximum itself.
  uint64_t divisor = sum << 1;
  int32_t shift = 0;
  while (divisor >> 32 != 0) {
    divisor >>= 1;
    ++shift;
  }
  const uint64_t reciprocal = (UINT64_C(1) << 63) / (uint32_t)divisor;  // 2^(62 + shift) / sum
  for (int32_t i = 0; i < params->count; ++i) {
    const uint32_t e = (uint32_t)table[largest - *input];
    const uint32_t result = (uint32_t)(e * reciprocal >> 32) >> shift;  // 256 e / sum
    // The division and both shifts lose less than one unit each.
    const uint32_t margin =
        (uint32_t)((uint64_t)result * (uint32_t)params->tie_margin >> 32) + 4u;
    const uint32_t above = result + (1u << (FRACTION - 1));  // a tie where the fraction is 0
    const uint32_t fraction = above & ((1u << FRACTION) - 1u);
    if (fraction <= margin || fraction >= (1u << FRACTION) - margin) {
      return 0;
    }
    *output = cortex_m_clamp((int32_t)(above >> FRACTION), INT8_MIN, INT8_MIN, INT8_MAX);
    input += step;
    output += step;
  }
  return 1;
}

/** As the reference. */
static void compute(const int8_t *input, const cortex_m_softmax_params *params, int32_t largest,
                    int8_t *output) {
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

void cortex_m_softmax(const int8_t *input, const cortex_m_softmax_params *params, int8_t *output) {
  for (int32_t outer = 0; outer < params->outer; ++outer) {
    for (int32_t inner = 0; inner < params->inner; ++inner) {
      const int32_t largest = maximum(input + inner, params->count, params->inner);
      if (!estimate(input + inner, params, largest, output + inner)) {
        compute(input + inner, params, largest, output + inner);
      }
    }
    input += params->count * params->inner;
    output += params->count * params->inner;
  }
}
