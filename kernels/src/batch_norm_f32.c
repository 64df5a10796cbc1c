// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stddef.h>

#include "cortex_m/kernels/normalization_f32.h"

void cortex_m_batch_norm_f32(const float *input, const float *weight, const float *bias,
                             const float *mean, const float *variance,
                             const cortex_m_batch_norm_f32_params *params, float *output) {
  for (int32_t channel = 0; channel < params->channels; ++channel) {
    // As PyTorch does: one factor and one term for all elements of the channel.
    const float factor = (1.0f / sqrtf(variance[channel] + params->epsilon)) *
                         (weight != NULL ? weight[channel] : 1.0f);
    const float term = (bias != NULL ? bias[channel] : 0.0f) - mean[channel] * factor;
    for (int32_t outer = 0; outer < params->outer; ++outer) {
      const int32_t start = (outer * params->channels + channel) * params->inner;
      for (int32_t i = start; i < start + params->inner; ++i) {
        output[i] = input[i] * factor + term;
      }
    }
  }
}
