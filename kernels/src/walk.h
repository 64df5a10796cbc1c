// SPDX-License-Identifier: Apache-2.0
/** Walks a tensor's elements in any order of its dimensions. Private. */
#ifndef CORTEX_M_KERNELS_WALK_H
#define CORTEX_M_KERNELS_WALK_H

#include <stdint.h>

/** A position. All zero it is the first one. */
typedef struct {
  int32_t at; /**< in elements */
  int32_t done;
  int32_t index[6];
} cortex_m_walk;

/** Goes on to the next element, the last dimension first; `done` after the last one. */
static inline void cortex_m_step(cortex_m_walk *walk, int32_t rank, const int32_t *dims,
                                 const int32_t *strides) {
  for (int32_t dimension = rank - 1; dimension >= 0; --dimension) {
    walk->at += strides[dimension];
    if (++walk->index[dimension] < dims[dimension]) {
      return;
    }
    walk->at -= dims[dimension] * strides[dimension];
    walk->index[dimension] = 0;
  }
  walk->done = 1;
}

#endif  // CORTEX_M_KERNELS_WALK_H
