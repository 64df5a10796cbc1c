// SPDX-License-Identifier: Apache-2.0
#include "channels.h"

#include <stddef.h>

#include "support.h"

void cortex_m_finish_channels(const uint32_t *sums, const cortex_m_channels *channels,
                              int32_t first, int32_t count, int8_t *output) {
  const cortex_m_channels to = *channels;  // an int8 may alias them
  for (int32_t channel = first; channel < first + count; ++channel) {
    const uint32_t sum = *sums++ + (to.bias != NULL ? (uint32_t)to.bias[channel] : 0u);
    const int32_t scaled =
        cortex_m_requantize((int32_t)sum, to.multipliers[channel], to.shifts[channel]);
    *output++ = cortex_m_clamp(scaled, to.offset, to.minimum, to.maximum);
  }
}
