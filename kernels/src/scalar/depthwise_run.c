// SPDX-License-Identifier: Apache-2.0
#include "depthwise_run.h"

/** The weights of one channel, 0 in rows outside, and what a column of padding adds. */
typedef struct {
  int32_t w[9];      /**< row by row */
  int32_t start;     /**< of every sum: the rows outside */
  int32_t column[3]; /**< padding times the weights of a column */
} filter;

/** Row `row` of the filter. */
static inline void load_row(const cortex_m_run *run, const int8_t *weight, int32_t row,
                            filter *to) {
  weight += row * run->weight_row;
  int32_t w_0 = weight[0];
  int32_t w_1 = weight[run->weight_step];
  int32_t w_2 = weight[2 * run->weight_step];
  if ((run->rows_outside >> row & 1) != 0) {
    to->start += (w_0 + w_1 + w_2) * run->padding;
    w_0 = 0;
    w_1 = 0;
    w_2 = 0;
  }
  to->w[3 * row] = w_0;
  to->w[3 * row + 1] = w_1;
  to->w[3 * row + 2] = w_2;
}

static inline __attribute__((always_inline)) filter load(const cortex_m_run *run,
                                                         const int8_t *weight) {
  filter found;
  found.start = 0;
  load_row(run, weight, 0, &found);
  load_row(run, weight, 1, &found);
  load_row(run, weight, 2, &found);
  const int32_t *w = found.w;
  found.column[0] = (w[0] + w[3] + w[6]) * run->padding;
  found.column[1] = (w[1] + w[4] + w[7]) * run->padding;
  found.column[2] = (w[2] + w[5] + w[8]) * run->padding;
  return found;
}

void cortex_m_depthwise_run(const cortex_m_run *run, const int8_t *pixel,
                            const int8_t *weight, int32_t *sums) {
  const filter by = load(run, weight);
  const int32_t second = run->second;
  const int32_t third = run->third;
  const int32_t step = run->step;
  // A column adds to three sums: that which it completes, the next one, and that after it.
  int32_t next = by.start;
  int32_t after = by.start;
  for (int32_t i = run->before; i > 0; --i) {
    *sums++ = next + by.column[2];
    next = after + by.column[1];
    after = by.start + by.column[0];
  }
  for (const int32_t *end = sums + run->inside; sums != end;) {
    const int32_t x = pixel[0];
    const int32_t y = pixel[second];
    const int32_t z = pixel[third];
    pixel += step;
    *sums++ = next + x * by.w[2] + y * by.w[5] + z * by.w[8];
    next = after + x * by.w[1] + y * by.w[4] + z * by.w[7];
    after = by.start + x * by.w[0] + y * by.w[3] + z * by.w[6];
  }
  for (int32_t i = run->after; i > 0; --i) {
    *sums++ = next + by.column[2];
    next = after + by.column[1];
    after = by.start + by.column[0];
  }
}

void cortex_m_depthwise_run_2(const cortex_m_run *run, const int8_t *pixel,
                              const int8_t *weight, int32_t *sums) {
  const filter by = load(run, weight);
  const int32_t second = run->second;
  const int32_t third = run->third;
  const int32_t step = run->step;
  // An even column completes a sum and starts the next one; an odd one is in its middle.
  int32_t next = by.start;
  int32_t is_odd = 0;
  for (int32_t i = run->before; i > 0; --i) {
    if (is_odd) {
      next += by.column[1];
    } else {
      *sums++ = next + by.column[2];
      next = by.start + by.column[0];
    }
    is_odd ^= 1;
  }
  for (int32_t i = run->inside; i > 0; --i) {
    if (!is_odd) {
      const int32_t x = pixel[0];
      const int32_t y = pixel[second];
      const int32_t z = pixel[third];
      pixel += step;
      *sums++ = next + x * by.w[2] + y * by.w[5] + z * by.w[8];
      next = by.start + x * by.w[0] + y * by.w[3] + z * by.w[6];
      is_odd = 1;
      if (--i == 0) {
        break;
      }
    }
    next += pixel[0] * by.w[1] + pixel[second] * by.w[4] + pixel[third] * by.w[7];
    pixel += step;
    is_odd = 0;
  }
  for (int32_t i = run->after; i > 0; --i) {
    if (is_odd) {
      next += by.column[1];
    } else {
      *sums++ = next + by.column[2];
      next = by.start + by.column[0];
    }
    is_odd ^= 1;
  }
}
