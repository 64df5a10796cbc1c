// SPDX-License-Identifier: Apache-2.0
/** Walks the output of a pooling. Private. */
#ifndef CORTEX_M_KERNELS_POOL2D_F32_H
#define CORTEX_M_KERNELS_POOL2D_F32_H

#include "cortex_m/kernels/dims.h"

/** Position of an element by its strides. */
static inline int32_t cortex_m_at(cortex_m_dims strides, int32_t n, int32_t h, int32_t w,
                                  int32_t c) {
  return n * strides.n + h * strides.h + w * strides.w + c * strides.c;
}

/** Runs the statement after it for every n, c, y, x of the output's dims. */
#define CORTEX_M_FOR_EACH_OUTPUT(dims)        \
  for (int32_t n = 0; n < (dims).n; ++n)      \
    for (int32_t c = 0; c < (dims).c; ++c)    \
      for (int32_t y = 0; y < (dims).h; ++y)  \
        for (int32_t x = 0; x < (dims).w; ++x)

#endif  // CORTEX_M_KERNELS_POOL2D_F32_H
