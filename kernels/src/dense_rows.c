// SPDX-License-Identifier: Apache-2.0
#include "dense_rows.h"

#include <string.h>

/**
 * `count` elements, `step` apart, next to each other: in place or in `copies`. `done`: elements of
 * the row that came before.
 */
static const int8_t *dense(const int8_t *from, int32_t step, int8_t flip, int32_t count,
                           int32_t done, int8_t *copies) {
  if (step == 1 && flip == 0) {
    return from;
  }
  if (step == 0) {
    if (done == 0) {  // the first run is the longest
      memset(copies, *from ^ flip, (size_t)count);
    }
    return copies;
  }
  for (int32_t i = 0; i < count; ++i) {
    copies[i] = *from ^ flip;
    from += step;
  }
  return copies;
}

void cortex_m_begin_dense_rows(cortex_m_dense_rows *rows, const int8_t *self, const int8_t *other,
                               const cortex_m_broadcast *shape) {
  rows->count = 0;
  rows->done = 0;
  rows->self_flip = 0;
  rows->other_flip = 0;
  rows->self_start = self;
  rows->other_start = other;
  rows->shape = shape;
  rows->row = (cortex_m_row){0};
}

int cortex_m_next_dense_run(cortex_m_dense_rows *rows) {
  const cortex_m_broadcast *shape = rows->shape;
  const int32_t self_step = cortex_m_self_step(shape);
  const int32_t other_step = cortex_m_other_step(shape);
  rows->done += rows->count;
  if (rows->done == cortex_m_row_count(shape)) {
    if (!cortex_m_next_row(shape, &rows->row)) {
      return 0;
    }
    rows->done = 0;
  }
  const int32_t left = cortex_m_row_count(shape) - rows->done;
  const int flipped = (rows->self_flip | rows->other_flip) != 0;
  const int copied = flipped || self_step != 1 || other_step != 1;
  rows->count = copied && left > CORTEX_M_DENSE_ELEMENTS ? CORTEX_M_DENSE_ELEMENTS : left;
  rows->self = dense(rows->self_start + rows->row.self + rows->done * self_step, self_step,
                     rows->self_flip, rows->count, rows->done, rows->self_copies);
  rows->other = dense(rows->other_start + rows->row.other + rows->done * other_step, other_step,
                      rows->other_flip, rows->count, rows->done, rows->other_copies);
  return 1;
}

cortex_m_broadcast cortex_m_dense_shape(int32_t count) {
  return (cortex_m_broadcast){1, {count}, {1}, {1}};
}
