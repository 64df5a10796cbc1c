// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_KERNELS_BROADCAST_H
#define CORTEX_M_KERNELS_BROADCAST_H

#include <stdint.h>

/** The most dimensions an elementwise operator of two operands takes. */
#define CORTEX_M_BROADCAST_RANK 6

/**
 * Shape of an elementwise operator of two operands, which may be broadcast.
 *
 * output[i0][i1]... is made of self[i0 * self_strides[0] + i1 * self_strides[1] + ...] and the same
 * of other: a stride of 0 repeats an operand along that dimension. Operands may lie in any memory
 * order. Fewer, longer dimensions are faster: the plan merges those that can be one.
 */
typedef struct {
  int32_t rank; /**< 1 .. CORTEX_M_BROADCAST_RANK; entries from there on are not read */
  int32_t output_dims[CORTEX_M_BROADCAST_RANK];   /**< in memory order, outermost first */
  int32_t self_strides[CORTEX_M_BROADCAST_RANK];  /**< in elements, by output dimension */
  int32_t other_strides[CORTEX_M_BROADCAST_RANK]; /**< in elements, by output dimension */
} cortex_m_broadcast;

#endif  // CORTEX_M_KERNELS_BROADCAST_H
