// SPDX-License-Identifier: Apache-2.0
/** Requantization for shifts in -31 .. -1 and sums below 2^30, without branches. Private. */
#ifndef CORTEX_M_KERNELS_REQUANTIZE_SCALAR_H
#define CORTEX_M_KERNELS_REQUANTIZE_SCALAR_H

#include "../support.h"

#if defined(__ARM_FEATURE_SAT)
#include <arm_acle.h>
#endif

/** From sum to output of one channel. */
typedef struct {
  int32_t kernel_sum;
  int32_t multiplier;
  int32_t right; /**< minus the shift minus 1: 0 .. 30 */
} cortex_m_channel;

/** What all channels have in common. */
typedef struct {
  int32_t rounding; /**< 2 * output_offset + 1 */
  int32_t minimum;
  int32_t maximum;
} cortex_m_output;

static inline cortex_m_channel cortex_m_channel_at(const int32_t *kernel_sum,
                                                   const int32_t *multipliers,
                                                   const int32_t *shifts, int32_t channel) {
  return (cortex_m_channel){kernel_sum[channel], multipliers[channel], ~shifts[channel]};
}

/** requantize(sum + kernel_sum, ...) + output_offset. */
static inline int32_t cortex_m_rescale(int32_t sum, const cortex_m_channel *channel,
                                       int32_t rounding) {
  const int32_t value = sum + channel->kernel_sum;
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
  // Four products of halves. The 64-bit product is high * 2^32 + upper * 2^16 + 16 bits that do
  // not matter; upper is below 2^31 - 2^14 because a multiplier is below 2^31.
  const int32_t value_low = value & 0xffff;
  const int32_t value_high = value >> 16;
  const int32_t multiplier_low = channel->multiplier & 0xffff;
  const int32_t multiplier_high = channel->multiplier >> 16;
  const uint32_t low = (uint32_t)value_low * (uint32_t)multiplier_low;
  const int32_t middle = value_high * multiplier_low + (int32_t)(low >> 16);
  const int32_t upper = value_low * multiplier_high + (middle & 0xffff);
  const int32_t high = value_high * multiplier_high + (middle >> 16);
  int32_t scaled = high * 2 + ((upper + (1 << 14)) >> 15);
#else
  // Doubled, the product's upper word is the quotient and the lower one's top bit rounds it.
  const int64_t product = (int64_t)(value * 2) * channel->multiplier;
  int32_t scaled = (int32_t)(product >> 32) + (int32_t)((uint32_t)product >> 31);
#endif
  scaled += scaled >> 31;
  return ((scaled >> channel->right) + rounding) >> 1;
}

static inline int8_t cortex_m_narrow(int32_t value, const cortex_m_output *output) {
  value = value < output->minimum ? output->minimum : value;
  return (int8_t)(value > output->maximum ? output->maximum : value);
}

/** clamp(requantize(sum + kernel_sum, ...) + output_offset, minimum, maximum). */
static inline int8_t cortex_m_finish(int32_t sum, const cortex_m_channel *channel,
                                     const cortex_m_output *output) {
  return cortex_m_narrow(cortex_m_rescale(sum, channel, output->rounding), output);
}

/** As cortex_m_finish, of four sums of one channel; their outputs are `step` apart. */
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
void cortex_m_finish_quad(const int32_t *sums, const cortex_m_channel *channel,
                          const cortex_m_output *output, int32_t step, int8_t *to);
#else
static inline void cortex_m_finish_quad(const int32_t *sums, const cortex_m_channel *channel,
                                        const cortex_m_output *output, int32_t step,
                                        int8_t *to) {
  int32_t value_0 = cortex_m_rescale(sums[0], channel, output->rounding);
  int32_t value_1 = cortex_m_rescale(sums[1], channel, output->rounding);
  int32_t value_2 = cortex_m_rescale(sums[2], channel, output->rounding);
  int32_t value_3 = cortex_m_rescale(sums[3], channel, output->rounding);
#if defined(__ARM_FEATURE_SAT)
  // Mostly the activation's range is all of int8, one instruction instead of six.
  if (output->minimum == INT8_MIN && output->maximum == INT8_MAX) {
    to[0] = (int8_t)__ssat(value_0, 8);
    to[step] = (int8_t)__ssat(value_1, 8);
    to[2 * step] = (int8_t)__ssat(value_2, 8);
    to[3 * step] = (int8_t)__ssat(value_3, 8);
    return;
  }
#endif
  to[0] = cortex_m_narrow(value_0, output);
  to[step] = cortex_m_narrow(value_1, output);
  to[2 * step] = cortex_m_narrow(value_2, output);
  to[3 * step] = cortex_m_narrow(value_3, output);
}
#endif

#endif  // CORTEX_M_KERNELS_REQUANTIZE_SCALAR_H
