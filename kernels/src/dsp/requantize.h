// SPDX-License-Identifier: Apache-2.0
/** Requantization with the DSP extension's instructions. Private. */
#ifndef CORTEX_M_KERNELS_REQUANTIZE_DSP_H
#define CORTEX_M_KERNELS_REQUANTIZE_DSP_H

#include <stdint.h>

/**
 * How a channel's sums become outputs: cortex_m_requantize, then the output's offset, for
 * multipliers in 0 .. 2^31-1 and shifts in -23 .. -1.
 */
typedef struct {
  int32_t multiplier;
  int32_t rounding; /**< output offset + 1/2, in units of 2^shift */
  int32_t right;    /**< -shift - 1: SSAT shifts the last bit out */
} cortex_m_requantization_dsp;

/** unit: 2 * the output's offset + 1. */
static inline cortex_m_requantization_dsp cortex_m_requantization(int32_t multiplier,
                                                                  int32_t shift, int32_t unit) {
  const int32_t right = ~shift;
  // As unsigned, because a negative number must not be shifted; |unit| << 22 < 2^30.
  return (cortex_m_requantization_dsp){multiplier, (int32_t)((uint32_t)unit << right), right};
}

/** addend + floor(value * multiplier / 2^32 + 1/2). */
static inline int32_t cortex_m_smmlar(int32_t value, int32_t multiplier, int32_t addend) {
  int32_t result;  // arm_acle.h has no SMMLAR, and GCC does not find it in 64-bit arithmetic.
  __asm__("smmlar %0, %1, %2, %3" : "=r"(result) : "r"(value), "r"(multiplier), "r"(addend));
  return result;
}

/**
 * requantize(doubled / 2) + offset in int8; |doubled| < 2^31.
 *
 * The product is rounded with ties up, the shift with ties away from zero. The latter takes the
 * product's sign; the sum's sign serves too: they differ where the product is 0, which -1 and a
 * half shift to 0 as well.
 */
static inline int32_t cortex_m_requantize_s8(int32_t doubled,
                                             const cortex_m_requantization_dsp *to) {
  int32_t scaled = cortex_m_smmlar(doubled, to->multiplier, to->rounding);
  scaled += doubled >> 31;
  scaled >>= to->right;
  // GCC does not join the last shift and the saturation.
  __asm__("ssat %0, #8, %1, asr #1" : "=r"(scaled) : "r"(scaled));
  return scaled;
}

static inline int32_t cortex_m_limit(int32_t value, int32_t minimum, int32_t maximum) {
  value = value < minimum ? minimum : value;
  return value > maximum ? maximum : value;
}

/**
 * Brings outputs to minimum .. maximum, in a pass of its own: nearly always that is all of int8,
 * to which requantization has saturated them.
 */
void cortex_m_limit_dsp(int8_t *output, int32_t count, int32_t minimum, int32_t maximum);

#endif  // CORTEX_M_KERNELS_REQUANTIZE_DSP_H
