// SPDX-License-Identifier: Apache-2.0
#include "dot.h"

/**
 * One run.
 *
 * Not inlined: among a caller's variables the sums would not stay in registers.
 */
__attribute__((noinline)) static void multiply_lanes(const int8_t *input, const int8_t *weight,
                                                     const cortex_m_dot_shape *shape,
                                                     uint32_t *sums) {
  const int32_t stride = shape->stride;
  const int32_t offset = shape->offset;
  const int8_t *weight_1 = weight + stride;
  const int8_t *weight_2 = weight_1 + stride;
  const int8_t *weight_3 = weight_2 + stride;
  const int8_t *end = input + shape->count;
  uint32_t sum_0 = sums[0];
  uint32_t sum_1 = sums[1];
  uint32_t sum_2 = sums[2];
  uint32_t sum_3 = sums[3];
  while (input != end) {
    const int32_t value = *input++ + offset;
    sum_0 += (uint32_t)(value * *weight++);
    sum_1 += (uint32_t)(value * *weight_1++);
    sum_2 += (uint32_t)(value * *weight_2++);
    sum_3 += (uint32_t)(value * *weight_3++);
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

/** As multiply_lanes, of one lane. */
__attribute__((noinline)) static uint32_t multiply(const int8_t *input, const int8_t *weight,
                                                   const cortex_m_dot_shape *shape, uint32_t sum) {
  const int32_t offset = shape->offset;
  const int8_t *end = input + shape->count;
  while (input != end) {
    sum += (uint32_t)((*input++ + offset) * *weight++);
  }
  return sum;
}

static inline int is_one_run(const cortex_m_dot_shape *shape) {
  return shape->rows == 1 && shape->columns == 1;
}

void cortex_m_dot_lanes(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                        uint32_t *sums) {
  if (is_one_run(shape)) {
    multiply_lanes(input, weight, shape, sums);
    return;
  }
  for (int32_t row = shape->rows; row > 0; --row) {
    const int8_t *at = input;
    const int8_t *weights = weight;
    for (int32_t column = shape->columns; column > 0; --column) {
      multiply_lanes(at, weights, shape, sums);
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
    return multiply(input, weight, shape, sum);
  }
  for (int32_t row = shape->rows; row > 0; --row) {
    const int8_t *at = input;
    const int8_t *weights = weight;
    for (int32_t column = shape->columns; column > 0; --column) {
      sum = multiply(at, weights, shape, sum);
      at += shape->input_column;
      weights += shape->weight_column;
    }
    input += shape->input_row;
    weight += shape->weight_row;
  }
  return sum;
}
