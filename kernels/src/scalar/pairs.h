// SPDX-License-Identifier: Apache-2.0
/** Two output pixels in one multiplication, for cores without SIMD. Private. */
#ifndef CORTEX_M_KERNELS_PAIRS_SCALAR_H
#define CORTEX_M_KERNELS_PAIRS_SCALAR_H

#include <stdint.h>

/**
 * A pair is first + second * 2^16: what one tap reads for each of two output pixels. One product
 * with a weight is the product of both, and the sum of two such products still holds both sums
 * apart:
 *
 *   acc  = second_sum * 2^16 + first_sum, |sums| < 2^15
 *   high = sum over all acc of (acc + 2^15) >> 16 = sum of second * weight
 *   all  = sum over all acc modulo 2^32           = high * 2^16 + sum of first * weight
 *
 * Hence the condition on the weights: of two taps next to each other, not both are -128.
 */

/** The pair of every element of two runs, each `words` (1 or 2) after the last. */
void cortex_m_make_pairs(const int8_t *first, const int8_t *second, int32_t count,
                         int32_t words, int32_t *pairs);

/**
 * Pairs of which one half or both are padding: element * factor + rest for every element of a run,
 * which with a factor of 0 is not read.
 */
void cortex_m_make_padded_pairs(const int8_t *run, int32_t factor, int32_t rest, int32_t count,
                                int32_t words, int32_t *pairs);

/**
 * What the assembly computes, in C: the two sums of one channel.
 *
 * Args:
 *   words: from one tap's pair to the next one's.
 */
static inline void cortex_m_pair_sums(const int32_t *pairs, int32_t words, const int8_t *weight,
                                      int32_t taps, int32_t *sums) {
  uint32_t all = 0;
  uint32_t high = 0;
  for (int32_t tap = 0; tap < taps; tap += 2) {
    uint32_t acc = (uint32_t)pairs[tap * words] * (uint32_t)weight[tap];
    if (tap + 1 < taps) {
      acc += (uint32_t)pairs[(tap + 1) * words] * (uint32_t)weight[tap + 1];
    }
    all += acc;
    high += (uint32_t)((int32_t)(acc + 0x8000u) >> 16);
  }
  sums[0] = (int32_t)(all - (high << 16));
  sums[1] = (int32_t)high;
}

#endif  // CORTEX_M_KERNELS_PAIRS_SCALAR_H
