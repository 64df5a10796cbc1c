// SPDX-License-Identifier: Apache-2.0
#include "max_pool2d_windows.h"

// Not inlined: among the variables of the loops over pixels its own would not stay in registers.
__attribute__((noinline)) static void pool(const cortex_m_max_pool2d_window *window,
                        const cortex_m_quantized_max_pool2d_params *params, int8_t *output) {
  for (int32_t channel = 0; channel < params->input.c; ++channel) {
    const int8_t *row = window->pixel + channel;
    int32_t largest = params->activation_min;
    for (int32_t rows = window->rows; rows > 0; --rows) {
      const int8_t *value = row;
      for (int32_t columns = window->columns; columns > 0; --columns) {
        largest = *value > largest ? *value : largest;
        value += params->input.c;
      }
      row += window->row_size;
    }
    *output++ = (int8_t)(largest > params->activation_max ? params->activation_max : largest);
  }
}

void cortex_m_quantized_max_pool2d(const int8_t *input,
                                   const cortex_m_quantized_max_pool2d_params *params,
                                   int8_t *output) {
  cortex_m_max_pool2d(input, params, pool, output);
}
