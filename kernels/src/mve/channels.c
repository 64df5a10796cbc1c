// SPDX-License-Identifier: Apache-2.0
#include "../channels.h"

#include <arm_mve.h>
#include <stddef.h>

#include "requantize.h"
#include "../support.h"

void cortex_m_finish_channels(const uint32_t *sums, const cortex_m_channels *channels,
                              int32_t first, int32_t count, int8_t *output) {
  const mve_pred16_t lanes = vctp32q((uint32_t)count);
  const int32x4_t multiplier = vldrwq_z_s32(channels->multipliers + first, lanes);
  const int32x4_t shift = vldrwq_z_s32(channels->shifts + first, lanes);
  int32x4_t value = vldrwq_z_s32((const int32_t *)sums, lanes);
  if (channels->bias != NULL) {
    value = vaddq_s32(value, vldrwq_z_s32(channels->bias + first, lanes));
  }
  // Lanes that requantization by vectors is not for: the sign bit tells all three.
  const int32x4_t unfit = vorrq_s32(vorrq_s32(multiplier, vnegq_s32(shift)),
                                    vaddq_n_s32(shift, 31));
  if (vcmpltq_n_s32(unfit, 0) != 0) {
    int32_t values[4];
    vstrwq_s32(values, value);
    for (int32_t i = 0; i < count; ++i) {
      values[i] = cortex_m_requantize(values[i], channels->multipliers[first + i],
                                      channels->shifts[first + i]);
    }
    value = vldrwq_s32(values);
  } else {
    value = cortex_m_requantize_mve(value, multiplier, shift);
  }
  value = vaddq_n_s32(value, channels->offset);
  value = vmaxq_s32(value, vdupq_n_s32(channels->minimum));
  value = vminq_s32(value, vdupq_n_s32(channels->maximum));
  vstrbq_p_s32(output, value, lanes);
}
