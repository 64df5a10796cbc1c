// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/softmax_f32.h"

#include <math.h>

/** The largest of `size` elements, `step` apart; NaN if one is. */
static float largest(const float *input, int32_t size, int32_t step) {
  float most = *input;
  for (int32_t i = 1; i < size; ++i) {
    input += step;
    if (*input > most || *input != *input) {
      most = *input;
    }
  }
  return most;
}

static void softmax(const float *input, int32_t size, int32_t step, float *output) {
  const float most = largest(input, size, step);
  float sum = 0.0f;
  for (int32_t i = 0; i < size; ++i) {
    const float power = expf(input[i * step] - most);
    output[i * step] = power;
    sum += power;
  }
  for (int32_t i = 0; i < size; ++i) {
    output[i * step] /= sum;
  }
}

static void log_softmax(const float *input, int32_t size, int32_t step, float *output) {
  const float most = largest(input, size, step);
  float sum = 0.0f;
  for (int32_t i = 0; i < size; ++i) {
    sum += expf(input[i * step] - most);
  }
  const float log_sum = logf(sum);
  for (int32_t i = 0; i < size; ++i) {
    output[i * step] = input[i * step] - most - log_sum;
  }
}

void cortex_m_softmax_f32(const float *input, const cortex_m_softmax_f32_params *params,
                          float *output) {
  for (int32_t outer = 0; outer < params->outer; ++outer) {
    for (int32_t inner = 0; inner < params->inner; ++inner) {
      softmax(input + inner, params->size, params->inner, output + inner);
    }
    input += params->size * params->inner;
    output += params->size * params->inner;
  }
}

void cortex_m_log_softmax_f32(const float *input, const cortex_m_log_softmax_f32_params *params,
                              float *output) {
  for (int32_t outer = 0; outer < params->outer; ++outer) {
    for (int32_t inner = 0; inner < params->inner; ++inner) {
      log_softmax(input + inner, params->size, params->inner, output + inner);
    }
    input += params->size * params->inner;
    output += params->size * params->inner;
  }
}
