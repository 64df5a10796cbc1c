// SPDX-License-Identifier: Apache-2.0
#include "conv2d.h"

#include "dot_four.h"

void cortex_m_pixel_outputs(const cortex_m_filters *filters, const int8_t *window,
                            int8_t *output) {
  const int8_t *weight = filters->weight;
  for (int32_t channel = 0; channel < filters->channels;) {
    int32_t sums[CORTEX_M_SCALAR_LANES];
    const int32_t left = filters->channels - channel;
    const int32_t lanes = left < CORTEX_M_SCALAR_LANES ? 1 : CORTEX_M_SCALAR_LANES;
    cortex_m_dot_lanes_scalar(window, weight, lanes == 1 ? 0 : filters->taps, filters->taps, sums);
    weight += lanes * filters->taps;
    for (int32_t lane = 0; lane < lanes; ++lane) {
      const cortex_m_channel by = cortex_m_channel_at(filters->kernel_sum, filters->multipliers,
                                                      filters->shifts, channel);
      output[channel++] = cortex_m_finish(sums[lane], &by, &filters->output);
    }
  }
}
