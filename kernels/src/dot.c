// SPDX-License-Identifier: Apache-2.0
#include "dot.h"

#include "multiply.h"

static inline int is_one_run(const cortex_m_dot_shape *shape) {
  return shape->rows == 1 && shape->columns == 1;
}

void cortex_m_dot_lanes(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                        uint32_t *sums) {
  if (is_one_run(shape)) {
    cortex_m_multiply_lanes(input, weight, shape, sums);
    return;
  }
  for (int32_t row = shape->rows; row > 0; --row) {
    const int8_t *at = input;
    const int8_t *weights = weight;
    for (int32_t column = shape->columns; column > 0; --column) {
      cortex_m_multiply_lanes(at, weights, shape, sums);
      at += shape->input_column;
      weights += shape->weight_column;
    }
    input += shape->input_row;
    weight += shape->weight_row;
  }
}

uint32_t cortex_m_dot(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                      uint32_t sum) {
  if (is_one_run(shape)) {
    return cortex_m_multiply(input, weight, shape, sum);
  }
  for (int32_t row = shape->rows; row > 0; --row) {
    const int8_t *at = input;
    const int8_t *weights = weight;
    for (int32_t column = shape->columns; column > 0; --column) {
      sum = cortex_m_multiply(at, weights, shape, sum);
      at += shape->input_column;
      weights += shape->weight_column;
    }
    input += shape->input_row;
    weight += shape->weight_row;
  }
  return sum;
}
