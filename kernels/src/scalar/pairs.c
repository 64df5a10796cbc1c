// SPDX-License-Identifier: Apache-2.0
#include "pairs.h"

static inline void make_pairs(const int8_t *first, const int8_t *second, int32_t count,
                              int32_t words, int32_t *pairs) {
  for (; count >= 4; count -= 4) {
    pairs[0] = first[0] + second[0] * 65536;
    pairs[words] = first[1] + second[1] * 65536;
    pairs[2 * words] = first[2] + second[2] * 65536;
    pairs[3 * words] = first[3] + second[3] * 65536;
    first += 4;
    second += 4;
    pairs += 4 * words;
  }
  for (; count > 0; --count) {
    *pairs = *first++ + *second++ * 65536;
    pairs += words;
  }
}

void cortex_m_make_pairs(const int8_t *first, const int8_t *second, int32_t count,
                         int32_t words, int32_t *pairs) {
  if (words == 1) {
    make_pairs(first, second, count, 1, pairs);
  } else {
    make_pairs(first, second, count, 2, pairs);
  }
}

void cortex_m_make_padded_pairs(const int8_t *run, int32_t factor, int32_t rest, int32_t count,
                                int32_t words, int32_t *pairs) {
  if (factor == 0) {
    for (; count > 0; --count) {
      *pairs = rest;
      pairs += words;
    }
    return;
  }
  for (; count > 0; --count) {
    *pairs = *run++ * factor + rest;
    pairs += words;
  }
}

// Assembly, for its 13 or 14 values to be in registers at every optimization level: of the C in
// pairs.h GCC 15 makes 2 to 3 times the instructions.

#if !defined(__arm__)

void cortex_m_pair_dot(const int32_t *pairs, const int8_t *weight, int32_t channel_step,
                       int32_t taps, int32_t *sums) {
  cortex_m_pair_sums(pairs, 1, weight, taps, sums);
  cortex_m_pair_sums(pairs, 1, weight + channel_step, taps, sums + 2);
}

#elif __ARM_ARCH_ISA_THUMB == 1

#include "armv6m.h"

// r0 pairs, r1 and r2 the channels' weights, r3 minus the taps to come, r4 to r7 free,
// r8 and r9 high and all of the first channel, r10 and r11 of the second, r12 2^15.

#define START                \
  CORTEX_M_SAVE              \
  "movs r4, #0\n\t"          \
  "mov r8, r4\n\t"           \
  "mov r10, r4\n\t"          \
  "adds r5, r3, #1\n\t"      \
  "lsrs r5, r5, #1\n\t"      \
  "lsls r5, r5, #15\n\t"     \
  "subs r4, r4, r5\n\t"      \
  "mov r9, r4\n\t"           \
  "mov r11, r4\n\t"          \
  "movs r4, #128\n\t"        \
  "lsls r4, r4, #8\n\t"      \
  "mov r12, r4\n\t"

#define FINISH               \
  "ldr r0, [sp, #36]\n\t"    \
  "mov r1, r9\n\t"           \
  "mov r2, r8\n\t"           \
  "mov r3, r11\n\t"          \
  "mov r4, r10\n\t"          \
  "lsls r5, r2, #16\n\t"     \
  "subs r1, r1, r5\n\t"      \
  "lsls r5, r4, #16\n\t"     \
  "subs r3, r3, r5\n\t"      \
  "stmia r0!, {r1-r4}\n\t" \
  CORTEX_M_RESTORE_AND_RETURN

#define TWO_TAPS               \
  "ldmia r0!, {r4, r5}\n\t"    \
  "ldrsb r6, [r1, r3]\n\t"     \
  "ldrsb r7, [r2, r3]\n\t"     \
  "adds r3, #1\n\t"            \
  "muls r6, r4\n\t"            \
  "muls r7, r4\n\t"            \
  "ldrsb r4, [r1, r3]\n\t"     \
  "muls r4, r5\n\t"            \
  "adds r6, r4\n\t"            \
  "ldrsb r4, [r2, r3]\n\t"     \
  "muls r4, r5\n\t"            \
  "adds r7, r4\n\t"            \
  CORTEX_M_ACCUMULATE                   \
  "adds r3, #1\n\t"

__attribute__((naked)) void cortex_m_pair_dot(const int32_t *pairs __attribute__((unused)),
                                              const int8_t *weight __attribute__((unused)),
                                              int32_t channel_step __attribute__((unused)),
                                              int32_t taps __attribute__((unused)),
                                              int32_t *sums __attribute__((unused))) {
  __asm__ volatile(
      ".syntax unified\n\t" START
      "adds r1, r1, r3\n\t"  // the weights' ends
      "adds r2, r2, r1\n\t"
      "rsbs r3, r3, #0\n\t"
      "lsrs r4, r3, #1\n\t"  // an odd tap first
      "bcc 1f\n\t"
      "ldmia r0!, {r4}\n\t"
      "ldrsb r6, [r1, r3]\n\t"
      "muls r6, r4\n\t"
      "ldrsb r7, [r2, r3]\n\t"
      "muls r7, r4\n\t" CORTEX_M_ACCUMULATE
      "adds r3, #1\n\t"
      "beq 4f\n"
      "1:\n\t"
      "lsrs r4, r3, #2\n\t"
      "bcc 2f\n\t" TWO_TAPS
      "beq 4f\n"
      "2:\n\t"
      "lsrs r4, r3, #3\n\t"
      "bcs 5f\n"
      "3:\n\t" TWO_TAPS TWO_TAPS
      "5:\n\t" TWO_TAPS TWO_TAPS
      "bne 3b\n"
      "4:\n\t" FINISH);
}

#else

// r0 pairs, r1 and r2 the channels' weights, r3 the pairs' end, r4 to r8 free, r9 2^15, r10 and
// r11 high and all of the first channel, r12 and lr of the second.

#define START                    \
  "push {r4-r11, lr}\n\t"        \
  "adds r4, r3, #1\n\t"          \
  "lsrs r4, r4, #1\n\t"          \
  "movs r10, #0\n\t"             \
  "movs r12, #0\n\t"             \
  "sub r11, r10, r4, lsl #15\n\t" \
  "mov lr, r11\n\t"              \
  "mov r9, #32768\n\t"

#define ACCUMULATE(high, all)          \
  "add " high ", " high ", r8, asr #16\n\t" \
  "add " all ", " all ", r8\n\t"

#define FINISH                     \
  "ldr r0, [sp, #36]\n\t"          \
  "sub r1, r11, r10, lsl #16\n\t"  \
  "sub r3, lr, r12, lsl #16\n\t"   \
  "strd r1, r10, [r0]\n\t"         \
  "strd r3, r12, [r0, #8]\n\t"     \
  "pop {r4-r11, pc}\n\t"

#define TWO_TAPS              \
  "ldrd r4, r5, [r0], #8\n\t" \
  "ldrsb r6, [r1], #1\n\t"    \
  "ldrsb r7, [r1], #1\n\t"    \
  "mla r8, r4, r6, r9\n\t"    \
  "mla r8, r5, r7, r8\n\t"    \
  ACCUMULATE("r10", "r11")    \
  "ldrsb r6, [r2], #1\n\t"    \
  "ldrsb r7, [r2], #1\n\t"    \
  "mla r8, r4, r6, r9\n\t"    \
  "mla r8, r5, r7, r8\n\t"    \
  ACCUMULATE("r12", "lr")

__attribute__((naked)) void cortex_m_pair_dot(const int32_t *pairs __attribute__((unused)),
                                              const int8_t *weight __attribute__((unused)),
                                              int32_t channel_step __attribute__((unused)),
                                              int32_t taps __attribute__((unused)),
                                              int32_t *sums __attribute__((unused))) {
  __asm__ volatile(
      ".syntax unified\n\t" START
      "add r2, r2, r1\n\t"
      "lsls r4, r3, #31\n\t"  // an odd tap first
      "add r3, r0, r3, lsl #2\n\t"
      "beq 1f\n\t"
      "ldr r4, [r0], #4\n\t"
      "ldrsb r6, [r1], #1\n\t"
      "ldrsb r7, [r2], #1\n\t"
      "mla r8, r4, r6, r9\n\t" ACCUMULATE("r10", "r11")
      "mla r8, r4, r7, r9\n\t" ACCUMULATE("r12", "lr")
      "1:\n\t"
      "subs r4, r3, r0\n\t"  // then what is left of a round of 8
      "beq 6f\n\t"
      "ubfx r4, r4, #3, #2\n\t"
      "tbb [pc, r4]\n"
      "7:\n\t"
      ".byte (2f - 7b) / 2\n\t"
      ".byte (5f - 7b) / 2\n\t"
      ".byte (4f - 7b) / 2\n\t"
      ".byte (3f - 7b) / 2\n"
      "2:\n\t" TWO_TAPS
      "3:\n\t" TWO_TAPS
      "4:\n\t" TWO_TAPS
      "5:\n\t" TWO_TAPS
      "cmp r0, r3\n\t"
      "bne 2b\n"
      "6:\n\t" FINISH);
}

#endif
