// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/activation.h"

void cortex_m_quantized_activation(const int8_t *input, const int8_t *table,
                                   const cortex_m_quantized_activation_params *params,
                                   int8_t *output) {
  const int8_t *middle = table + 128;
  const int8_t *end = input + params->count;
  // Half of a single element's instructions would be the loop's.
  while (end - input >= 4) {
    const int8_t first = middle[input[0]];
    const int8_t second = middle[input[1]];
    const int8_t third = middle[input[2]];
    const int8_t fourth = middle[input[3]];
    input += 4;
    output[0] = first;
    output[1] = second;
    output[2] = third;
    output[3] = fourth;
    output += 4;
  }
  while (input != end) {
    *output++ = middle[*input++];
  }
}
