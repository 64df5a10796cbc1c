// SPDX-License-Identifier: Apache-2.0
/** The loop of the elementwise operators of two operands. Private. */
#ifndef CORTEX_M_KERNELS_SRC_BINARY_H
#define CORTEX_M_KERNELS_SRC_BINARY_H

#include <stddef.h>

#include "cortex_m/kernels/binary.h"
#include "rows.h"

/**
 * Defines cortex_m_<name>_<suffix>: output = expression, of a and b.
 *
 * A null operand is a copy of the scalar on the stack, with strides of 0.
 */
#define CORTEX_M_BINARY(name, suffix, type, result, expression)                                  \
  void cortex_m_##name##_##suffix(const type *self, const type *other,                           \
                                  const cortex_m_##name##_##suffix##_params *params,             \
                                  result *output) {                                              \
    const type scalar = (type)params->scalar;                                                    \
    const type *const first = self != NULL ? self : &scalar;                                     \
    const type *const second = other != NULL ? other : &scalar;                                  \
    const int32_t self_step = cortex_m_self_step(&params->shape);                                \
    const int32_t other_step = cortex_m_other_step(&params->shape);                              \
    cortex_m_row row = {0};                                                                      \
    do {                                                                                         \
      const type *left = first + row.self;                                                       \
      const type *right = second + row.other;                                                    \
      for (int32_t count = cortex_m_row_count(&params->shape); count > 0; --count) {             \
        const type a = *left;                                                                    \
        const type b = *right;                                                                   \
        *output++ = (result)(expression);                                                        \
        left += self_step;                                                                       \
        right += other_step;                                                                     \
      }                                                                                          \
    } while (cortex_m_next_row(&params->shape, &row));                                           \
  }

#endif  // CORTEX_M_KERNELS_SRC_BINARY_H
