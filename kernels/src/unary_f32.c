// SPDX-License-Identifier: Apache-2.0
#include <math.h>

#include "cortex_m/kernels/unary.h"

/** Defines cortex_m_<name>_f32: output = expression, of x. */
#define UNARY(name, expression)                                                                  \
  void cortex_m_##name##_f32(const float *input, const cortex_m_##name##_f32_params *params,     \
                             float *output) {                                                    \
    for (int32_t i = 0; i < params->count; ++i) {                                                \
      const float x = input[i];                                                                  \
      output[i] = expression;                                                                    \
    }                                                                                            \
  }

static const float root_half = 0.707106781f;
static const float root_two_over_pi = 0.797884561f;

static inline float clamp(float x, const cortex_m_clamp_f32_params *params) {
  if ((params->unbounded & 1) == 0 && x < params->minimum) {
    x = params->minimum;
  }
  if ((params->unbounded & 2) == 0 && x > params->maximum) {
    x = params->maximum;
  }
  return x;
}

UNARY(neg, -x)
UNARY(abs, fabsf(x))
UNARY(relu, x < 0.0f ? 0.0f : x)
UNARY(sqrt, sqrtf(x))
UNARY(rsqrt, 1.0f / sqrtf(x))
UNARY(reciprocal, 1.0f / x)
UNARY(cube, x *x *x)
UNARY(floor, floorf(x))
UNARY(ceil, ceilf(x))
UNARY(round, rintf(x))
UNARY(trunc, truncf(x))
UNARY(sign, (float)((x > 0.0f) - (x < 0.0f)))
UNARY(exp, expf(x))
UNARY(expm1, expm1f(x))
UNARY(log, logf(x))
UNARY(log1p, log1pf(x))
UNARY(sigmoid, 1.0f / (1.0f + expf(-x)))
UNARY(tanh, tanhf(x))
UNARY(erf, erff(x))
UNARY(sin, sinf(x))
UNARY(cos, cosf(x))
UNARY(gelu, x * 0.5f * (1.0f + erff(x * root_half)))
UNARY(gelu_tanh, 0.5f * x * (1.0f + tanhf(root_two_over_pi * (x + 0.044715f * (x * x * x)))))
UNARY(silu, x / (1.0f + expf(-x)))
UNARY(clamp, clamp(x, params))
UNARY(leaky_relu, x > 0.0f ? x : x * params->negative_slope)
UNARY(elu, x > 0.0f ? x * params->scale
                    : expm1f(x * params->input_scale) * (params->alpha * params->scale))
