// SPDX-License-Identifier: Apache-2.0
#include "extremum.h"
#include "../max_pool2d_windows.h"

// Not inlined: among the variables of the loops over pixels its own would not stay in registers.
__attribute__((noinline)) static void pool(const cortex_m_max_pool2d_window *window,
                        const cortex_m_quantized_max_pool2d_params *params, int8_t *output) {
  const int32_t channels = params->input.c;
  const int8x4_t minimum = cortex_m_four_of(params->activation_min);
  const int8x4_t maximum = cortex_m_four_of(params->activation_max);
  int32_t channel = 0;
  for (; channel <= channels - 4; channel += 4) {
    const int8_t *row = window->pixel + channel;
    int8x4_t largest = minimum;
    for (int32_t rows = window->rows; rows > 0; --rows) {
      const int8_t *value = row;
      for (int32_t columns = window->columns; columns > 0; --columns) {
        largest = cortex_m_maximum_of_four(largest, cortex_m_four_at(value));
        value += channels;
      }
      row += window->row_size;
    }
    cortex_m_put_four(output + channel, cortex_m_minimum_of_four(largest, maximum));
  }
  for (; channel < channels; ++channel) {
    const int8_t *row = window->pixel + channel;
    int32_t largest = params->activation_min;
    for (int32_t rows = window->rows; rows > 0; --rows) {
      const int8_t *value = row;
      for (int32_t columns = window->columns; columns > 0; --columns) {
        largest = *value > largest ? *value : largest;
        value += channels;
      }
      row += window->row_size;
    }
    output[channel] =
        (int8_t)(largest > params->activation_max ? params->activation_max : largest);
  }
}

void cortex_m_quantized_max_pool2d(const int8_t *input,
                                   const cortex_m_quantized_max_pool2d_params *params,
                                   int8_t *output) {
  cortex_m_max_pool2d(input, params, pool, output);
}
