// SPDX-License-Identifier: Apache-2.0
#include <math.h>
#include <stddef.h>

#include "cortex_m/kernels/normalization_f32.h"

/** Mean and biased variance. In two passes: the square of the mean may dwarf the variance. */
static void moments(const float *input, int32_t size, float *mean, float *variance) {
  float sum = 0.0f;
  for (int32_t i = 0; i < size; ++i) {
    sum += input[i];
  }
  *mean = sum / (float)size;
  float squares = 0.0f;
  float rest = 0.0f;
  for (int32_t i = 0; i < size; ++i) {
    const float deviation = input[i] - *mean;
    squares += deviation * deviation;
    rest += deviation;
  }
  // What rounding left out of the mean: the deviations would add up to 0.
  *mean += rest / (float)size;
  *variance = (squares - rest * rest / (float)size) / (float)size;
}

void cortex_m_layer_norm_f32(const float *input, const float *weight, const float *bias,
                             const cortex_m_layer_norm_f32_params *params, float *output,
                             float *mean, float *rstd) {
  int32_t channel = 0;
  int32_t repeat = 0;
  for (int32_t group = 0; group < params->groups; ++group) {
    float center;
    float variance;
    moments(input, params->size, &center, &variance);
    const float factor = 1.0f / sqrtf(variance + params->epsilon);
    for (int32_t i = 0; i < params->size; ++i) {
      const float value = (*input++ - center) * factor;
      *output++ = value * (weight != NULL ? weight[channel] : 1.0f) +
                  (bias != NULL ? bias[channel] : 0.0f);
      if (++repeat == params->repeats) {
        repeat = 0;
        channel = channel + 1 < params->channels ? channel + 1 : 0;
      }
    }
    if (mean != NULL) {
      mean[group] = center;
    }
    if (rstd != NULL) {
      rstd[group] = factor;
    }
  }
}
