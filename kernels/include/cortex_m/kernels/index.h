// SPDX-License-Identifier: Apache-2.0
/** Selection by tensors of indices. */
#ifndef CORTEX_M_KERNELS_INDEX_H
#define CORTEX_M_KERNELS_INDEX_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most dimensions that are indexed, and the most dimensions of the indices. */
#define CORTEX_M_INDEX_RANK 4

/** CORTEX_M_INDEX_RANK squared. */
#define CORTEX_M_INDEX_STRIDES 16

typedef struct {
  int32_t outer;       /**< elements of the input's dimensions before the indexed ones */
  int32_t inner_bytes; /**< bytes of the input's dimensions after them */
  int32_t index_bytes; /**< 4 or 8: int32 or int64 */
  int32_t indexed;     /**< dimensions that are indexed, 1 .. CORTEX_M_INDEX_RANK */
  int32_t sizes[CORTEX_M_INDEX_RANK]; /**< their sizes */
  int32_t rank; /**< dimensions of the indices, broadcast together, 0 .. CORTEX_M_INDEX_RANK */
  int32_t dims[CORTEX_M_INDEX_RANK];       /**< their sizes */
  int32_t strides[CORTEX_M_INDEX_STRIDES]; /**< of index tensor t by dimension d, in elements, at
                                                [t * CORTEX_M_INDEX_RANK + d] */
} cortex_m_index_params;

/**
 * output[o][j...][inner] = input[o][index_0[j...]][index_1[j...]]...[inner], where neighbouring
 * dimensions are indexed (ATen's index, index_select and embedding).
 *
 * A negative index counts from the end. An index outside the dimension, which PyTorch refuses, is
 * taken for the nearest one inside: nothing outside the input is read.
 *
 * Args:
 *   input: elements of any type.
 *   index_0 .. index_3: int32 or int64; those from `indexed` on are not read.
 *   output: elements of the input's type.
 */
void cortex_m_index(const void *input, const void *index_0, const void *index_1,
                    const void *index_2, const void *index_3, const cortex_m_index_params *params,
                    void *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_INDEX_H
