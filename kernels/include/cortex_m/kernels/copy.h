// SPDX-License-Identifier: Apache-2.0
/** Operators that move elements without changing them. */
#ifndef CORTEX_M_KERNELS_COPY_H
#define CORTEX_M_KERNELS_COPY_H

#include <stdint.h>

#include "cortex_m/kernels/dims.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t element_bytes; /**< 1, 2 or 4 */
  cortex_m_dims input;   /**< in memory order; leading ones where the rank is lower */
  int32_t pre[4];        /**< elements added before, per dimension; negative removes */
  int32_t post[4];       /**< elements added after, per dimension; negative removes */
  int32_t value;         /**< its low element_bytes bytes are the constant's */
} cortex_m_pad_params;

/**
 * Surrounds the input with a constant. Formula: operators.py, pad_impl.
 *
 * Args:
 *   input: elements of element_bytes, aligned to that; four dimensions.
 *   output: as the input; dimension i has input + pre[i] + post[i] elements.
 */
void cortex_m_pad(const void *input, const cortex_m_pad_params *params, void *output);

/** The most dimensions cortex_m_permute_copy takes. */
#define CORTEX_M_PERMUTE_COPY_RANK 6

typedef struct {
  int32_t element_bytes; /**< 1, 2, 4 or 8 */
  int32_t rank;          /**< 0 .. CORTEX_M_PERMUTE_COPY_RANK */
  int32_t output_dims[CORTEX_M_PERMUTE_COPY_RANK];    /**< outermost first */
  int32_t input_strides[CORTEX_M_PERMUTE_COPY_RANK];  /**< in elements, by output dimension */
  int32_t output_strides[CORTEX_M_PERMUTE_COPY_RANK]; /**< as input_strides, none 0 */
} cortex_m_permute_copy_params;

/**
 * output[i0 * output_strides[0] + i1 * output_strides[1] + ...] =
 *     input[i0 * input_strides[0] + i1 * input_strides[1] + ...]
 *
 * Any permutation and change of memory order; with an input stride of 0 repetition, with a negative
 * one reversal; with gaps between the strides, a part of a larger input or output. What lies in the
 * gaps of the output stays as it is.
 *
 * Args:
 *   input, output: elements of element_bytes, aligned to that.
 */
void cortex_m_permute_copy(const void *input, const cortex_m_permute_copy_params *params,
                           void *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_COPY_H
