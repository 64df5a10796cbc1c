// SPDX-License-Identifier: Apache-2.0
#include "../multiply.h"

#include "halves.h"
#include "../optimized.h"

// Two SMLAD of a lane's four weights.
#define ADD_PRODUCTS(sum)                 \
  "sxtb16 %[b], %[a]\n\t"                 \
  "smlad " sum ", %[even], %[b], " sum "\n\t" \
  "sxtb16 %[a], %[a], ror #8\n\t"         \
  "smlad " sum ", %[odd], %[a], " sum "\n\t"

void cortex_m_multiply_lanes(const int8_t *input, const int8_t *weight,
                             const cortex_m_dot_shape *shape, uint32_t *sums) {
  const int32_t stride = shape->stride;
  const int32_t offset = shape->offset;
  int32_t count = shape->count;
  const int8_t *weight_3 = weight + 3 * stride;
  uint32_t sum_0 = sums[0];
  uint32_t sum_1 = sums[1];
  uint32_t sum_2 = sums[2];
  uint32_t sum_3 = sums[3];
  if (count >= 4) {
    const int8_t *const end = input + (count & ~3);
    const int16x2_t offsets = cortex_m_halves(offset);
    uint32_t even;
    uint32_t odd;
    uint32_t a;
    uint32_t b;
    // In assembly: GCC 15 has a pointer more than there are registers and makes 34 instructions of
    // the 26. Any compiler has one register too few: the offsets stay in memory.
    __asm__ volatile(
        "1:\n\t"
        "ldr %[a], [%[input]], #4\n\t"
        "ldr %[b], %[offsets]\n\t"
        "sxtab16 %[even], %[b], %[a]\n\t"
        "sxtab16 %[odd], %[b], %[a], ror #8\n\t"
        "ldr %[a], [%[weight], %[stride]]\n\t"
        ADD_PRODUCTS("%[sum_1]")
        "ldr %[a], [%[weight], %[stride], lsl #1]\n\t"
        ADD_PRODUCTS("%[sum_2]")
        "ldr %[a], [%[weight]], #4\n\t"
        ADD_PRODUCTS("%[sum_0]")
        "ldr %[a], [%[weight_3]], #4\n\t"
        ADD_PRODUCTS("%[sum_3]")
        "cmp %[input], %[end]\n\t"
        "bne 1b\n\t"
        : [input] "+&r"(input), [weight] "+&r"(weight), [weight_3] "+&r"(weight_3),
          [sum_0] "+&r"(sum_0), [sum_1] "+&r"(sum_1), [sum_2] "+&r"(sum_2), [sum_3] "+&r"(sum_3),
          [even] "=&r"(even), [odd] "=&r"(odd), [a] "=&r"(a), [b] "=&r"(b)
        : [end] "r"(end), [stride] "r"(stride), [offsets] "m"(offsets)
        : "cc", "memory");
  }
  for (count &= 3; count > 0; --count) {
    const int32_t value = *input++ + offset;
    sum_1 += (uint32_t)(value * weight[stride]);
    sum_2 += (uint32_t)(value * weight[2 * stride]);
    sum_0 += (uint32_t)(value * *weight++);
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
  const int32_t count = shape->count;
  const int16x2_t offsets = cortex_m_halves(offset);
  int32_t products = (int32_t)sum;
  for (const int8_t *end = input + (count & ~3); input != end; input += 4) {
    const int8x4_t inputs = cortex_m_four_at(input);
    const int8x4_t weights = cortex_m_four_at(weight);
    const int16x2_t even = cortex_m_even_plus(offsets, inputs);
    const int16x2_t odd = cortex_m_odd_plus(offsets, inputs);
    products = __smlad(even, cortex_m_even_halves(weights), products);
    products = __smlad(odd, cortex_m_odd_halves(weights), products);
    weight += 4;
  }
  for (const int8_t *end = input + (count & 3); input != end; ++input) {
    products = __smlabb(*input + offset, *weight++, products);
  }
  return (uint32_t)products;
}
