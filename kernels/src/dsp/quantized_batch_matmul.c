// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/matmul.h"
#include "../dot.h"
#include "requantize.h"
#include "../support.h"

/** Sums of that many products stay within 2^30. */
#define MOST_INNER (((1 << 30) - 1) / (255 * 255))

/** How sums become outputs. */
typedef struct {
  const cortex_m_quantized_batch_matmul_params *params;
  cortex_m_requantization_dsp to;
  int usual; /**< whether `to` may be used */
} finishing;

static finishing finishing_of(const cortex_m_quantized_batch_matmul_params *params) {
  finishing by = {params, {0, 0, 0}, 0};
  if (params->output_multiplier >= 0 && params->output_shift >= -23 &&
      params->output_shift <= -1 && params->inner <= MOST_INNER) {
    by.usual = 1;
    by.to = cortex_m_requantization(params->output_multiplier, params->output_shift,
                                    2 * params->output_zero_point + 1);
  }
  return by;
}

static inline int8_t finish(uint32_t sum, const finishing *by) {
  if (by->usual) {
    return (int8_t)cortex_m_requantize_s8((int32_t)sum * 2, &by->to);
  }
  const int32_t scaled = cortex_m_requantize((int32_t)sum, by->params->output_multiplier,
                                             by->params->output_shift);
  return cortex_m_clamp(scaled, by->params->output_zero_point, INT8_MIN, INT8_MAX);
}

/** One row of the product; returns where the next one goes. */
static int8_t *multiply_row(const int8_t *row, const int8_t *matrix, const cortex_m_dot_shape *run,
                            const finishing *by, int8_t *output) {
  const int32_t inner = run->count;
  // (l + a) * (r + b) = (l + a) * r + (l + a) * b: the last does not depend on the column.
  int32_t row_sum = inner * run->offset;
  for (int32_t i = 0; i < inner; ++i) {
    row_sum += row[i];
  }
  const uint32_t common = (uint32_t)row_sum * (uint32_t)by->params->rhs_offset;
  int32_t left = by->params->columns;
  for (; left >= CORTEX_M_LANES; left -= CORTEX_M_LANES) {
    uint32_t sums[CORTEX_M_LANES] = {common, common, common, common};
    cortex_m_dot_lanes(row, matrix, run, sums);
    output[0] = finish(sums[0], by);
    output[1] = finish(sums[1], by);
    output[2] = finish(sums[2], by);
    output[3] = finish(sums[3], by);
    output += CORTEX_M_LANES;
    matrix += CORTEX_M_LANES * inner;
  }
  for (; left > 0; --left) {
    *output++ = finish(cortex_m_dot(row, matrix, run, common), by);
    matrix += inner;
  }
  return output;
}

void cortex_m_quantized_batch_matmul(const int8_t *lhs, const int8_t *rhs_transposed,
                                     const cortex_m_quantized_batch_matmul_params *params,
                                     void *scratch, int8_t *output) {
  (void)scratch;
  const int32_t inner = params->inner;
  const cortex_m_dot_shape run = cortex_m_dot_run(inner, inner, params->lhs_offset);
  const finishing by = finishing_of(params);
  for (int32_t batch = 0; batch < params->batch; ++batch) {
    for (int32_t row = 0; row < params->rows; ++row) {
      output = multiply_row(lhs, rhs_transposed, &run, &by, output);
      lhs += inner;
    }
    rhs_transposed += params->columns * inner;
  }
}
