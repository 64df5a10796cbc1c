// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/add.h"
#include "dense_rows.h"
#include "support.h"

/** Fraction bits an operand gains before it is scaled (the reference's SHIFT_INT8). */
#define FRACTION_BITS 20

/** How an operand becomes a value of the common scale. */
typedef struct {
  int32_t zero_point;
  int32_t factor;
  int32_t multiplier;
  int32_t shift;
} scaling;

/** A subtrahend's multiplier is negative, which requantization is slow for: negates the value. */
static scaling scaling_of(int32_t zero_point, int32_t multiplier, int32_t shift) {
  // For zero points near those of int8 the value cannot be the one whose negative overflows.
  if (multiplier < 0 && multiplier != INT32_MIN && zero_point >= -1024 && zero_point <= 1024) {
    return (scaling){zero_point, -(1 << FRACTION_BITS), -multiplier, shift};
  }
  return (scaling){zero_point, 1 << FRACTION_BITS, multiplier, shift};
}

static inline int32_t rescale(int8_t value, const scaling *by) {
  const int32_t shifted = cortex_m_wrapping_multiply(value - by->zero_point, by->factor);
  return cortex_m_requantize(shifted, by->multiplier, by->shift);
}

static void add_row(const int8_t *self, const int8_t *other, const scaling *self_by,
                    const scaling *other_by, const cortex_m_quantized_add_params *params,
                    int8_t *output) {
  const int32_t self_step = cortex_m_self_step(&params->shape);
  const int32_t other_step = cortex_m_other_step(&params->shape);
  for (int32_t left = cortex_m_row_count(&params->shape); left > 0; --left) {
    const int32_t a = rescale(*self, self_by);
    const int32_t b = rescale(*other, other_by);
    const int32_t sum = cortex_m_requantize(cortex_m_wrapping_add(a, b), params->output_multiplier,
                                            params->output_shift);
    *output++ = cortex_m_clamp(sum, params->output_zero_point, params->activation_min,
                               params->activation_max);
    self += self_step;
    other += other_step;
  }
}

static int suits_dense_operand(int32_t zero_point, int32_t multiplier, int32_t shift) {
  return zero_point >= INT8_MIN && zero_point <= INT8_MAX && multiplier != INT32_MIN &&
         shift >= -23 && (shift < 0 || (shift == 0 && multiplier % 2048 == 0));
}

/** Whether cortex_m_quantized_add_dense takes them, for rows that are worth its call. */
static int suits_dense(const cortex_m_quantized_add_params *params) {
  return cortex_m_row_count(&params->shape) >= 4 && params->output_multiplier >= 0 &&
         params->output_shift >= -23 && params->output_shift <= -1 &&
         params->output_zero_point >= INT8_MIN && params->output_zero_point <= INT8_MAX &&
         suits_dense_operand(params->self_zero_point, params->self_multiplier,
                             params->self_shift) &&
         suits_dense_operand(params->other_zero_point, params->other_multiplier,
                             params->other_shift);
}

/**
 * Makes a multiplier that is not negative; -1 if that takes the operand's bits inverted, else 0:
 * -(x - zero_point) is ~x - ~zero_point, and int8 too.
 */
static int8_t make_positive(int32_t *multiplier, int32_t *zero_point) {
  if (*multiplier >= 0) {
    return 0;
  }
  *multiplier = -*multiplier;
  *zero_point = ~*zero_point;
  return -1;
}

static void add_dense(const int8_t *self, const int8_t *other,
                      const cortex_m_quantized_add_params *params, int8_t *output) {
  cortex_m_quantized_add_params run = *params;
  cortex_m_dense_rows rows;
  run.shape = cortex_m_dense_shape(0);
  cortex_m_begin_dense_rows(&rows, self, other, &params->shape);
  rows.self_flip = make_positive(&run.self_multiplier, &run.self_zero_point);
  rows.other_flip = make_positive(&run.other_multiplier, &run.other_zero_point);
  while (cortex_m_next_dense_run(&rows)) {
    run.shape.output_dims[0] = rows.count;
    cortex_m_quantized_add_dense(rows.self, rows.other, &run, output);
    output += rows.count;
  }
}

void cortex_m_quantized_add(const int8_t *self, const int8_t *other,
                            const cortex_m_quantized_add_params *params, int8_t *output) {
  if (suits_dense(params)) {
    add_dense(self, other, params, output);
    return;
  }
  const scaling self_by =
      scaling_of(params->self_zero_point, params->self_multiplier, params->self_shift);
  const scaling other_by =
      scaling_of(params->other_zero_point, params->other_multiplier, params->other_shift);
  cortex_m_row row = {0};
  do {
    add_row(self + row.self, other + row.other, &self_by, &other_by, params, output);
    output += cortex_m_row_count(&params->shape);
  } while (cortex_m_next_row(&params->shape, &row));
}
