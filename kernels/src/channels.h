// SPDX-License-Identifier: Apache-2.0
/** From the sums of some output channels to their outputs. Private. */
#ifndef CORTEX_M_KERNELS_CHANNELS_H
#define CORTEX_M_KERNELS_CHANNELS_H

#include <stdint.h>

/** How the channels' sums become outputs; any multipliers and shifts. */
typedef struct {
  const int32_t *bias; /**< or null */
  const int32_t *multipliers;
  const int32_t *shifts;
  int32_t offset;
  int32_t minimum;
  int32_t maximum;
} cortex_m_channels;

/** Outputs of the sums of channels first .. first + count - 1, of which there are up to 4. */
void cortex_m_finish_channels(const uint32_t *sums, const cortex_m_channels *channels,
                              int32_t first, int32_t count, int8_t *output);

#endif  // CORTEX_M_KERNELS_CHANNELS_H
