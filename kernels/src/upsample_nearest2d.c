// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "cortex_m/kernels/upsample.h"
#include "pool2d_f32.h"

static int32_t nearest(int32_t output, float scale, int32_t extent) {
  const int32_t index = (int32_t)((float)output * scale);
  return index < extent ? index : extent - 1;
}

void cortex_m_upsample_nearest2d(const void *input,
                                 const cortex_m_upsample_nearest2d_params *params, void *output) {
  const int32_t bytes = params->element_bytes;
  const uint8_t *source = input;
  uint8_t *target = output;
  CORTEX_M_FOR_EACH_OUTPUT(params->output) {
    const int32_t input_y = nearest(y, params->scale_h, params->input.h);
    const int32_t input_x = nearest(x, params->scale_w, params->input.w);
    const int32_t from = cortex_m_at(params->input_strides, n, input_y, input_x, c);
    const int32_t to = cortex_m_at(params->output_strides, n, y, x, c);
    memcpy(target + to * bytes, source + from * bytes, (size_t)bytes);
  }
}
