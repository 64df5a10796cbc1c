// SPDX-License-Identifier: Apache-2.0
/** Products of windows with weights, four output channels at a time. Private. */
#ifndef CORTEX_M_KERNELS_PRODUCTS_MVE_H
#define CORTEX_M_KERNELS_PRODUCTS_MVE_H

#include <arm_mve.h>
#include <stdint.h>

/** Output channels whose weights lie side by side (plan: cortex_m_plan.packing_mve). */
#define CORTEX_M_MVE_ROWS 4

/** Weights of four channels of a vector of taps. */
#define CORTEX_M_MVE_BLOCK 64

/** Vectors of taps. */
static inline int32_t cortex_m_vectors_mve(int32_t taps) { return (taps + 15) >> 4; }

/** The lanes of the channels from `channel` on. */
static inline mve_pred16_t cortex_m_rows_mve(int32_t channels, int32_t channel) {
  return vctp32q((uint32_t)(channels - channel));
}

/** sums + the products of a window with four channels; reads `taps` bytes of it. */
static inline __attribute__((always_inline)) int32x4_t cortex_m_products_mve(
    const int8_t *window, const int8_t *weight, int32_t taps, int32x4_t sums) {
  // In assembly: GCC 15 makes neither a tail-predicated loop of it nor keeps the sums in place.
  __asm__ volatile(
      "vmov r0, r4, %q[sums][2], %q[sums][0]\n\t"
      "vmov r2, r6, %q[sums][3], %q[sums][1]\n\t"
      "dlstp.8 lr, %[taps]\n"
      "1:\n\t"
      "vldrb.8 q0, [%[window]], #16\n\t"
      "vldrb.8 q1, [%[weight]], #16\n\t"
      "vmladava.s8 r0, q0, q1\n\t"
      "vldrb.8 q2, [%[weight]], #16\n\t"
      "vmladava.s8 r2, q0, q2\n\t"
      "vldrb.8 q1, [%[weight]], #16\n\t"
      "vmladava.s8 r4, q0, q1\n\t"
      "vldrb.8 q2, [%[weight]], #16\n\t"
      "vmladava.s8 r6, q0, q2\n\t"
      "letp lr, 1b\n\t"
      "vmov %q[sums][2], %q[sums][0], r0, r4\n\t"
      "vmov %q[sums][3], %q[sums][1], r2, r6\n\t"
      : [sums] "+w"(sums), [window] "+r"(window), [weight] "+r"(weight)
      : [taps] "r"(taps)
      : "r0", "r2", "r4", "r6", "lr", "q0", "q1", "q2", "memory");
  return sums;
}

// A vector of the window, loaded, against eight rows of weights.
#define CORTEX_M_MVE_EIGHT(load)              \
  load                                        \
  "vldrb.8 q1, [%[weight_0]], #16\n\t"        \
  "vmladava.s8 r0, q0, q1\n\t"                \
  "vldrb.8 q2, [%[weight_1]], #16\n\t"        \
  "vmladava.s8 r8, q0, q2\n\t"                \
  "vldrb.8 q1, [%[weight_0]], #16\n\t"        \
  "vmladava.s8 r2, q0, q1\n\t"                \
  "vldrb.8 q2, [%[weight_1]], #16\n\t"        \
  "vmladava.s8 r10, q0, q2\n\t"               \
  "vldrb.8 q1, [%[weight_0]], #16\n\t"        \
  "vmladava.s8 r4, q0, q1\n\t"                \
  "vldrb.8 q2, [%[weight_1]], #16\n\t"        \
  "vmladava.s8 r12, q0, q2\n\t"               \
  "vldrb.8 q1, [%[weight_0]], #16\n\t"        \
  "vmladava.s8 r6, q0, q1\n\t"                \
  "vldrb.8 q2, [%[weight_1]], #16\n\t"        \
  "vmladava.s8 lr, q0, q2\n\t"

/** As cortex_m_products_mve, of the channels at weight_0 and those at weight_1. */
static inline __attribute__((always_inline)) void cortex_m_products_of_eight_mve(
    const int8_t *window, const int8_t *weight_0, const int8_t *weight_1, int32_t taps,
    int32x4_t *sums_0, int32x4_t *sums_1) {
  int32x4_t sums = *sums_0;
  int32x4_t more = *sums_1;
  // In assembly: eight sums need every even register. The taps of the last vector wait in s12.
  __asm__ volatile(
      "and r0, %[taps], #15\n\t"
      "vctp.8 r0\n\t"
      "vmov s12, r0\n\t"
      "vmov r0, r4, %q[sums][2], %q[sums][0]\n\t"
      "vmov r2, r6, %q[sums][3], %q[sums][1]\n\t"
      "vmov r8, r12, %q[more][2], %q[more][0]\n\t"
      "vmov r10, lr, %q[more][3], %q[more][1]\n\t"
      "lsrs %[taps], %[taps], #5\n\t"
      "bcc 1f\n\t"
      CORTEX_M_MVE_EIGHT("vldrb.8 q0, [%[window]], #16\n\t")
      "1:\n\t"
      "beq 3f\n"
      "2:\n\t"
      CORTEX_M_MVE_EIGHT("vldrb.8 q0, [%[window]], #16\n\t")
      CORTEX_M_MVE_EIGHT("vldrb.8 q0, [%[window]], #16\n\t")
      "subs %[taps], #1\n\t"
      "bne 2b\n"
      "3:\n\t"
      "vmov %[taps], s12\n\t"
      "cmp %[taps], #0\n\t"
      "beq 4f\n\t"
      CORTEX_M_MVE_EIGHT("vpst\n\tvldrbt.8 q0, [%[window]]\n\t")
      "4:\n\t"
      "vmov %q[sums][2], %q[sums][0], r0, r4\n\t"
      "vmov %q[sums][3], %q[sums][1], r2, r6\n\t"
      "vmov %q[more][2], %q[more][0], r8, r12\n\t"
      "vmov %q[more][3], %q[more][1], r10, lr\n\t"
      : [sums] "+w"(sums), [more] "+w"(more), [window] "+r"(window), [weight_0] "+r"(weight_0),
        [weight_1] "+r"(weight_1), [taps] "+r"(taps)
      :
      : "r0", "r2", "r4", "r6", "r8", "r10", "r12", "lr", "cc", "q0", "q1", "q2",
        "q3", "p0", "memory");
  *sums_0 = sums;
  *sums_1 = more;
}

#endif  // CORTEX_M_KERNELS_PRODUCTS_MVE_H
