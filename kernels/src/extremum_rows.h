// SPDX-License-Identifier: Apache-2.0
/** What minimum and maximum share. Private. */
#ifndef CORTEX_M_KERNELS_EXTREMUM_ROWS_H
#define CORTEX_M_KERNELS_EXTREMUM_ROWS_H

#include "cortex_m/kernels/extremum.h"
#include "dense_rows.h"

/** Defines cortex_m_<op>, which takes `type` and keeps *a of a pair where *a `better` *b. */
#define CORTEX_M_DEFINE_EXTREMUM(op, type, better)                                           \
  void cortex_m_##op(const type *self, const type *other, const cortex_m_##op##_params *params, \
                     type *output) {                                                         \
    const int32_t self_step = cortex_m_self_step(&params->shape);                            \
    const int32_t other_step = cortex_m_other_step(&params->shape);                          \
    cortex_m_row row = {0};                                                                  \
    do {                                                                                     \
      const type *a = self + row.self;                                                       \
      const type *b = other + row.other;                                                     \
      for (int32_t left = cortex_m_row_count(&params->shape); left > 0; --left) {            \
        *output++ = *a better *b ? *a : *b;                                                  \
        a += self_step;                                                                      \
        b += other_step;                                                                     \
      }                                                                                      \
    } while (cortex_m_next_row(&params->shape, &row));                                       \
  }

/** Defines cortex_m_<op> of int8 by `run(self, other, count, output)`, for dense operands. */
#define CORTEX_M_DEFINE_DENSE_EXTREMUM(op, run)                              \
  void cortex_m_##op(const int8_t *self, const int8_t *other,                \
                     const cortex_m_##op##_params *params, int8_t *output) { \
    cortex_m_dense_rows rows;                                                \
    cortex_m_begin_dense_rows(&rows, self, other, &params->shape);           \
    while (cortex_m_next_dense_run(&rows)) {                                 \
      run(rows.self, rows.other, rows.count, output);                        \
      output += rows.count;                                                  \
    }                                                                        \
  }

#endif  // CORTEX_M_KERNELS_EXTREMUM_ROWS_H
