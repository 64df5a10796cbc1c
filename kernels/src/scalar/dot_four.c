// SPDX-License-Identifier: Apache-2.0
#include "dot_four.h"

#if defined(__arm__) && __ARM_ARCH_ISA_THUMB == 1

// Assembly because GCC does not keep sums in the high registers, where only additions reach them.
__attribute__((naked)) void cortex_m_dot_lanes_scalar(
    const int8_t *input __attribute__((unused)), const int8_t *weight __attribute__((unused)),
    int32_t stride __attribute__((unused)), int32_t count __attribute__((unused)),
    int32_t *sums __attribute__((unused))) {
// r0 the input's end, r1 to r4 the weights' ends, r5 minus the products to come, r6 input,
// r7 product, r8 to r11 sums.
#define PRODUCT              \
  "ldrsb r6, [r0, r5]\n\t"   \
  "ldrsb r7, [r1, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r8, r7\n\t"           \
  "ldrsb r7, [r2, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r9, r7\n\t"           \
  "ldrsb r7, [r3, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r10, r7\n\t"          \
  "ldrsb r7, [r4, r5]\n\t"   \
  "muls r7, r6\n\t"          \
  "add r11, r7\n\t"          \
  "adds r5, #1\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r7, lr}\n\t"
      "mov r4, r8\n\t"
      "mov r5, r9\n\t"
      "mov r6, r10\n\t"
      "mov r7, r11\n\t"
      "push {r4-r7}\n\t"
      "movs r5, #0\n\t"
      "mov r8, r5\n\t"
      "mov r9, r5\n\t"
      "mov r10, r5\n\t"
      "mov r11, r5\n\t"
      "subs r5, r5, r3\n\t"
      "adds r0, r0, r3\n\t"
      "adds r1, r1, r3\n\t"
      "mov r7, r2\n\t"
      "adds r2, r1, r7\n\t"
      "adds r3, r2, r7\n\t"
      "adds r4, r3, r7\n\t"
      "lsrs r7, r5, #1\n\t"
      "bcc 1f\n\t" PRODUCT
      "beq 4f\n"
      "1:\n\t"
      "lsrs r7, r5, #2\n\t"
      "bcs 3f\n"
      "2:\n\t" PRODUCT PRODUCT
      "3:\n\t" PRODUCT PRODUCT
      "bne 2b\n"
      "4:\n\t"
      "ldr r0, [sp, #36]\n\t"
      "mov r1, r8\n\t"
      "mov r2, r9\n\t"
      "mov r3, r10\n\t"
      "mov r4, r11\n\t"
      "stmia r0!, {r1-r4}\n\t"
      "pop {r4-r7}\n\t"
      "mov r8, r4\n\t"
      "mov r9, r5\n\t"
      "mov r10, r6\n\t"
      "mov r11, r7\n\t"
      "pop {r4-r7, pc}\n\t");
}

#elif defined(__arm__)

// Assembly because GCC 15 reloads values from the stack within the loop: 9 % more instructions.
__attribute__((naked)) void cortex_m_dot_lanes_scalar(
    const int8_t *input __attribute__((unused)), const int8_t *weight __attribute__((unused)),
    int32_t stride __attribute__((unused)), int32_t count __attribute__((unused)),
    int32_t *sums __attribute__((unused))) {
// r0 input, r1, r2, r4, r5 weights, r3 the input's end, r6 a value, r7 a weight, r8 to r11 sums.
#define PRODUCT                \
  "ldrsb r6, [r0], #1\n\t"     \
  "ldrsb r7, [r1], #1\n\t"     \
  "ldrsb r12, [r2], #1\n\t"    \
  "mla r8, r6, r7, r8\n\t"     \
  "mla r9, r6, r12, r9\n\t"    \
  "ldrsb r7, [r4], #1\n\t"     \
  "ldrsb r12, [r5], #1\n\t"    \
  "mla r10, r6, r7, r10\n\t"   \
  "mla r11, r6, r12, r11\n\t"
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11, lr}\n\t"
      "mov r8, #0\n\t"
      "mov r9, #0\n\t"
      "mov r10, #0\n\t"
      "mov r11, #0\n\t"
      "mov r7, r2\n\t"
      "add r2, r1, r7\n\t"
      "add r4, r2, r7\n\t"
      "add r5, r4, r7\n\t"
      "bic r7, r3, #7\n\t"
      "add lr, r0, r7\n\t"  // the end of rounds of 8
      "add r3, r3, r0\n\t"
      "cmp r0, lr\n\t"
      "beq 2f\n"
      "1:\n\t" PRODUCT PRODUCT PRODUCT PRODUCT PRODUCT PRODUCT PRODUCT PRODUCT
      "cmp r0, lr\n\t"
      "bne 1b\n"
      "2:\n\t"
      "cmp r0, r3\n\t"
      "beq 4f\n"
      "3:\n\t" PRODUCT
      "cmp r0, r3\n\t"
      "bne 3b\n"
      "4:\n\t"
      "ldr r12, [sp, #36]\n\t"
      "stmia r12, {r8-r11}\n\t"
      "pop {r4-r11, pc}\n\t");
}

#else

void cortex_m_dot_lanes_scalar(const int8_t *input, const int8_t *weight, int32_t stride,
                               int32_t count, int32_t *sums) {
  const int8_t *weight_1 = weight + stride;
  const int8_t *weight_2 = weight_1 + stride;
  const int8_t *weight_3 = weight_2 + stride;
  int32_t sum_0 = 0;
  int32_t sum_1 = 0;
  int32_t sum_2 = 0;
  int32_t sum_3 = 0;
#define PRODUCT                   \
  do {                            \
    const int32_t value = *input++; \
    sum_0 += value * *weight++;   \
    sum_1 += value * *weight_1++; \
    sum_2 += value * *weight_2++; \
    sum_3 += value * *weight_3++; \
  } while (0)
  const int8_t *end = input + (count & 7);
  while (input != end) {
    PRODUCT;
  }
  end = input + (count & ~7);
  while (input != end) {
    PRODUCT;
    PRODUCT;
    PRODUCT;
    PRODUCT;
    PRODUCT;
    PRODUCT;
    PRODUCT;
    PRODUCT;
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

#endif
