// SPDX-License-Identifier: Apache-2.0
/**
 * Walks a broadcast elementwise operator in runs whose elements lie next to each other in both
 * operands, as dense kernels want them: those that do not are copied. Private.
 */
#ifndef CORTEX_M_KERNELS_DENSE_ROWS_H
#define CORTEX_M_KERNELS_DENSE_ROWS_H

#include <stdint.h>

#include "rows.h"

/** Elements that are copied at once. */
#define CORTEX_M_DENSE_ELEMENTS 64

/** The present run, and what is needed to find the next one. */
typedef struct {
  const int8_t *self; /**< the run's operands */
  const int8_t *other;
  int32_t count;      /**< its elements; 0 before the first run */
  int32_t done;       /**< elements of the row before the run */
  int8_t self_flip;   /**< -1: every bit of the operand is inverted; else 0 */
  int8_t other_flip;
  const int8_t *self_start;
  const int8_t *other_start;
  const cortex_m_broadcast *shape;
  cortex_m_row row;
  int8_t self_copies[CORTEX_M_DENSE_ELEMENTS];
  int8_t other_copies[CORTEX_M_DENSE_ELEMENTS];
} cortex_m_dense_rows;

/** Before the first run; nothing is inverted. */
void cortex_m_begin_dense_rows(cortex_m_dense_rows *rows, const int8_t *self, const int8_t *other,
                               const cortex_m_broadcast *shape);

/** Goes on to the next run; 0 after the last one. */
int cortex_m_next_dense_run(cortex_m_dense_rows *rows);

/** The shape of a run of `count` elements. */
cortex_m_broadcast cortex_m_dense_shape(int32_t count);

#endif  // CORTEX_M_KERNELS_DENSE_ROWS_H
