// SPDX-License-Identifier: Apache-2.0
/** Walks a broadcast elementwise operator row by row. Private. */
#ifndef CORTEX_M_KERNELS_ROWS_H
#define CORTEX_M_KERNELS_ROWS_H

#include <stdint.h>

#include "cortex_m/kernels/broadcast.h"

/** One row: `count` outputs next to each other. All zero but the rest, it is the first one. */
typedef struct {
  int32_t self;  /**< where the row starts, in elements */
  int32_t other;
  int32_t index[CORTEX_M_BROADCAST_RANK];
} cortex_m_row;

/** Outputs of a row. */
static inline int32_t cortex_m_row_count(const cortex_m_broadcast *shape) {
  return shape->output_dims[shape->rank - 1];
}

/** Steps from one element of a row to the next: 1, 0 where the operand is repeated, or any. */
static inline int32_t cortex_m_self_step(const cortex_m_broadcast *shape) {
  return shape->self_strides[shape->rank - 1];
}

static inline int32_t cortex_m_other_step(const cortex_m_broadcast *shape) {
  return shape->other_strides[shape->rank - 1];
}

/** Goes on to the next row; 0 after the last one. */
static inline int cortex_m_next_row(const cortex_m_broadcast *shape, cortex_m_row *row) {
  for (int32_t dimension = shape->rank - 2; dimension >= 0; --dimension) {
    const int32_t size = shape->output_dims[dimension];
    row->self += shape->self_strides[dimension];
    row->other += shape->other_strides[dimension];
    if (++row->index[dimension] < size) {
      return 1;
    }
    row->self -= size * shape->self_strides[dimension];
    row->other -= size * shape->other_strides[dimension];
    row->index[dimension] = 0;
  }
  return 0;
}

#endif  // CORTEX_M_KERNELS_ROWS_H
