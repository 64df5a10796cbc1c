// SPDX-License-Identifier: Apache-2.0
/** What the kernels share: requantization, clamping, rounding to int8, windows. Private. */
#ifndef CORTEX_M_KERNELS_SUPPORT_H
#define CORTEX_M_KERNELS_SUPPORT_H

#include <stdint.h>
#include <string.h>

/** a + b modulo 2^32. */
static inline int32_t cortex_m_wrapping_add(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a + (uint32_t)b);
}

/** a * b modulo 2^32. */
static inline int32_t cortex_m_wrapping_multiply(int32_t a, int32_t b) {
  return (int32_t)((uint32_t)a * (uint32_t)b);
}

/** floor(value * multiplier / 2^31 + 1/2), for a multiplier that is not negative. */
static inline int32_t cortex_m_doubling_high_multiply(int32_t value, int32_t multiplier) {
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
  // Armv6-M and Armv8-M Baseline multiply 32 x 32 to 32 bits only: four products of halves are
  // half the price of the library's 64-bit multiplication.
  const int32_t value_high = value >> 16;
  const int32_t value_low = value & 0xffff;
  const int32_t multiplier_high = multiplier >> 16;
  const int32_t multiplier_low = multiplier & 0xffff;
  const uint32_t low = (uint32_t)value_low * (uint32_t)multiplier_low;
  const int32_t middle = value_high * multiplier_low + (int32_t)(low >> 16);
  const int32_t upper = value_low * multiplier_high + (middle & 0xffff);
  const int32_t high = value_high * multiplier_high + (middle >> 16) + (upper >> 16);
  // The 64-bit product is high:upper[15:0]:low[15:0]; its bits 30 and 31 round.
  return (int32_t)(((uint32_t)high << 1) + (((((uint32_t)upper >> 14) & 3u) + 1u) >> 1));
#else
  return (int32_t)(((int64_t)value * multiplier + (1 << 30)) >> 31);
#endif
}

/**
 * requantize_cmsis for every value, multiplier and shift (-63 .. 63): the reference's int64
 * arithmetic, wrapping where it wraps.
 */
int32_t cortex_m_requantize_wide(int64_t value, int32_t multiplier, int32_t shift);

/**
 * value * multiplier * 2^(shift - 31): the product rounded to nearest with ties up, then the right
 * shift with ties away from zero (ExecuTorch's requantize_cmsis).
 */
static inline int32_t cortex_m_requantize(int32_t value, int32_t multiplier, int32_t shift) {
  const uint32_t right = 0u - (uint32_t)shift;
  if (right > 31u || multiplier < 0) {
    return cortex_m_requantize_wide(value, multiplier, shift);
  }
  const int32_t product = cortex_m_doubling_high_multiply(value, multiplier);
  if (right == 0u) {
    return product;
  }
  // |product| < 2^31 because the multiplier is not negative, so that neither sum overflows.
  return ((((product + (product >> 31)) >> (right - 1u)) + 1) >> 1);
}

/** The integer nearest to value + offset (modulo 2^32) in minimum .. maximum. */
static inline int32_t cortex_m_clamp_wide(int32_t value, int32_t offset, int32_t minimum,
                                          int32_t maximum) {
  int32_t result = cortex_m_wrapping_add(value, offset);
  result = result < minimum ? minimum : result;
  result = result > maximum ? maximum : result;
  return result;
}

/** As cortex_m_clamp_wide, for bounds within int8. */
static inline int8_t cortex_m_clamp(int32_t value, int32_t offset, int32_t minimum,
                                    int32_t maximum) {
  return (int8_t)cortex_m_clamp_wide(value, offset, minimum, maximum);
}

/**
 * clamp(round(value) + zero_point, minimum, maximum) with ties to even, for bounds and zero points
 * within int16; 0 for NaN.
 *
 * Works on the bits: on a core without an FPU every float comparison or conversion is a call.
 */
static inline int32_t cortex_m_round(float value, int32_t zero_point, int32_t minimum,
                                     int32_t maximum) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  const uint32_t magnitude = bits & 0x7fffffffu;
  int32_t rounded;
  if (magnitude < 0x4a800000u) {  // 2^22
    // Adding 1.5 * 2^23 leaves the integer, rounded as IEEE additions round, in the low bits.
    const float shifted = value + 12582912.0f;
    memcpy(&bits, &shifted, sizeof bits);
    rounded = (int32_t)(bits - 0x4b400000u);
  } else if (magnitude > 0x7f800000u) {
    return 0;
  } else {
    rounded = (bits >> 31) != 0u ? -0x400000 : 0x400000;
  }
  return cortex_m_clamp_wide(rounded, zero_point, minimum, maximum);
}

/** As cortex_m_round, for bounds within int8. */
static inline int8_t cortex_m_round_to_int8(float value, int32_t zero_point, int32_t minimum,
                                            int32_t maximum) {
  return (int8_t)cortex_m_round(value, zero_point, minimum, maximum);
}

/** Taps [begin, end) of a window fall inside the input; tap i reads origin + i * dilation. */
typedef struct {
  int32_t begin;
  int32_t end;
} cortex_m_window;

static inline cortex_m_window cortex_m_clip_window(int32_t origin, int32_t taps, int32_t dilation,
                                                   int32_t extent) {
  // Counted, not divided: Armv6-M has no division, and windows are small.
  cortex_m_window window = {0, taps};
  while (window.begin < taps && origin + window.begin * dilation < 0) {
    ++window.begin;
  }
  while (window.end > window.begin && origin + (window.end - 1) * dilation >= extent) {
    --window.end;
  }
  return window;
}

#endif  // CORTEX_M_KERNELS_SUPPORT_H
