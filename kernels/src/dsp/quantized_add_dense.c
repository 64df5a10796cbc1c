// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/add.h"
#include "requantize.h"

/** Fraction bits an operand gains before it is scaled (the reference's SHIFT_INT8). */
#define FRACTION_BITS 20

/** How an operand is brought to the common scale. */
typedef struct {
  int32_t gain;   /**< value * gain + offset is the doubled, shifted difference to the zero point */
  int32_t offset;
  int32_t multiplier;
  int32_t half;   /**< 2^(right - 1) */
  int32_t right;
} rescaling;

/** The constants, in the order in which the assembly loads them. */
typedef struct {
  rescaling self;
  rescaling other;
  cortex_m_requantization_dsp output;
} scales;

static rescaling rescaling_of(int32_t zero_point, int32_t multiplier, int32_t shift) {
  // Without a shift the multiplier's last 11 bits are 0, so that the product with 20 fraction bits
  // is exact: one bit more and a shift by one, which then does not round, give the same.
  const int32_t right = shift == 0 ? 1 : -shift;
  const int32_t gain = 1 << (FRACTION_BITS + 1 + (shift == 0 ? 1 : 0));
  return (rescaling){gain, -zero_point * gain, multiplier, 1 << (right - 1), right};
}

static inline int32_t rescale(int32_t value, const rescaling *by) {
  const int32_t doubled = value * by->gain + by->offset;
  return (cortex_m_smmlar(doubled, by->multiplier, by->half) + (doubled >> 31)) >> by->right;
}

// The assembly's r3 .. r6 are four elements' sums.
#define SELF(sum)                  \
  "ldrsb r12, [r0], #1\n"          \
  "mla r12, r12, r7, r8\n"         \
  "smmlar " sum ", r12, r9, r10\n" \
  "add " sum ", " sum ", r12, asr #31\n" \
  "asr " sum ", " sum ", r11\n"
#define OTHER(sum)              \
  "ldrsb r12, [r1], #1\n"       \
  "mla r12, r12, r7, r8\n"      \
  "smmlar lr, r12, r9, r10\n"   \
  "add lr, lr, r12, asr #31\n"  \
  "asr lr, lr, r11\n"           \
  "add " sum ", lr\n"
#define OUTPUT(sum)                       \
  "lsl " sum ", #1\n"                     \
  "smmlar r12, " sum ", r7, r8\n"         \
  "add r12, r12, " sum ", asr #31\n"      \
  "asr r12, r12, r9\n"                    \
  "ssat r12, #8, r12, asr #1\n"           \
  "strb r12, [r2], #1\n"

/**
 * Elements up to end, four at a time, of which there are some.
 *
 * In assembly, because there are more constants than registers: loaded together, once for four
 * elements, they need 20 instructions for an element where GCC 15 needs 29.
 */
__attribute__((naked, noinline)) static void add_fours(
    const int8_t *self __attribute__((unused)), const int8_t *other __attribute__((unused)),
    int8_t *output __attribute__((unused)), const scales *by __attribute__((unused)),
    const int8_t *end __attribute__((unused))) {
  __asm__ volatile(
      "ldr r12, [sp]\n"
      "push {r4-r11, lr}\n"
      "push {r3, r12}\n"
      "1:\n"
      "ldr r12, [sp]\n"
      "ldmia r12, {r7-r11}\n"
      SELF("r3") SELF("r4") SELF("r5") SELF("r6")
      "ldr r12, [sp]\n"
      "add r12, %[other]\n"
      "ldmia r12, {r7-r11}\n"
      OTHER("r3") OTHER("r4") OTHER("r5") OTHER("r6")
      "ldr r12, [sp]\n"
      "add r12, %[output]\n"
      "ldmia r12, {r7-r9}\n"
      OUTPUT("r3") OUTPUT("r4") OUTPUT("r5") OUTPUT("r6")
      "ldr r12, [sp, #4]\n"
      "cmp r2, r12\n"
      "bne 1b\n"
      "add sp, #8\n"
      "pop {r4-r11, pc}\n"
      :
      : [other] "i"(offsetof(scales, other)), [output] "i"(offsetof(scales, output)));
}

void cortex_m_quantized_add_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_add_params *params, int8_t *output) {
  const scales by = {
      rescaling_of(params->self_zero_point, params->self_multiplier, params->self_shift),
      rescaling_of(params->other_zero_point, params->other_multiplier, params->other_shift),
      cortex_m_requantization(params->output_multiplier, params->output_shift,
                              2 * params->output_zero_point + 1),
  };
  const int32_t count = params->shape.output_dims[0];
  const int32_t fours = count - count % 4;
  if (fours != 0) {
    add_fours(self, other, output, &by, output + fours);
  }
  for (int32_t i = fours; i < count; ++i) {
    const int32_t sum = rescale(self[i], &by.self) + rescale(other[i], &by.other);
    output[i] = (int8_t)cortex_m_requantize_s8(sum * 2, &by.output);
  }
  cortex_m_limit_dsp(output, count, params->activation_min, params->activation_max);
}
