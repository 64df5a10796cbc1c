// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_KERNELS_DIMS_H
#define CORTEX_M_KERNELS_DIMS_H

#include <stdint.h>

/**
 * Shape of a four-dimensional tensor in memory order.
 *
 * For an activation: batch, height, width, channels (NHWC). For a convolution's filter:
 * output channels, height, width, input channels of one group (OHWI). For a depthwise filter:
 * 1, height, width, output channels (IHWO).
 */
typedef struct {
  int32_t n;
  int32_t h;
  int32_t w;
  int32_t c;
} cortex_m_dims;

#endif  // CORTEX_M_KERNELS_DIMS_H
