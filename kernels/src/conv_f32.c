// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution_f32.h"
#include "support.h"

/** One output element: the taps inside the input, of every input channel of the group. */
static float convolve(const float *input, const float *weight, float sum, cortex_m_window rows,
                      cortex_m_window columns, const cortex_m_conv_f32_params *params) {
  const cortex_m_dims from = params->input_strides;
  const cortex_m_dims by = params->weight_strides;
  for (int32_t channel = 0; channel < params->input_channels; ++channel) {
    for (int32_t row = rows.begin; row < rows.end; ++row) {
      const float *pixel = input + row * params->dilation_h * from.h +
                           columns.begin * params->dilation_w * from.w;
      const float *factor = weight + row * by.h + columns.begin * by.w;
      for (int32_t column = columns.begin; column < columns.end; ++column) {
        sum += *pixel * *factor;
        pixel += params->dilation_w * from.w;
        factor += by.w;
      }
    }
    input += from.c;
    weight += by.c;
  }
  return sum;
}

/** All output elements of one channel of one image. */
static void convolve_channel(const float *input, const float *weight, float bias,
                             const cortex_m_conv_f32_params *params, float *output) {
  int32_t y = -params->pad_h;
  for (int32_t output_y = 0; output_y < params->output_h; ++output_y) {
    const cortex_m_window rows =
        cortex_m_clip_window(y, params->kernel_h, params->dilation_h, params->input_h);
    float *target = output + output_y * params->output_strides.h;
    int32_t x = -params->pad_w;
    for (int32_t output_x = 0; output_x < params->output_w; ++output_x) {
      const cortex_m_window columns =
          cortex_m_clip_window(x, params->kernel_w, params->dilation_w, params->input_w);
      const float *corner = input + y * params->input_strides.h + x * params->input_strides.w;
      *target = convolve(corner, weight, bias, rows, columns, params);
      target += params->output_strides.w;
      x += params->stride_w;
    }
    y += params->stride_h;
  }
}

void cortex_m_conv_f32(const float *input, const float *weight, const float *bias,
                       const cortex_m_conv_f32_params *params, float *output) {
  for (int32_t n = 0; n < params->batch; ++n) {
    for (int32_t group = 0; group < params->groups; ++group) {
      const float *image = input + n * params->input_strides.n +
                           group * params->input_channels * params->input_strides.c;
      for (int32_t i = 0; i < params->output_channels; ++i) {
        const int32_t channel = group * params->output_channels + i;
        convolve_channel(image, weight + channel * params->weight_strides.n,
                         bias != NULL ? bias[channel] : 0.0f, params,
                         output + n * params->output_strides.n + channel * params->output_strides.c);
      }
    }
  }
}
