// SPDX-License-Identifier: Apache-2.0
#include "conv2d.h"
#include "pairs.h"

/** One channel. Not inlined: the stack under the assembly is the deepest of a convolution. */
static __attribute__((noinline)) void output_channel(const cortex_m_filters *filters,
                                                     const int32_t *pairs, int32_t channel,
                                                     int8_t *output) {
  int32_t sums[2];
  cortex_m_pair_sums(pairs, 1, filters->weight + channel * filters->taps, filters->taps, sums);
  const cortex_m_channel by = cortex_m_channel_at(filters->kernel_sum, filters->multipliers,
                                                  filters->shifts, channel);
  output[channel] = cortex_m_finish(sums[0], &by, &filters->output);
  output[filters->channels + channel] = cortex_m_finish(sums[1], &by, &filters->output);
}

#if !defined(__arm__)

void cortex_m_pair_outputs(const cortex_m_filters *filters, const int32_t *pairs,
                           int8_t *output) {
  for (int32_t channel = 0; channel < filters->channels; ++channel) {
    output_channel(filters, pairs, channel, output);
  }
}

#else

// Two channels together, in assembly as in quads.c, for the same reasons.

/** All channels but the last one of an odd number. */
void cortex_m_pair_outputs_of_two(const cortex_m_filters *filters, const int32_t *pairs,
                                  int8_t *output);

void cortex_m_pair_outputs(const cortex_m_filters *filters, const int32_t *pairs,
                           int8_t *output) {
  if (filters->channels > 1) {
    cortex_m_pair_outputs_of_two(filters, pairs, output);
  }
  if ((filters->channels & 1) != 0) {
    output_channel(filters, pairs, filters->channels - 1, output);
  }
}

#if __ARM_ARCH_ISA_THUMB == 1

#include "armv6m.h"

// r0 pairs, r1 and r2 the ends of the channels' weights, r3 minus the taps to come, r4 to r7 free,
// r8 and r9 high and all of the first channel, r10 and r11 of the second, r12 2^15.
#define TWO_TAPS            \
  "ldmia r0!, {r4, r5}\n\t" \
  "ldrsb r6, [r1, r3]\n\t"  \
  "ldrsb r7, [r2, r3]\n\t"  \
  "adds r3, #1\n\t"         \
  "muls r6, r4\n\t"         \
  "muls r7, r4\n\t"         \
  "ldrsb r4, [r1, r3]\n\t"  \
  "muls r4, r5\n\t"         \
  "adds r6, r4\n\t"         \
  "ldrsb r4, [r2, r3]\n\t"  \
  "muls r4, r5\n\t"         \
  "adds r7, r4\n\t" CORTEX_M_ACCUMULATE \
  "adds r3, #1\n\t"

/** Two sums and the kernel sum of the channel at r0, stored from sp + `at` on. */
#define SUMS(high, all, at)     \
  "ldr r1, [sp, #32]\n\t"       \
  "ldr r1, [r1, r0]\n\t"        \
  "mov r2, " high "\n\t"        \
  "mov r3, " all "\n\t"         \
  "lsls r4, r2, #16\n\t"        \
  "subs r3, r3, r4\n\t"         \
  "adds r3, r3, r1\n\t"         \
  "str r3, [sp, #" at "]\n\t"   \
  "adds r2, r2, r1\n\t"         \
  "str r2, [sp, #" at " + 4]\n\t"

/** Multiplier and shift of the channel at r0. */
#define REQUANTIZATION        \
  "ldr r1, [sp, #36]\n\t"     \
  "ldr r6, [r1, r0]\n\t"      \
  "uxth r5, r6\n\t"           \
  "lsrs r6, r6, #16\n\t"      \
  "ldr r1, [sp, #40]\n\t"     \
  "ldr r7, [r1, r0]\n\t"      \
  "mvns r7, r7\n\t"

// On the stack: 0 four sums, 16 pairs, 20 minus the taps, 24 the first value of all, 28 minus 4
// times the channels to come, 32, 36 and 40 the ends of kernel sums, multipliers and shifts, 44
// output, 48 channels, 52 rounding, 56 minimum, 60 maximum.
__attribute__((naked)) void cortex_m_pair_outputs_of_two(
    const cortex_m_filters *filters __attribute__((unused)),
    const int32_t *pairs __attribute__((unused)), int8_t *output __attribute__((unused))) {
  __asm__ volatile(
      ".syntax unified\n\t" CORTEX_M_SAVE
      "sub sp, #68\n\t"
      "str r1, [sp, #16]\n\t"
      "str r2, [sp, #44]\n\t"
      "ldmia r0!, {r1-r7}\n\t"
      "str r6, [sp, #48]\n\t"
      "str r7, [sp, #52]\n\t"
      "ldr r7, [r0]\n\t"
      "str r7, [sp, #56]\n\t"
      "ldr r7, [r0, #4]\n\t"
      "str r7, [sp, #60]\n\t"
      "lsrs r6, r6, #1\n\t"
      "lsls r6, r6, #3\n\t"
      "adds r2, r2, r6\n\t"
      "str r2, [sp, #32]\n\t"
      "adds r3, r3, r6\n\t"
      "str r3, [sp, #36]\n\t"
      "adds r4, r4, r6\n\t"
      "str r4, [sp, #40]\n\t"
      "rsbs r6, r6, #0\n\t"
      "str r6, [sp, #28]\n\t"
      "adds r1, r1, r5\n\t"
      "rsbs r2, r5, #0\n\t"
      "str r2, [sp, #20]\n\t"
      "adds r5, #1\n\t"
      "lsrs r5, r5, #1\n\t"
      "lsls r5, r5, #15\n\t"
      "rsbs r5, r5, #0\n\t"
      "str r5, [sp, #24]\n"
      "0:\n\t"
      "ldr r0, [sp, #16]\n\t"
      "ldr r3, [sp, #20]\n\t"
      "subs r2, r1, r3\n\t"
      "ldr r4, [sp, #24]\n\t"
      "mov r9, r4\n\t"
      "mov r11, r4\n\t"
      "movs r4, #0\n\t"
      "mov r8, r4\n\t"
      "mov r10, r4\n\t"
      "movs r4, #128\n\t"
      "lsls r4, r4, #8\n\t"
      "mov r12, r4\n\t"
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
      "lsrs r4, r3, #2\n\t"  // then what is left of a round of 8
      "bcc 2f\n\t" TWO_TAPS
      "beq 4f\n"
      "2:\n\t"
      "lsrs r4, r3, #3\n\t"
      "bcs 5f\n"
      "3:\n\t" TWO_TAPS TWO_TAPS
      "5:\n\t" TWO_TAPS TWO_TAPS
      "bne 3b\n"
      "4:\n\t"
      "mov lr, r2\n\t"
      "ldr r0, [sp, #28]\n\t" SUMS("r8", "r9", "0")
      "adds r0, #4\n\t" SUMS("r10", "r11", "8")
      "subs r0, #4\n\t" REQUANTIZATION
      "movs r0, #64\n\t"
      "lsls r0, r0, #8\n\t"
      "mov r8, r0\n\t"
      "ldr r0, [sp, #52]\n\t"
      "mov r9, r0\n\t"
      "ldr r0, [sp, #56]\n\t"
      "mov r10, r0\n\t"
      "ldr r0, [sp, #60]\n\t"
      "mov r11, r0\n\t"
      "ldr r0, [sp, #48]\n\t"
      "mov r12, r0\n\t"
      "ldr r1, [sp, #44]\n\t"
      "ldr r0, [sp]\n\t" CORTEX_M_FINISH
      "ldr r0, [sp, #4]\n\t" CORTEX_M_FINISH
      "ldr r0, [sp, #28]\n\t"
      "adds r0, #4\n\t" REQUANTIZATION
      "adds r0, #4\n\t"
      "str r0, [sp, #28]\n\t"
      "ldr r1, [sp, #44]\n\t"
      "adds r1, #2\n\t"
      "str r1, [sp, #44]\n\t"
      "subs r1, #1\n\t"
      "ldr r0, [sp, #8]\n\t" CORTEX_M_FINISH
      "ldr r0, [sp, #12]\n\t" CORTEX_M_FINISH
      "mov r1, lr\n\t"
      "ldr r2, [sp, #20]\n\t"
      "subs r1, r1, r2\n\t"
      "ldr r0, [sp, #28]\n\t"
      "cmp r0, #0\n\t"
      "beq 6f\n\t"
      "b 0b\n"
      "6:\n\t"
      "add sp, #68\n\t" CORTEX_M_RESTORE_AND_RETURN);
}

#else

#include "armv7m.h"

// r0 pairs, r1 and r2 the channels' weights, r3 the pairs' end, r4 to r8 free, r9 2^15, r10 and
// r11 high and all of the first channel, r12 and lr of the second.
#define ACCUMULATE(high, all)               \
  "add " high ", " high ", r8, asr #16\n\t" \
  "add " all ", " all ", r8\n\t"

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

// On the stack: 0, 4 and 8 the ends of kernel sums, multipliers and shifts, 12 minus the channels
// to come, 16 output, 20 channels, 24 rounding, 28 minimum, 32 maximum, 36 not 0 if those two are
// not int8's, 40 pairs, 44 taps, 48 the first value of all.
__attribute__((naked)) void cortex_m_pair_outputs_of_two(
    const cortex_m_filters *filters __attribute__((unused)),
    const int32_t *pairs __attribute__((unused)), int8_t *output __attribute__((unused))) {
  __asm__ volatile(
      ".syntax unified\n\t"
      "push {r4-r11, lr}\n\t"
      "sub sp, #52\n\t"
      "str r1, [sp, #40]\n\t"
      "str r2, [sp, #16]\n\t"
      "ldm r0, {r1, r3-r10}\n\t"
      "bic r11, r7, #1\n\t"
      "add r3, r3, r11, lsl #2\n\t"
      "add r4, r4, r11, lsl #2\n\t"
      "add r5, r5, r11, lsl #2\n\t"
      "rsb r11, r11, #0\n\t"
      "mov r0, sp\n\t"
      "stm r0, {r3, r4, r5, r11}\n\t"
      "strd r7, r8, [sp, #20]\n\t"
      "strd r9, r10, [sp, #28]\n\t"
      "sub r0, r10, r9\n\t"
      "subs r0, r0, #255\n\t"
      "str r0, [sp, #36]\n\t"
      "str r6, [sp, #44]\n\t"
      "adds r6, #1\n\t"
      "lsrs r6, r6, #1\n\t"
      "movs r3, #0\n\t"
      "sub r3, r3, r6, lsl #15\n\t"
      "str r3, [sp, #48]\n"
      "0:\n\t"
      "ldr r0, [sp, #40]\n\t"
      "ldrd r4, r11, [sp, #44]\n\t"
      "mov lr, r11\n\t"
      "mov r10, #0\n\t"
      "mov r12, #0\n\t"
      "mov r9, #32768\n\t"
      "add r2, r1, r4\n\t"
      "add r3, r0, r4, lsl #2\n\t"
      "lsls r5, r4, #31\n\t"  // an odd tap first
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
      "6:\n\t"
      "sub r4, r11, r10, lsl #16\n\t"
      "sub r5, lr, r12, lsl #16\n\t"
      "ldm sp, {r6, r7, r8, lr}\n\t"
      "add r6, r6, lr, lsl #2\n\t"
      "ldrd r6, r1, [r6]\n\t"
      "add r7, r7, lr, lsl #2\n\t"
      "ldrd r7, r3, [r7]\n\t"
      "add r8, r8, lr, lsl #2\n\t"
      "ldrd r8, r11, [r8]\n\t"
      "adds lr, lr, #2\n\t"
      "str lr, [sp, #12]\n\t"
      "ldr r9, [sp, #24]\n\t"
      "lsl r6, r6, #1\n\t"
      "mvn r8, r8\n\t"
      CORTEX_M_RESCALE("r4") CORTEX_M_RESCALE("r10")
      "lsl r6, r1, #1\n\t"
      "mov r7, r3\n\t"
      "mvn r8, r11\n\t"
      CORTEX_M_RESCALE("r5") CORTEX_M_RESCALE("r12")
      "mov r1, r2\n\t"
      "ldr r0, [sp, #36]\n\t"
      "cbnz r0, 8f\n"
      "9:\n\t"
      "ldrd r0, r3, [sp, #16]\n\t"
      "add r3, r3, r0\n\t"
      "strb r4, [r0]\n\t"
      "strb r5, [r0, #1]\n\t"
      "strb r10, [r3]\n\t"
      "strb r12, [r3, #1]\n\t"
      "adds r0, #2\n\t"
      "str r0, [sp, #16]\n\t"
      "cmp lr, #0\n\t"
      "bne 0b\n\t"
      "add sp, #52\n\t"
      "pop {r4-r11, pc}\n"
      "8:\n\t"
      "ldrd r7, r8, [sp, #28]\n\t"
      CORTEX_M_CLAMP("r4") CORTEX_M_CLAMP("r10") CORTEX_M_CLAMP("r5") CORTEX_M_CLAMP("r12")
      "b 9b\n\t");
}

#endif

#endif
