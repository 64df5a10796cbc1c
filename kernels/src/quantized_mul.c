// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/mul.h"
#include "dense_rows.h"
#include "support.h"

static void multiply_row(const int8_t *self, const int8_t *other,
                         const cortex_m_quantized_mul_params *params, int8_t *output) {
  const int32_t self_step = cortex_m_self_step(&params->shape);
  const int32_t other_step = cortex_m_other_step(&params->shape);
  const int32_t multiplier = params->output_multiplier;
  const int32_t shift = params->output_shift;
  for (int32_t left = cortex_m_row_count(&params->shape); left > 0; --left) {
    const int32_t product = cortex_m_wrapping_multiply(*self - params->self_zero_point,
                                                       *other - params->other_zero_point);
    const int32_t scaled = cortex_m_requantize(product, multiplier, shift);
    *output++ = cortex_m_clamp(scaled, params->output_zero_point, INT8_MIN, INT8_MAX);
    self += self_step;
    other += other_step;
  }
}

static int is_int8(int32_t value) { return value >= INT8_MIN && value <= INT8_MAX; }

/** Whether cortex_m_quantized_mul_dense takes them, for rows that are worth its call. */
static int suits_dense(const cortex_m_quantized_mul_params *params) {
  return cortex_m_row_count(&params->shape) >= 4 && is_int8(params->self_zero_point) &&
         is_int8(params->other_zero_point) && params->output_multiplier >= 0 &&
         params->output_shift >= -23 && params->output_shift <= -1;
}

static void multiply_dense(const int8_t *self, const int8_t *other,
                           const cortex_m_quantized_mul_params *params, int8_t *output) {
  cortex_m_quantized_mul_params run = *params;
  cortex_m_dense_rows rows;
  run.shape = cortex_m_dense_shape(0);
  cortex_m_begin_dense_rows(&rows, self, other, &params->shape);
  while (cortex_m_next_dense_run(&rows)) {
    run.shape.output_dims[0] = rows.count;
    cortex_m_quantized_mul_dense(rows.self, rows.other, &run, output);
    output += rows.count;
  }
}

void cortex_m_quantized_mul(const int8_t *self, const int8_t *other,
                            const cortex_m_quantized_mul_params *params, int8_t *output) {
  if (suits_dense(params)) {
    multiply_dense(self, other, params, output);
    return;
  }
  cortex_m_row row = {0};
  do {
    multiply_row(self + row.self, other + row.other, params, output);
    output += cortex_m_row_count(&params->shape);
  } while (cortex_m_next_row(&params->shape, &row));
}
