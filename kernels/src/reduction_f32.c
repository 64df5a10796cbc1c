// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/reduction.h"

#include "walk.h"

/** Goes through the elements that become one element of the output. */
#define FOR_EACH_REDUCED(params, walk) \
  for (cortex_m_walk walk = {0}; !walk.done; \
       cortex_m_step(&walk, (params)->reduced, (params)->reduced_dims, (params)->reduced_strides))

/** Goes through the elements of the output. */
#define FOR_EACH_KEPT(params, walk) \
  for (cortex_m_walk walk = {0}; !walk.done; \
       cortex_m_step(&walk, (params)->kept, (params)->kept_dims, (params)->kept_strides))

static float sum(const float *input, const cortex_m_reduction_params *params) {
  float total = 0.0f;
  float lost = 0.0f;
  FOR_EACH_REDUCED(params, walk) {
    const float term = input[walk.at] - lost;
    const float next = total + term;
    const float error = (next - total) - term;
    lost = error - error == 0.0f ? error : 0.0f;  // nothing is lost from an infinite sum
    total = next;
  }
  return total;
}

void cortex_m_sum_f32(const float *input, const cortex_m_sum_f32_params *params, float *output) {
  FOR_EACH_KEPT(params, walk) { *output++ = sum(input + walk.at, params); }
}

void cortex_m_mean_f32(const float *input, const cortex_m_mean_f32_params *params,
                       float *output) {
  float count = 1.0f;
  for (int32_t i = 0; i < params->reduced; ++i) {
    count *= (float)params->reduced_dims[i];
  }
  FOR_EACH_KEPT(params, walk) { *output++ = sum(input + walk.at, params) / count; }
}

/** The first element that is the largest, or with a sign of -1 the smallest, or not a number. */
static int32_t extreme(const float *input, const cortex_m_reduction_params *params, float sign,
                       int32_t *number) {
  int32_t best = 0;
  int32_t i = 0;
  *number = 0;
  FOR_EACH_REDUCED(params, walk) {
    const float value = input[walk.at];
    const float most = input[best];
    if (most == most && (sign * value > sign * most || value != value)) {
      best = walk.at;
      *number = i;
    }
    ++i;
  }
  return best;
}

void cortex_m_amax_f32(const float *input, const cortex_m_amax_f32_params *params,
                       float *output) {
  int32_t number;
  FOR_EACH_KEPT(params, walk) {
    *output++ = input[walk.at + extreme(input + walk.at, params, 1.0f, &number)];
  }
}

void cortex_m_amin_f32(const float *input, const cortex_m_amin_f32_params *params,
                       float *output) {
  int32_t number;
  FOR_EACH_KEPT(params, walk) {
    *output++ = input[walk.at + extreme(input + walk.at, params, -1.0f, &number)];
  }
}

void cortex_m_argmax_f32(const float *input, const cortex_m_argmax_f32_params *params,
                         int64_t *output) {
  int32_t number;
  FOR_EACH_KEPT(params, walk) {
    extreme(input + walk.at, params, 1.0f, &number);
    *output++ = number;
  }
}

void cortex_m_argmin_f32(const float *input, const cortex_m_argmin_f32_params *params,
                         int64_t *output) {
  int32_t number;
  FOR_EACH_KEPT(params, walk) {
    extreme(input + walk.at, params, -1.0f, &number);
    *output++ = number;
  }
}
