// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/matmul.h"
#include "dot.h"
#include "support.h"

/** One row of the product; returns where the next one goes. */
static int8_t *multiply_row(const int8_t *row, const int8_t *matrix, const cortex_m_dot_shape *run,
                            const cortex_m_quantized_batch_matmul_params *params, int8_t *output) {
  const int32_t inner = params->inner;
  // (l + a) * (r + b) = (l + a) * r + (l + a) * b: the last does not depend on the column.
  int32_t row_sum = inner * params->lhs_offset;
  for (int32_t i = 0; i < inner; ++i) {
    row_sum += row[i];
  }
  const uint32_t common = (uint32_t)row_sum * (uint32_t)params->rhs_offset;
  int32_t left = params->columns;
  while (left > 0) {
    uint32_t sums[CORTEX_M_LANES] = {common, common, common, common};
    int32_t lanes = 1;
    if (left >= CORTEX_M_LANES) {
      lanes = CORTEX_M_LANES;
      cortex_m_dot_lanes(row, matrix, run, sums);
    } else {
      sums[0] = cortex_m_dot(row, matrix, run, common);
    }
    for (int32_t lane = 0; lane < lanes; ++lane) {
      const int32_t scaled = cortex_m_requantize((int32_t)sums[lane], params->output_multiplier,
                                                 params->output_shift);
      *output++ = cortex_m_clamp(scaled, params->output_zero_point, INT8_MIN, INT8_MAX);
    }
    matrix += lanes * inner;
    left -= lanes;
  }
  return output;
}

void cortex_m_quantized_batch_matmul(const int8_t *lhs, const int8_t *rhs_transposed,
                                     const cortex_m_quantized_batch_matmul_params *params,
                                     void *scratch, int8_t *output) {
  (void)scratch;
  const int32_t inner = params->inner;
  const cortex_m_dot_shape run = cortex_m_dot_run(inner, inner, params->lhs_offset);
  for (int32_t batch = 0; batch < params->batch; ++batch) {
    for (int32_t row = 0; row < params->rows; ++row) {
      output = multiply_row(lhs, rhs_transposed, &run, params, output);
      lhs += inner;
    }
    rhs_transposed += params->columns * inner;
  }
}
