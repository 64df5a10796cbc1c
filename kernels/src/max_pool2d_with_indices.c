// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/pooling_f32.h"
#include "pool2d_f32.h"
#include "support.h"

/**
 * Defines the kernel of one element type. A value that is not itself is NaN; comparing it costs
 * nothing for integers.
 */
#define MAX_POOL2D(suffix, type)                                                                  \
  void cortex_m_max_pool2d_##suffix(const type *input,                                            \
                                    const cortex_m_max_pool2d_##suffix##_params *params,          \
                                    type *output, int64_t *indices) {                             \
    CORTEX_M_FOR_EACH_OUTPUT(params->output) {                                                    \
      const int32_t top = y * params->stride_h - params->pad_h;                                   \
      const int32_t left = x * params->stride_w - params->pad_w;                                  \
      const cortex_m_window rows =                                                                \
          cortex_m_clip_window(top, params->kernel_h, params->dilation_h, params->input.h);       \
      const cortex_m_window columns =                                                             \
          cortex_m_clip_window(left, params->kernel_w, params->dilation_w, params->input.w);      \
      const int32_t plane = cortex_m_at(params->input_strides, n, 0, 0, c);                       \
      type most = 0;                                                                              \
      int32_t found = -1;                                                                         \
      for (int32_t row = rows.begin; row < rows.end; ++row) {                                     \
        const int32_t input_y = top + row * params->dilation_h;                                   \
        for (int32_t column = columns.begin; column < columns.end; ++column) {                    \
          const int32_t input_x = left + column * params->dilation_w;                             \
          const type value = input[plane + input_y * params->input_strides.h +                    \
                                   input_x * params->input_strides.w];                            \
          if (found < 0 || value > most || value != value) {                                      \
            most = value;                                                                         \
            found = input_y * params->input.w + input_x;                                          \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
      const int32_t at = cortex_m_at(params->output_strides, n, y, x, c);                         \
      if (output != NULL) {                                                                       \
        output[at] = most;                                                                        \
      }                                                                                           \
      if (indices != NULL) {                                                                      \
        indices[at] = found;                                                                      \
      }                                                                                           \
    }                                                                                             \
  }

MAX_POOL2D(f32, float)
MAX_POOL2D(s8, int8_t)
