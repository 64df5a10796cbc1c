// SPDX-License-Identifier: Apache-2.0
/** int8 in the halves of registers, as the DSP extension multiplies them. Private. */
#ifndef CORTEX_M_KERNELS_HALVES_DSP_H
#define CORTEX_M_KERNELS_HALVES_DSP_H

#include <arm_acle.h>
#include <stdint.h>
#include <string.h>

/** Four elements from any address; one LDR. */
static inline int8x4_t cortex_m_four_at(const int8_t *from) {
  int8x4_t four;
  memcpy(&four, from, sizeof four);
  return four;
}

/** To any address; one STR. */
static inline void cortex_m_put_four(int8_t *to, int8x4_t four) {
  memcpy(to, &four, sizeof four);
}

/** The value in both halves. */
static inline int16x2_t cortex_m_halves(int32_t value) {
  const uint32_t half = (uint32_t)value & 0xffffu;
  return (int16x2_t)(half | half << 16);
}

/** Elements 0 and 2. */
static inline int16x2_t cortex_m_even_halves(int8x4_t four) { return __sxtb16(four); }

/** Elements 1 and 3. */
static inline int16x2_t cortex_m_odd_halves(int8x4_t four) {
  int16x2_t odd;
  // GCC 15 does not fold the rotation into the instruction.
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(four));
  return odd;
}

/** As cortex_m_even_halves, plus `addends`. */
static inline int16x2_t cortex_m_even_plus(int16x2_t addends, int8x4_t four) {
  return __sxtab16(addends, four);
}

/** As cortex_m_odd_halves, plus `addends`. */
static inline int16x2_t cortex_m_odd_plus(int16x2_t addends, int8x4_t four) {
  int16x2_t odd;
  __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(odd) : "r"(addends), "r"(four));
  return odd;
}

#endif  // CORTEX_M_KERNELS_HALVES_DSP_H
