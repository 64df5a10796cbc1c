// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/matmul.h"
#include "requantize.h"
#include "../support.h"
#include "../optimized.h"

/** Columns whose sums are made before they are requantized together; a multiple of 4. */
#define COLUMNS 32

/** Products of two rows with some columns, and the sums of the columns' own elements. */
typedef struct {
  int32_t first[COLUMNS];
  int32_t second[COLUMNS];
  int32_t column[COLUMNS];
} sums;

/** Fills sums `at` and `at + 1` of two columns. */
static inline void multiply_block(const int8_t *first, const int8_t *second, const int8_t *left,
                                  const int8_t *right, int32_t inner, sums *to, int32_t at) {
  int32_t first_left = 0;
  int32_t first_right = 0;
  int32_t second_left = 0;
  int32_t second_right = 0;
  int32_t sum_left = 0;
  int32_t sum_right = 0;
  // In assembly: GCC 15 keeps one index for the four pointers and adds it before every load.
  __asm__ volatile(
      "dlstp.8 lr, %[inner]\n"
      "1:\n\t"
      "vldrb.8 q0, [%[first]], #16\n\t"
      "vldrb.8 q1, [%[left]], #16\n\t"
      "vmladava.s8 %[first_left], q0, q1\n\t"
      "vldrb.8 q2, [%[second]], #16\n\t"
      "vmladava.s8 %[second_left], q2, q1\n\t"
      "vldrb.8 q3, [%[right]], #16\n\t"
      "vmladava.s8 %[first_right], q0, q3\n\t"
      "vaddva.s8 %[sum_left], q1\n\t"
      "vmladava.s8 %[second_right], q2, q3\n\t"
      "vaddva.s8 %[sum_right], q3\n\t"
      "letp lr, 1b\n\t"
      : [first] "+&r"(first), [second] "+&r"(second), [left] "+&r"(left), [right] "+&r"(right),
        [first_left] "+&Te"(first_left), [first_right] "+&Te"(first_right),
        [second_left] "+&Te"(second_left), [second_right] "+&Te"(second_right),
        [sum_left] "+&Te"(sum_left), [sum_right] "+&Te"(sum_right)
      : [inner] "r"(inner)
      : "lr", "q0", "q1", "q2", "q3", "memory");
  to->first[at] = first_left;
  to->first[at + 1] = first_right;
  to->second[at] = second_left;
  to->second[at + 1] = second_right;
  to->column[at] = sum_left;
  to->column[at + 1] = sum_right;
}

/** What a row adds to its products: rhs_offset * sum of (lhs + lhs_offset). */
static int32_t row_term(const int8_t *row, const cortex_m_quantized_batch_matmul_params *params) {
  int32_t sum = params->inner * params->lhs_offset;
  for (int32_t left = params->inner; left > 0; left -= 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)left);
    sum = vaddvaq_p_s8(sum, vldrbq_z_s8(row, lanes), lanes);
    row += 16;
  }
  return cortex_m_wrapping_multiply(sum, params->rhs_offset);
}

/** Outputs of one row. */
static void finish(const int32_t *products, const int32_t *columns, int32_t term, int32_t count,
                   const cortex_m_quantized_batch_matmul_params *params, int8_t *output) {
  const int32_t multiplier = params->output_multiplier;
  const int32_t shift = params->output_shift;
  const int vectors = multiplier >= 0 && shift >= -31 && shift <= 0;
  const int32x4_t multipliers = vdupq_n_s32(multiplier);
  const int32x4_t shifts = vdupq_n_s32(shift);
  for (int32_t i = 0; i < count; i += 4) {
    int32x4_t value = vaddq_n_s32(vldrwq_s32(products + i), term);
    value = vmlaq_n_s32(value, vldrwq_s32(columns + i), params->lhs_offset);
    if (vectors) {
      value = cortex_m_requantize_mve(value, multipliers, shifts);
    } else {
      int32_t lanes[4];
      vstrwq_s32(lanes, value);
      for (int32_t lane = 0; lane < 4; ++lane) {
        lanes[lane] = cortex_m_requantize(lanes[lane], multiplier, shift);
      }
      value = vldrwq_s32(lanes);
    }
    value = vaddq_n_s32(value, params->output_zero_point);
    value = vminq_s32(vmaxq_s32(value, vdupq_n_s32(INT8_MIN)), vdupq_n_s32(INT8_MAX));
    vstrbq_p_s32(output + i, value, vctp32q((uint32_t)(count - i)));
  }
}

/** Two rows of the product, `apart` elements from each other: 0 makes them the same one. */
static void multiply_rows(const int8_t *lhs, int32_t apart, const int8_t *rhs,
                          const cortex_m_quantized_batch_matmul_params *params, int8_t *output) {
  const int32_t inner = params->inner;
  const int8_t *second = apart != 0 ? lhs + inner : lhs;
  const int32_t first_term = row_term(lhs, params);
  const int32_t second_term = apart != 0 ? row_term(second, params) : first_term;
  sums block;
  for (int32_t column = 0; column < params->columns; column += COLUMNS) {
    const int32_t left = params->columns - column;
    const int32_t count = left < COLUMNS ? left : COLUMNS;
    for (int32_t i = 0; i < count; i += 2) {
      multiply_block(lhs, second, rhs, i + 1 < count ? rhs + inner : rhs, inner, &block, i);
      rhs += 2 * inner;
    }
    finish(block.first, block.column, first_term, count, params, output);
    if (apart != 0) {
      finish(block.second, block.column, second_term, count, params, output + apart);
    }
    output += count;
  }
}

void cortex_m_quantized_batch_matmul(const int8_t *lhs, const int8_t *rhs_transposed,
                                     const cortex_m_quantized_batch_matmul_params *params,
                                     void *scratch, int8_t *output) {
  (void)scratch;
  const int32_t columns = params->columns;
  for (int32_t batch = 0; batch < params->batch; ++batch) {
    for (int32_t rows = params->rows; rows > 0; rows -= 2) {
      const int32_t together = rows > 1 ? 2 : 1;
      multiply_rows(lhs, rows > 1 ? columns : 0, rhs_transposed, params, output);
      lhs += together * params->inner;
      output += together * columns;
    }
    rhs_transposed += columns * params->inner;
  }
}
