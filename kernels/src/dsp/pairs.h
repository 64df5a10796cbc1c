// SPDX-License-Identifier: Apache-2.0
/**
 * Products of inputs with paired weights. Private.
 *
 * Paired weights hold two output channels, "even" and "odd", in one block. For every four inputs
 * i .. i + 3 it has eight bytes: even + 128 and odd of the inputs i, i + 2, i + 1, i + 3. Bytes of
 * inputs that the last four lack, and of the channel that an odd number of channels lacks, may be
 * anything. A block is aligned to 4 bytes.
 *
 * One SMLAD with such a word as it lies in memory makes the sum of
 * input * (even + 128 + 256 * odd), one more with its zero-extended low bytes that of
 * input * (even + 128), so that one UXTB16 does what takes four SXTB16 where each channel has words
 * of its own. The odd channel's sum is known modulo 2^24.
 */
#ifndef CORTEX_M_KERNELS_PAIRS_DSP_H
#define CORTEX_M_KERNELS_PAIRS_DSP_H

#include <stdint.h>

/** Fours of inputs. */
static inline int32_t cortex_m_groups(int32_t inputs) {
  return (int32_t)((uint32_t)(inputs + 3) / 4);
}

/** Bytes of a block of paired weights. */
static inline int32_t cortex_m_pair_bytes(int32_t inputs) { return cortex_m_groups(inputs) * 8; }

/** The sums of a pair of channels for one vector of inputs. */
typedef struct {
  int32_t even;
  int32_t both; /**< even + 256 * odd, modulo 2^32 */
} cortex_m_pair_sums;

/** 2 * (even + start). */
static inline int32_t cortex_m_double_even(cortex_m_pair_sums sums, int32_t start) {
  return (sums.even + start) * 2;
}

/** 2 * (odd + start); |odd| < 2^23. */
static inline int32_t cortex_m_double_odd(cortex_m_pair_sums sums, int32_t start) {
  return ((int32_t)((uint32_t)sums.both - (uint32_t)sums.even) >> 7) + start * 2;
}

/** -128 * sum of the inputs, what sums start from: the 128 that the even weights have too much. */
int32_t cortex_m_pair_start_dsp(const int8_t *input, int32_t inputs);

/** Sums, from start on, of a vector of int8 inputs, at any address, with two pairs of channels. */
void cortex_m_dot_vector_dsp(const int8_t *input, const int8_t *pair_0, const int8_t *pair_1,
                             int32_t inputs, int32_t start, cortex_m_pair_sums sums[2]);

#endif  // CORTEX_M_KERNELS_PAIRS_DSP_H
