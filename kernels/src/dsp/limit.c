// SPDX-License-Identifier: Apache-2.0
#include "extremum.h"
#include "requantize.h"

void cortex_m_limit_dsp(int8_t *output, int32_t count, int32_t minimum, int32_t maximum) {
  if (minimum == INT8_MIN && maximum == INT8_MAX) {
    return;
  }
  const int8x4_t minima = cortex_m_four_of(minimum);
  const int8x4_t maxima = cortex_m_four_of(maximum);
  for (; count >= 4; count -= 4) {
    const int8x4_t raised = cortex_m_maximum_of_four(cortex_m_four_at(output), minima);
    cortex_m_put_four(output, cortex_m_minimum_of_four(raised, maxima));
    output += 4;
  }
  for (; count > 0; --count) {
    *output = (int8_t)cortex_m_limit(*output, minimum, maximum);
    ++output;
  }
}
