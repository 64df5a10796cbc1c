// SPDX-License-Identifier: Apache-2.0
#include "conv2d.h"

#include "pairs.h"
#include "requantize.h"

// Products of both columns with a pair of channels. Every instruction is 4 bytes long, so that the
// loop can be entered in its middle.
#define UNROLL 4
#define GROUP               \
  "ldrd r7, r12, [r1], #8\n" \
  "ldmia.w r0!, {r8-r11}\n" \
  "smlad r4, r8, r7, r4\n"  \
  "smlad r6, r10, r7, r6\n" \
  "uxtb16 r7, r7\n"         \
  "smlad r4, r9, r12, r4\n" \
  "smlad r6, r11, r12, r6\n" \
  "uxtb16 r12, r12\n"       \
  "smlad r3, r8, r7, r3\n"  \
  "smlad r5, r10, r7, r5\n" \
  "smlad r3, r9, r12, r3\n" \
  "smlad r5, r11, r12, r5\n"
#define GROUP_BYTES 48

cortex_m_conv2d_layer cortex_m_conv2d_layer_dsp(const int8_t *weight, const int32_t *kernel_sum,
                                                const int32_t *multipliers, const int32_t *shifts,
                                                int32_t inputs, int32_t channels,
                                                int32_t output_offset) {
  const uint32_t groups = (uint32_t)cortex_m_groups(inputs);
  return (cortex_m_conv2d_layer){multipliers + channels,
                                 shifts + channels,
                                 kernel_sum + channels,
                                 2 * output_offset + 1,
                                 (groups + UNROLL - 1) / UNROLL,
                                 -groups % UNROLL * GROUP_BYTES,
                                 weight,
                                 -4 * channels,
                                 inputs,
                                 channels};
}

// The outputs of a channel from the doubled sums of both pixels; the second pixel first, because
// without one both go to the same place.
#define REQUANTIZE(first, second, multiplier, rounding, right, free)            \
  "smmlar " free ", " second ", " multiplier ", " rounding "\n"                 \
  "add " free ", " free ", " second ", asr #31\n"                               \
  "smmlar " second ", " first ", " multiplier ", " rounding "\n"                \
  "add " second ", " second ", " first ", asr #31\n"                            \
  "asr " free ", " free ", " right "\n"                                         \
  "asr " second ", " second ", " right "\n"                                     \
  "ssat " free ", #8, " free ", asr #1\n"                                       \
  "ssat " second ", #8, " second ", asr #1\n"

// In assembly throughout, because 14 values are alive in the loop over the inputs: GCC 15 spills
// there, and round a loop in assembly it needs 65 instructions for four outputs, not 49.
__attribute__((naked)) void cortex_m_output_columns_dsp(
    const cortex_m_conv2d_layer *layer __attribute__((unused)),
    const uint32_t *columns __attribute__((unused)), const int32_t *starts __attribute__((unused)),
    int32_t second __attribute__((unused)), int8_t *output __attribute__((unused))) {
  __asm__ volatile(
      "ldr r12, [sp]\n"
      "push {r4-r11, lr}\n"
      "sub sp, #52\n"
      "ldmia r0, {r4-r11}\n"
      "ldmia r2, {r0, r2}\n"
      "stmia sp, {r4-r7}\n"  // multipliers, shifts, kernel_sum, unit
      "strd r1, r8, [sp, #16]\n"  // columns, rounds
      "strd r0, r0, [sp, #24]\n"  // starts
      "strd r2, r2, [sp, #32]\n"
      "str r9, [sp, #40]\n"  // entry
      "strd r12, r3, [sp, #44]\n"  // output, second
      "mov r1, r10\n"
      "mov lr, r11\n"
      ".balign 4\n"
      "2:\n"
      "add.w r7, sp, #16\n"
      "ldmia.w r7, {r0, r2-r7}\n"
      "add pc, r7\n"
      "nop\n"
      "1:\n" GROUP GROUP GROUP GROUP
      "subs r2, #1\n"
      "bne 1b\n"
      "sub r4, r3\n"
      "sub r6, r5\n"
      // The even channel.
      "ldmia sp, {r0, r2, r7, r8}\n"
      "ldr r9, [r0, lr]\n"
      "ldr r10, [r2, lr]\n"
      "ldr r11, [r7, lr]\n"
      "mvn r10, r10\n"
      "lsl r12, r8, r10\n"
      "lsl r11, #1\n"
      "add r3, r11, r3, lsl #1\n"
      "add r5, r11, r5, lsl #1\n"
      REQUANTIZE("r3", "r5", "r9", "r12", "r10", "r11")
      "ldrd r9, r12, [sp, #44]\n"
      "strb r11, [r9, r12]\n"
      "strb r5, [r9], #1\n"
      "adds lr, #4\n"
      "beq 3f\n"
      // The odd one.
      "ldr r3, [r0, lr]\n"
      "ldr r5, [r2, lr]\n"
      "ldr r11, [r7, lr]\n"
      "mvn r5, r5\n"
      "lsl r10, r8, r5\n"
      "lsl r11, #1\n"
      "add r4, r11, r4, asr #7\n"
      "add r6, r11, r6, asr #7\n"
      REQUANTIZE("r4", "r6", "r3", "r10", "r5", "r11")
      "strb r11, [r9, r12]\n"
      "strb r6, [r9], #1\n"
      "str r9, [sp, #44]\n"
      "adds lr, #4\n"
      "bne 2b\n"
      "3:\n"
      "add sp, #52\n"
      "pop {r4-r11, pc}\n");
}

/** An output of a channel, counted from the last, of its doubled sum. */
static inline int8_t requantized(const cortex_m_conv2d_layer *of, int32_t channel,
                                 int32_t doubled) {
  const cortex_m_requantization_dsp to =
      cortex_m_requantization(of->multipliers[channel], of->shifts[channel], of->unit);
  return (int8_t)cortex_m_requantize_s8(doubled, &to);
}

void cortex_m_output_vector_dsp(const cortex_m_conv2d_layer *of, const int8_t *input,
                                int8_t *output) {
  const int32_t pair_bytes = cortex_m_pair_bytes(of->inputs);
  const int32_t start = cortex_m_pair_start_dsp(input, of->inputs);
  const int8_t *pair = of->weight;
  for (int32_t channel = -of->channels; channel < 0;) {
    cortex_m_pair_sums sums[2];
    cortex_m_dot_vector_dsp(input, pair, channel < -2 ? pair + pair_bytes : pair, of->inputs,
                            start, sums);
    pair += 2 * pair_bytes;
    for (int32_t i = 0; i < 2 && channel < 0; ++i) {
      const cortex_m_pair_sums sum = sums[i];
      *output++ =
          requantized(of, channel, cortex_m_double_even(sum, of->kernel_sum[channel]));
      if (++channel == 0) {
        break;
      }
      *output++ = requantized(of, channel, cortex_m_double_odd(sum, of->kernel_sum[channel]));
      ++channel;
    }
  }
}
