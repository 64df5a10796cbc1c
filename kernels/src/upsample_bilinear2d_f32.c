// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/upsample.h"
#include "pool2d_f32.h"

/** The two rows or columns around a position, and how near it is to the second. */
typedef struct {
  int32_t first;
  int32_t second;
  float weight;
} between;

static between find(int32_t output, float scale, int32_t extent, int32_t align_corners) {
  float position = align_corners != 0 ? (float)output * scale
                                      : ((float)output + 0.5f) * scale - 0.5f;
  position = position < 0.0f ? 0.0f : position;
  int32_t first = (int32_t)position;
  first = first < extent ? first : extent - 1;
  float weight = position - (float)first;
  weight = weight > 1.0f ? 1.0f : weight;
  return (between){first, first + 1 < extent ? first + 1 : first, weight};
}

void cortex_m_upsample_bilinear2d_f32(const float *input,
                                      const cortex_m_upsample_bilinear2d_f32_params *params,
                                      float *output) {
  const cortex_m_dims from = params->input_strides;
  CORTEX_M_FOR_EACH_OUTPUT(params->output) {
    const between rows = find(y, params->scale_h, params->input.h, params->align_corners);
    const between columns = find(x, params->scale_w, params->input.w, params->align_corners);
    const float *plane = input + cortex_m_at(from, n, 0, 0, c);
    const float *above = plane + rows.first * from.h;
    const float *below = plane + rows.second * from.h;
    const float left = 1.0f - columns.weight;
    const float top = left * above[columns.first * from.w] +
                      columns.weight * above[columns.second * from.w];
    const float bottom = left * below[columns.first * from.w] +
                         columns.weight * below[columns.second * from.w];
    output[cortex_m_at(params->output_strides, n, y, x, c)] =
        (1.0f - rows.weight) * top + rows.weight * bottom;
  }
}
