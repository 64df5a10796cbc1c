// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/index.h"

#include <stddef.h>
#include <string.h>

/** An index as a position inside the dimension. */
static int32_t position(const void *index, int32_t at, int32_t index_bytes, int32_t size) {
  int64_t value = index_bytes == 8 ? ((const int64_t *)index)[at] : ((const int32_t *)index)[at];
  value += value < 0 ? size : 0;
  value = value < 0 ? 0 : value;
  return value < size ? (int32_t)value : size - 1;
}

void cortex_m_index(const void *input, const void *index_0, const void *index_1,
                    const void *index_2, const void *index_3, const cortex_m_index_params *params,
                    void *output) {
  const void *const indices[CORTEX_M_INDEX_RANK] = {index_0, index_1, index_2, index_3};
  const size_t bytes = (size_t)params->inner_bytes;
  size_t outer_bytes = bytes;
  for (int32_t t = 0; t < params->indexed; ++t) {
    outer_bytes *= (size_t)params->sizes[t];
  }
  const uint8_t *source = input;
  uint8_t *target = output;
  for (int32_t outer = 0; outer < params->outer; ++outer) {
    int32_t counter[CORTEX_M_INDEX_RANK] = {0};
    int32_t at[CORTEX_M_INDEX_RANK] = {0};
    int32_t dimension;
    do {
      int32_t selected = 0;
      for (int32_t t = 0; t < params->indexed; ++t) {
        const int32_t size = params->sizes[t];
        selected = selected * size + position(indices[t], at[t], params->index_bytes, size);
      }
      memcpy(target, source + (size_t)selected * bytes, bytes);
      target += bytes;
      for (dimension = params->rank - 1; dimension >= 0; --dimension) {
        const int32_t size = params->dims[dimension];
        const int32_t wraps = ++counter[dimension] == size;
        for (int32_t t = 0; t < params->indexed; ++t) {
          const int32_t stride = params->strides[t * CORTEX_M_INDEX_RANK + dimension];
          at[t] += wraps ? stride - size * stride : stride;
        }
        if (!wraps) {
          break;
        }
        counter[dimension] = 0;
      }
    } while (dimension >= 0);
    source += outer_bytes;
  }
}
