// SPDX-License-Identifier: Apache-2.0
/** Requantization with MVE. Private. */
#ifndef CORTEX_M_KERNELS_REQUANTIZE_MVE_H
#define CORTEX_M_KERNELS_REQUANTIZE_MVE_H

#include <arm_mve.h>
#include <stdint.h>

/** product - (product < 0), so that the rounding shift after it rounds ties away from zero. */
static inline int32x4_t cortex_m_away_mve(int32x4_t product) {
  return vqdmlahq_n_s32(product, product, 1);
}

/**
 * cortex_m_requantize of four lanes, for multipliers that are not negative and shifts -31 .. 0.
 */
static inline int32x4_t cortex_m_requantize_mve(int32x4_t value, int32x4_t multiplier,
                                                int32x4_t shift) {
  const int32x4_t product = vqrdmulhq_s32(value, multiplier);
  return vrshlq_s32(vqdmlahq_n_s32(product, vandq_s32(product, shift), 1), shift);
}

/** As cortex_m_requantize_mve, for shifts -31 .. -1. */
static inline int32x4_t cortex_m_requantize_right_mve(int32x4_t value, int32x4_t multiplier,
                                                      int32x4_t shift) {
  return vrshlq_s32(cortex_m_away_mve(vqrdmulhq_s32(value, multiplier)), shift);
}

/** As cortex_m_requantize_right_mve, of lanes with one multiplier and shift. */
static inline int32x4_t cortex_m_requantize_right_n_mve(int32x4_t value, int32_t multiplier,
                                                  int32_t shift) {
  return vrshlq_n_s32(cortex_m_away_mve(vqrdmulhq_n_s32(value, multiplier)), shift);
}

#endif  // CORTEX_M_KERNELS_REQUANTIZE_MVE_H
