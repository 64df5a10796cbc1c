// SPDX-License-Identifier: Apache-2.0
/** Floats as their parts, for cores without an FPU. Private. */
#ifndef CORTEX_M_KERNELS_FLOAT_BITS_H
#define CORTEX_M_KERNELS_FLOAT_BITS_H

#include <stdint.h>
#include <string.h>

#if defined(__arm__) && !defined(__ARM_FP)
#define CORTEX_M_SOFT_FLOAT 1
#else
#define CORTEX_M_SOFT_FLOAT 0
#endif

static inline uint32_t cortex_m_bits_of(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

static inline float cortex_m_float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/** The exponent's field: 127 for 1.0. */
static inline int32_t cortex_m_exponent(uint32_t bits) { return (int32_t)((bits << 1) >> 24); }

#endif  // CORTEX_M_KERNELS_FLOAT_BITS_H
