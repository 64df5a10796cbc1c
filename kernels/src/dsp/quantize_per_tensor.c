// SPDX-License-Identifier: Apache-2.0
#include <arm_acle.h>

#include "cortex_m/kernels/quantize.h"
#include "../support.h"

#if defined(__ARM_FP) && (__ARM_FP & 4) != 0

/** The nearest integer, ties to even, saturated; 0 for NaN. */
static inline int32_t nearest(float value) {
  float bits;  // of the integer, in a register of the FPU
  int32_t result;
  // By FPSCR's rounding mode, which the kernels require to be to nearest. lrintf would be a call.
  __asm__("vcvtr.s32.f32 %0, %1" : "=t"(bits) : "t"(value));
  memcpy(&result, &bits, sizeof result);
  return result;
}

static inline int8_t quantize(float value, int32_t zero_point) {
  const int32_t integer = nearest(value);
  if (integer == 0 && value != value) {
    return 0;
  }
  return (int8_t)__ssat(__qadd(integer, zero_point), 8);
}

/** Whether outputs may be all of int8. */
static int is_usual(const cortex_m_quantize_per_tensor_params *params) {
  return params->quant_min == INT8_MIN && params->quant_max == INT8_MAX;
}

#else

static inline int8_t quantize(float value, int32_t zero_point) {
  return cortex_m_round_to_int8(value, zero_point, INT8_MIN, INT8_MAX);
}

static int is_usual(const cortex_m_quantize_per_tensor_params *params) {
  (void)params;
  return 0;
}

#endif

void cortex_m_quantize_per_tensor(const float *input,
                                  const cortex_m_quantize_per_tensor_params *params,
                                  int8_t *output) {
  const float inverse_scale = params->inverse_scale;
  const int32_t zero_point = params->zero_point;
  const int32_t count = params->count;
  if (!is_usual(params)) {
    for (int32_t i = 0; i < count; ++i) {
      output[i] = cortex_m_round_to_int8(input[i] * inverse_scale, zero_point, params->quant_min,
                                         params->quant_max);
    }
    return;
  }
#pragma GCC unroll 4
  for (int32_t i = 0; i < count; ++i) {
    output[i] = quantize(input[i] * inverse_scale, zero_point);
  }
}
