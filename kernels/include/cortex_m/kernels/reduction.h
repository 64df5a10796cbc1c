// SPDX-License-Identifier: Apache-2.0
/** Sums, means and extremes over dimensions. Formula: ATen's operator of the name. */
#ifndef CORTEX_M_KERNELS_REDUCTION_H
#define CORTEX_M_KERNELS_REDUCTION_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most dimensions that are kept, and the most that are reduced. */
#define CORTEX_M_REDUCTION_RANK 6

typedef struct {
  int32_t kept;    /**< dimensions of the output, 0 .. CORTEX_M_REDUCTION_RANK */
  int32_t reduced; /**< dimensions reduced, 0 .. CORTEX_M_REDUCTION_RANK */
  int32_t kept_dims[CORTEX_M_REDUCTION_RANK];       /**< in the output's memory order */
  int32_t kept_strides[CORTEX_M_REDUCTION_RANK];    /**< in the input, in elements */
  int32_t reduced_dims[CORTEX_M_REDUCTION_RANK];    /**< in logical order, outermost first */
  int32_t reduced_strides[CORTEX_M_REDUCTION_RANK]; /**< in the input, in elements */
} cortex_m_reduction_params;

typedef cortex_m_reduction_params cortex_m_sum_f32_params;
typedef cortex_m_reduction_params cortex_m_mean_f32_params;
typedef cortex_m_reduction_params cortex_m_amax_f32_params;
typedef cortex_m_reduction_params cortex_m_amin_f32_params;
typedef cortex_m_reduction_params cortex_m_argmax_f32_params;
typedef cortex_m_reduction_params cortex_m_argmin_f32_params;

/**
 * Sum, compensated (Kahan), so that it is within one ulp of the exact one while the terms have one
 * sign; PyTorch's own, in blocks, is within a few ulps of the sum of the terms' magnitudes.
 *
 * Args:
 *   input: float32, in any memory order.
 *   output: float32, dense.
 */
void cortex_m_sum_f32(const float *input, const cortex_m_sum_f32_params *params, float *output);

/** The sum as cortex_m_sum_f32, divided by the number of its terms. */
void cortex_m_mean_f32(const float *input, const cortex_m_mean_f32_params *params, float *output);

/** The largest element; NaN if there is one. Exact, as are those below. */
void cortex_m_amax_f32(const float *input, const cortex_m_amax_f32_params *params, float *output);

/** The smallest element; NaN if there is one. */
void cortex_m_amin_f32(const float *input, const cortex_m_amin_f32_params *params, float *output);

/** Where, among the reduced ones, the first largest element is; the first NaN if there is one. */
void cortex_m_argmax_f32(const float *input, const cortex_m_argmax_f32_params *params,
                         int64_t *output);

/** Where, among the reduced ones, the first smallest element is; the first NaN if there is one. */
void cortex_m_argmin_f32(const float *input, const cortex_m_argmin_f32_params *params,
                         int64_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_REDUCTION_H
