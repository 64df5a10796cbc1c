// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/matmul_f32.h"

#include <stddef.h>

static float dot(const float *self, int32_t self_stride, const float *other, int32_t other_stride,
                 int32_t count) {
  float sum = 0.0f;
  for (; count > 0; --count) {
    sum += *self * *other;
    self += self_stride;
    other += other_stride;
  }
  return sum;
}

void cortex_m_matmul_f32(const float *self, const float *other, const float *bias,
                         const cortex_m_matmul_f32_params *params, float *output) {
  for (int32_t batch = 0; batch < params->batch; ++batch) {
    const float *left = self + batch * params->self_batch_stride;
    for (int32_t row = 0; row < params->rows; ++row) {
      const float *right = other + batch * params->other_batch_stride;
      for (int32_t column = 0; column < params->columns; ++column) {
        float sum = dot(left, params->self_inner_stride, right, params->other_inner_stride,
                        params->inner);
        sum *= params->alpha;
        if (bias != NULL) {
          sum += params->beta * bias[batch * params->bias_batch_stride +
                                     row * params->bias_row_stride +
                                     column * params->bias_column_stride];
        }
        *output++ = sum;
        right += params->other_column_stride;
      }
      left += params->self_row_stride;
    }
  }
}
