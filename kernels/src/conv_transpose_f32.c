// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution_f32.h"

/** The input row or column that a tap takes to an output one; -1 if there is none. */
static int32_t source(int32_t output, int32_t pad, int32_t tap, int32_t dilation, int32_t stride,
                      int32_t extent) {
  const int32_t reached = output + pad - tap * dilation;
  if (reached < 0 || reached % stride != 0) {
    return -1;
  }
  return reached / stride < extent ? reached / stride : -1;
}

/** One output element: what every input element that reaches it adds. */
static float gather(const float *input, const float *weight, float sum, int32_t y, int32_t x,
                    const cortex_m_conv_transpose_f32_params *params) {
  const cortex_m_dims from = params->input_strides;
  const cortex_m_dims by = params->weight_strides;
  for (int32_t row = 0; row < params->kernel_h; ++row) {
    const int32_t input_y =
        source(y, params->pad_h, row, params->dilation_h, params->stride_h, params->input_h);
    if (input_y < 0) {
      continue;
    }
    for (int32_t column = 0; column < params->kernel_w; ++column) {
      const int32_t input_x =
          source(x, params->pad_w, column, params->dilation_w, params->stride_w, params->input_w);
      if (input_x < 0) {
        continue;
      }
      const float *pixel = input + input_y * from.h + input_x * from.w;
      const float *factor = weight + row * by.h + column * by.w;
      for (int32_t channel = 0; channel < params->input_channels; ++channel) {
        sum += *pixel * *factor;
        pixel += from.c;
        factor += by.c;
      }
    }
  }
  return sum;
}

void cortex_m_conv_transpose_f32(const float *input, const float *weight, const float *bias,
                                 const cortex_m_conv_transpose_f32_params *params, float *output) {
  for (int32_t n = 0; n < params->batch; ++n) {
    for (int32_t group = 0; group < params->groups; ++group) {
      const int32_t first = group * params->input_channels;
      const float *image = input + n * params->input_strides.n + first * params->input_strides.c;
      const float *filter = weight + first * params->weight_strides.c;
      for (int32_t i = 0; i < params->output_channels; ++i) {
        const int32_t channel = group * params->output_channels + i;
        const float start = bias != NULL ? bias[channel] : 0.0f;
        float *plane =
            output + n * params->output_strides.n + channel * params->output_strides.c;
        for (int32_t y = 0; y < params->output_h; ++y) {
          for (int32_t x = 0; x < params->output_w; ++x) {
            plane[y * params->output_strides.h + x * params->output_strides.w] =
                gather(image, filter, start, y, x, params);
          }
        }
        filter += params->weight_strides.n;
      }
    }
  }
}
