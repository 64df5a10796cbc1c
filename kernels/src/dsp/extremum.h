// SPDX-License-Identifier: Apache-2.0
/** Minimum and maximum of four int8 at once. Private. */
#ifndef CORTEX_M_KERNELS_EXTREMUM_DSP_H
#define CORTEX_M_KERNELS_EXTREMUM_DSP_H

#include "halves.h"

/** A value within int8, four times. */
static inline int8x4_t cortex_m_four_of(int32_t value) {
  return (int8x4_t)(((uint32_t)value & 0xffu) * 0x01010101u);
}

static inline int8x4_t cortex_m_maximum_of_four(int8x4_t a, int8x4_t b) {
  (void)__ssub8(a, b);  // sets the flags by which SEL chooses
  return (int8x4_t)__sel((uint8x4_t)a, (uint8x4_t)b);
}

static inline int8x4_t cortex_m_minimum_of_four(int8x4_t a, int8x4_t b) {
  (void)__ssub8(a, b);
  return (int8x4_t)__sel((uint8x4_t)b, (uint8x4_t)a);
}

#endif  // CORTEX_M_KERNELS_EXTREMUM_DSP_H
