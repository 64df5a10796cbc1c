// SPDX-License-Identifier: Apache-2.0
/**
 * Elementwise functions of float32 tensors, and a few of integers. Formula: ATen's operator of the
 * name.
 *
 * Exact where a comment says so: every bit is PyTorch's CPU result, NaN's payload apart. For the
 * others the distance from PyTorch's result is stated in ulps (units in the last place) of that
 * result; PyTorch itself is within one ulp of the true value. Subnormal results may be 0.
 *
 * Args of all of them:
 *   input, output: count elements in the same memory order.
 */
#ifndef CORTEX_M_KERNELS_UNARY_H
#define CORTEX_M_KERNELS_UNARY_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t count;
} cortex_m_unary_params;

/** -x. Exact. */
typedef cortex_m_unary_params cortex_m_neg_f32_params;
void cortex_m_neg_f32(const float *input, const cortex_m_neg_f32_params *params, float *output);

/** |x|. Exact. */
typedef cortex_m_unary_params cortex_m_abs_f32_params;
void cortex_m_abs_f32(const float *input, const cortex_m_abs_f32_params *params, float *output);

/** The larger of x and 0. Exact. */
typedef cortex_m_unary_params cortex_m_relu_f32_params;
void cortex_m_relu_f32(const float *input, const cortex_m_relu_f32_params *params, float *output);

/** Square root, correctly rounded: within 1 ulp. */
typedef cortex_m_unary_params cortex_m_sqrt_f32_params;
void cortex_m_sqrt_f32(const float *input, const cortex_m_sqrt_f32_params *params, float *output);

/** 1 / sqrt(x). Exact. */
typedef cortex_m_unary_params cortex_m_rsqrt_f32_params;
void cortex_m_rsqrt_f32(const float *input, const cortex_m_rsqrt_f32_params *params, float *output);

/** 1 / x. Exact. */
typedef cortex_m_unary_params cortex_m_reciprocal_f32_params;
void cortex_m_reciprocal_f32(const float *input, const cortex_m_reciprocal_f32_params *params, float *output);

/** x * x * x. Exact. */
typedef cortex_m_unary_params cortex_m_cube_f32_params;
void cortex_m_cube_f32(const float *input, const cortex_m_cube_f32_params *params, float *output);

/** The largest integer that is not larger. Exact. */
typedef cortex_m_unary_params cortex_m_floor_f32_params;
void cortex_m_floor_f32(const float *input, const cortex_m_floor_f32_params *params, float *output);

/** The smallest integer that is not smaller. Exact. */
typedef cortex_m_unary_params cortex_m_ceil_f32_params;
void cortex_m_ceil_f32(const float *input, const cortex_m_ceil_f32_params *params, float *output);

/** The nearest integer, ties to even. Exact. */
typedef cortex_m_unary_params cortex_m_round_f32_params;
void cortex_m_round_f32(const float *input, const cortex_m_round_f32_params *params, float *output);

/** Towards zero. Exact. */
typedef cortex_m_unary_params cortex_m_trunc_f32_params;
void cortex_m_trunc_f32(const float *input, const cortex_m_trunc_f32_params *params, float *output);

/** -1, 0 or 1. Exact. */
typedef cortex_m_unary_params cortex_m_sign_f32_params;
void cortex_m_sign_f32(const float *input, const cortex_m_sign_f32_params *params, float *output);

/** e^x, within 2 ulps. */
typedef cortex_m_unary_params cortex_m_exp_f32_params;
void cortex_m_exp_f32(const float *input, const cortex_m_exp_f32_params *params, float *output);

/** e^x - 1, within 2 ulps. */
typedef cortex_m_unary_params cortex_m_expm1_f32_params;
void cortex_m_expm1_f32(const float *input, const cortex_m_expm1_f32_params *params, float *output);

/** Natural logarithm, within 2 ulps. */
typedef cortex_m_unary_params cortex_m_log_f32_params;
void cortex_m_log_f32(const float *input, const cortex_m_log_f32_params *params, float *output);

/** log(1 + x), within 2 ulps. */
typedef cortex_m_unary_params cortex_m_log1p_f32_params;
void cortex_m_log1p_f32(const float *input, const cortex_m_log1p_f32_params *params, float *output);

/** 1 / (1 + e^-x), within 3 ulps. */
typedef cortex_m_unary_params cortex_m_sigmoid_f32_params;
void cortex_m_sigmoid_f32(const float *input, const cortex_m_sigmoid_f32_params *params, float *output);

/** Hyperbolic tangent, within 3 ulps. */
typedef cortex_m_unary_params cortex_m_tanh_f32_params;
void cortex_m_tanh_f32(const float *input, const cortex_m_tanh_f32_params *params, float *output);

/** Error function, within 2 ulps. */
typedef cortex_m_unary_params cortex_m_erf_f32_params;
void cortex_m_erf_f32(const float *input, const cortex_m_erf_f32_params *params, float *output);

/** Sine, within 2 ulps. */
typedef cortex_m_unary_params cortex_m_sin_f32_params;
void cortex_m_sin_f32(const float *input, const cortex_m_sin_f32_params *params, float *output);

/** Cosine, within 2 ulps. */
typedef cortex_m_unary_params cortex_m_cos_f32_params;
void cortex_m_cos_f32(const float *input, const cortex_m_cos_f32_params *params, float *output);

/** x / 2 * (1 + erf(x / sqrt(2))), within 4 ulps of x. */
typedef cortex_m_unary_params cortex_m_gelu_f32_params;
void cortex_m_gelu_f32(const float *input, const cortex_m_gelu_f32_params *params, float *output);

/** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))), within 4 ulps of x. */
typedef cortex_m_unary_params cortex_m_gelu_tanh_f32_params;
void cortex_m_gelu_tanh_f32(const float *input, const cortex_m_gelu_tanh_f32_params *params, float *output);

/** x / (1 + e^-x), within 4 ulps. */
typedef cortex_m_unary_params cortex_m_silu_f32_params;
void cortex_m_silu_f32(const float *input, const cortex_m_silu_f32_params *params, float *output);

/** |x|, of the smallest integer itself. Exact. */
typedef cortex_m_unary_params cortex_m_abs_s64_params;
void cortex_m_abs_s64(const int64_t *input, const cortex_m_abs_s64_params *params, int64_t *output);

/** -x, wrapping. Exact. */
typedef cortex_m_unary_params cortex_m_neg_s64_params;
void cortex_m_neg_s64(const int64_t *input, const cortex_m_neg_s64_params *params, int64_t *output);

/** 1 where x is 0, else 0: of bool tensors. */
typedef cortex_m_unary_params cortex_m_logical_not_u8_params;
void cortex_m_logical_not_u8(const uint8_t *input, const cortex_m_logical_not_u8_params *params, uint8_t *output);

typedef struct {
  int32_t count;
  float minimum;
  float maximum;
  int32_t unbounded; /**< 1: there is no minimum, 2: there is no maximum */
} cortex_m_clamp_f32_params;

/** x, but at least minimum, and then at most maximum (clamp, hardtanh). Exact. */
void cortex_m_clamp_f32(const float *input, const cortex_m_clamp_f32_params *params,
                        float *output);

typedef struct {
  int32_t count;
  int32_t minimum;
  int32_t maximum;
  int32_t unbounded; /**< 1: there is no minimum, 2: there is no maximum */
} cortex_m_clamp_s64_params;

/** x, but at least minimum, and then at most maximum. Exact. */
void cortex_m_clamp_s64(const int64_t *input, const cortex_m_clamp_s64_params *params,
                        int64_t *output);

typedef struct {
  int32_t count;
  float negative_slope;
} cortex_m_leaky_relu_f32_params;

/** x where x > 0, else x * negative_slope. Exact. */
void cortex_m_leaky_relu_f32(const float *input, const cortex_m_leaky_relu_f32_params *params,
                             float *output);

typedef struct {
  int32_t count;
  float alpha;
  float scale;
  float input_scale;
} cortex_m_elu_f32_params;

/** x * scale where x > 0, else alpha * scale * (e^(x * input_scale) - 1), within 4 ulps. */
void cortex_m_elu_f32(const float *input, const cortex_m_elu_f32_params *params, float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_UNARY_H
