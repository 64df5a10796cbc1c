// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/pooling_f32.h"
#include "pool2d_f32.h"
#include "support.h"

/** Sum of the rows and columns from the first up to the last, not included. */
static float sum_of(const float *input, cortex_m_dims strides, cortex_m_window rows,
                    cortex_m_window columns) {
  float sum = 0.0f;
  for (int32_t row = rows.begin; row < rows.end; ++row) {
    for (int32_t column = columns.begin; column < columns.end; ++column) {
      sum += input[row * strides.h + column * strides.w];
    }
  }
  return sum;
}

/** What of a window is inside the input, in the input's rows or columns. */
static cortex_m_window inside(int32_t first, int32_t taps, int32_t extent) {
  const int32_t end = first + taps < extent ? first + taps : extent;
  return (cortex_m_window){first > 0 ? first : 0, end};
}

/** Rows or columns that count: those of the padding too, as far as it goes. */
static int32_t counted(int32_t first, int32_t taps, int32_t extent, int32_t pad) {
  const int32_t end = first + taps < extent + pad ? first + taps : extent + pad;
  return end - first;
}

void cortex_m_avg_pool2d_f32(const float *input, const cortex_m_avg_pool2d_f32_params *params,
                             float *output) {
  CORTEX_M_FOR_EACH_OUTPUT(params->output) {
    const int32_t top = y * params->stride_h - params->pad_h;
    const int32_t left = x * params->stride_w - params->pad_w;
    const cortex_m_window rows = inside(top, params->kernel_h, params->input.h);
    const cortex_m_window columns = inside(left, params->kernel_w, params->input.w);
    int32_t divisor = params->divisor;
    if (divisor == 0 && params->count_padding != 0) {
      divisor = counted(top, params->kernel_h, params->input.h, params->pad_h) *
                counted(left, params->kernel_w, params->input.w, params->pad_w);
    } else if (divisor == 0) {
      divisor = (rows.end - rows.begin) * (columns.end - columns.begin);
    }
    const float *plane = input + cortex_m_at(params->input_strides, n, 0, 0, c);
    output[cortex_m_at(params->output_strides, n, y, x, c)] =
        sum_of(plane, params->input_strides, rows, columns) / (float)divisor;
  }
}

void cortex_m_adaptive_avg_pool2d_f32(const float *input,
                                      const cortex_m_adaptive_avg_pool2d_f32_params *params,
                                      float *output) {
  const cortex_m_dims in = params->input;
  const cortex_m_dims out = params->output;
  CORTEX_M_FOR_EACH_OUTPUT(out) {
    const cortex_m_window rows = {y * in.h / out.h, ((y + 1) * in.h + out.h - 1) / out.h};
    const cortex_m_window columns = {x * in.w / out.w, ((x + 1) * in.w + out.w - 1) / out.w};
    const float *plane = input + cortex_m_at(params->input_strides, n, 0, 0, c);
    const int32_t count = (rows.end - rows.begin) * (columns.end - columns.begin);
    output[cortex_m_at(params->output_strides, n, y, x, c)] =
        sum_of(plane, params->input_strides, rows, columns) / (float)count;
  }
}
