// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "../max_pool2d_windows.h"

// Not inlined: among the variables of the loops over pixels its own would not stay in registers.
__attribute__((noinline)) static void pool(const cortex_m_max_pool2d_window *window,
                        const cortex_m_quantized_max_pool2d_params *params, int8_t *output) {
  const int32_t channels = params->input.c;
  const int8x16_t maximum = vdupq_n_s8((int8_t)params->activation_max);
  const int8_t *pixel = window->pixel;
  for (int32_t left = channels; left > 0; left -= 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)left);
    const int8_t *row = pixel;
    int8x16_t largest = vdupq_n_s8((int8_t)params->activation_min);
    for (int32_t rows = window->rows; rows > 0; --rows) {
      const int8_t *value = row;
      for (int32_t columns = window->columns; columns > 0; --columns) {
        largest = vmaxq_s8(largest, vldrbq_z_s8(value, lanes));
        value += channels;
      }
      row += window->row_size;
    }
    vstrbq_p_s8(output, vminq_s8(largest, maximum), lanes);
    pixel += 16;
    output += 16;
  }
}

void cortex_m_quantized_max_pool2d(const int8_t *input,
                                   const cortex_m_quantized_max_pool2d_params *params,
                                   int8_t *output) {
  cortex_m_max_pool2d(input, params, pool, output);
}
