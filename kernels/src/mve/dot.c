// SPDX-License-Identifier: Apache-2.0
#include "../dot.h"

#include <arm_mve.h>

/** The sums of CORTEX_M_LANES lanes, as what assembly can keep in registers. */
typedef struct {
  uint32_t sum_0;
  uint32_t sum_1;
  uint32_t sum_2;
  uint32_t sum_3;
} lanes;

/** Adds the products of one run. */
static inline lanes multiply(const int8_t *input, const int8_t *weight, int32_t stride,
                             int32_t count, lanes sums) {
  const int8_t *weight_1 = weight + stride;
  const int8_t *weight_2 = weight + 2 * stride;
  const int8_t *weight_3 = weight + 3 * stride;
  // In assembly: GCC 15 keeps one index for the five pointers and adds it before every load, which
  // makes 15 instructions of the 10.
  __asm__ volatile(
      "dlstp.8 lr, %[count]\n"
      "1:\n\t"
      "vldrb.8 q0, [%[input]], #16\n\t"
      "vldrb.8 q1, [%[weight_0]], #16\n\t"
      "vmladava.s8 %[sum_0], q0, q1\n\t"
      "vldrb.8 q2, [%[weight_1]], #16\n\t"
      "vmladava.s8 %[sum_1], q0, q2\n\t"
      "vldrb.8 q1, [%[weight_2]], #16\n\t"
      "vmladava.s8 %[sum_2], q0, q1\n\t"
      "vldrb.8 q2, [%[weight_3]], #16\n\t"
      "vmladava.s8 %[sum_3], q0, q2\n\t"
      "letp lr, 1b\n\t"
      : [input] "+&r"(input), [weight_0] "+&r"(weight), [weight_1] "+&r"(weight_1),
        [weight_2] "+&r"(weight_2), [weight_3] "+&r"(weight_3), [sum_0] "+&Te"(sums.sum_0),
        [sum_1] "+&Te"(sums.sum_1), [sum_2] "+&Te"(sums.sum_2), [sum_3] "+&Te"(sums.sum_3)
      : [count] "r"(count)
      : "lr", "q0", "q1", "q2", "memory");
  return sums;
}

/** How inputs are changed: exclusive-or `flip`, plus `addend`. */
typedef struct {
  int8x16_t flip;
  int8x16_t addend;
} change;

/** As multiply, of changed inputs. */
static inline lanes multiply_changed(const int8_t *input, const int8_t *weight, int32_t stride,
                                     int32_t count, change by, lanes sums) {
  const int8_t *weight_1 = weight + stride;
  const int8_t *weight_2 = weight + 2 * stride;
  const int8_t *weight_3 = weight + 3 * stride;
  __asm__ volatile(
      "dlstp.8 lr, %[count]\n"
      "1:\n\t"
      "vldrb.8 q0, [%[input]], #16\n\t"
      "veor q0, q0, %q[flip]\n\t"
      "vldrb.8 q1, [%[weight_0]], #16\n\t"
      "vmladava.s8 %[sum_0], q0, q1\n\t"
      "vmladava.s8 %[sum_0], %q[addend], q1\n\t"
      "vldrb.8 q2, [%[weight_1]], #16\n\t"
      "vmladava.s8 %[sum_1], q0, q2\n\t"
      "vmladava.s8 %[sum_1], %q[addend], q2\n\t"
      "vldrb.8 q1, [%[weight_2]], #16\n\t"
      "vmladava.s8 %[sum_2], q0, q1\n\t"
      "vmladava.s8 %[sum_2], %q[addend], q1\n\t"
      "vldrb.8 q2, [%[weight_3]], #16\n\t"
      "vmladava.s8 %[sum_3], q0, q2\n\t"
      "vmladava.s8 %[sum_3], %q[addend], q2\n\t"
      "letp lr, 1b\n\t"
      : [input] "+&r"(input), [weight_0] "+&r"(weight), [weight_1] "+&r"(weight_1),
        [weight_2] "+&r"(weight_2), [weight_3] "+&r"(weight_3), [sum_0] "+&Te"(sums.sum_0),
        [sum_1] "+&Te"(sums.sum_1), [sum_2] "+&Te"(sums.sum_2), [sum_3] "+&Te"(sums.sum_3)
      : [count] "r"(count), [flip] "w"(by.flip), [addend] "w"(by.addend)
      : "lr", "q0", "q1", "q2", "memory");
  return sums;
}

void cortex_m_dot_lanes(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                        uint32_t *sums) {
  // 128 is no int8: x + 128 = -(~x - 127).
  const int negative = shape->offset > INT8_MAX;
  const change by = {vdupq_n_s8(negative ? -1 : 0),
                     vdupq_n_s8((int8_t)(negative ? -INT8_MAX : shape->offset))};
  lanes products = {0, 0, 0, 0};
  for (int32_t row = 0; row < shape->rows; ++row) {
    const int8_t *at = input + row * shape->input_row;
    const int8_t *weights = weight + row * shape->weight_row;
    for (int32_t column = shape->columns; column > 0; --column) {
      if (shape->offset == 0) {
        products = multiply(at, weights, shape->stride, shape->count, products);
      } else {
        products = multiply_changed(at, weights, shape->stride, shape->count, by, products);
      }
      at += shape->input_column;
      weights += shape->weight_column;
    }
  }
  sums[0] += negative ? 0u - products.sum_0 : products.sum_0;
  sums[1] += negative ? 0u - products.sum_1 : products.sum_1;
  sums[2] += negative ? 0u - products.sum_2 : products.sum_2;
  sums[3] += negative ? 0u - products.sum_3 : products.sum_3;
}

uint32_t cortex_m_dot(const int8_t *input, const int8_t *weight, const cortex_m_dot_shape *shape,
                      uint32_t sum) {
  int32_t products = 0;
  int32_t weights = 0;
  for (int32_t row = 0; row < shape->rows; ++row) {
    for (int32_t column = 0; column < shape->columns; ++column) {
      const int8_t *x = input + row * shape->input_row + column * shape->input_column;
      const int8_t *w = weight + row * shape->weight_row + column * shape->weight_column;
      for (int32_t left = shape->count; left > 0; left -= 16) {
        const mve_pred16_t active = vctp8q((uint32_t)left);
        const int8x16_t taps = vldrbq_z_s8(w, active);
        products = vmladavaq_p_s8(products, vldrbq_z_s8(x, active), taps, active);
        weights = vaddvaq_p_s8(weights, taps, active);
        x += 16;
        w += 16;
      }
    }
  }
  return sum + (uint32_t)products + (uint32_t)weights * (uint32_t)shape->offset;
}
