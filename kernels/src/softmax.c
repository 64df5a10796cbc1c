// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/softmax.h"

#include "softmax_row.h"
#include "support.h"

#define FRACTION CORTEX_M_SOFTMAX_FRACTION

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
  const cortex_m_softmax_divisor by = cortex_m_softmax_divide(sum);
  for (int32_t i = 0; i < params->count; ++i) {
    const uint32_t e = (uint32_t)table[largest - *input];
    const uint32_t result = (uint32_t)(e * by.reciprocal >> 32) >> by.shift;  // 256 e / sum
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

void cortex_m_softmax(const int8_t *input, const cortex_m_softmax_params *params, int8_t *output) {
  for (int32_t outer = 0; outer < params->outer; ++outer) {
    for (int32_t inner = 0; inner < params->inner; ++inner) {
      const int32_t largest = maximum(input + inner, params->count, params->inner);
      if (!estimate(input + inner, params, largest, output + inner)) {
        cortex_m_softmax_row(input + inner, params, largest, output + inner);
      }
    }
    input += params->count * params->inner;
    output += params->count * params->inner;
  }
}
