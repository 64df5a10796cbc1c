// SPDX-License-Identifier: Apache-2.0
#include "conv2d.h"

#include "pairs.h"

void cortex_m_pair_outputs(const cortex_m_filters *filters, const int32_t *pairs, int8_t *first,
                           int8_t *second) {
  const int8_t *weight = filters->weight;
  int32_t step = filters->taps;
  for (int32_t channel = 0; channel < filters->channels; channel += 2) {
    int32_t sums[4];
    const int both = channel + 1 < filters->channels;
    step = both ? step : 0;
    cortex_m_pair_dot(pairs, weight, step, filters->taps, sums);
    weight += 2 * step;
    const cortex_m_channel even =
        cortex_m_channel_at(filters->kernel_sum, filters->multipliers, filters->shifts, channel);
    first[channel] = cortex_m_finish(sums[0], &even, &filters->output);
    second[channel] = cortex_m_finish(sums[1], &even, &filters->output);
    if (both) {
      const cortex_m_channel odd = cortex_m_channel_at(filters->kernel_sum, filters->multipliers,
                                                       filters->shifts, channel + 1);
      first[channel + 1] = cortex_m_finish(sums[2], &odd, &filters->output);
      second[channel + 1] = cortex_m_finish(sums[3], &odd, &filters->output);
    }
  }
}
