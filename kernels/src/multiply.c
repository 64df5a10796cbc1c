// SPDX-License-Identifier: Apache-2.0
#include "multiply.h"

void cortex_m_multiply_lanes(const int8_t *input, const int8_t *weight,
                             const cortex_m_dot_shape *shape, uint32_t *sums) {
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

uint32_t cortex_m_multiply(const int8_t *input, const int8_t *weight,
                           const cortex_m_dot_shape *shape, uint32_t sum) {
  const int32_t offset = shape->offset;
  const int8_t *end = input + shape->count;
  while (input != end) {
    sum += (uint32_t)((*input++ + offset) * *weight++);
  }
  return sum;
}
