// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "cortex_m/kernels/binary.h"

void cortex_m_where(const uint8_t *condition, const void *self, const void *other,
                    const cortex_m_where_params *params, void *output) {
  const int32_t bytes = params->element_bytes;
  const uint8_t *yes = self;
  const uint8_t *no = other;
  uint8_t *target = output;
  int32_t index[CORTEX_M_BROADCAST_RANK] = {0};
  int32_t dimension;
  do {
    memcpy(target, *condition != 0 ? yes : no, (size_t)bytes);
    target += bytes;
    for (dimension = params->rank - 1; dimension >= 0; --dimension) {
      const int32_t size = params->output_dims[dimension];
      const int32_t wraps = ++index[dimension] == size;
      const int32_t steps = wraps ? 1 - size : 1;
      condition += steps * params->condition_strides[dimension];
      yes += steps * params->self_strides[dimension] * bytes;
      no += steps * params->other_strides[dimension] * bytes;
      if (!wraps) {
        break;
      }
      index[dimension] = 0;
    }
  } while (dimension >= 0);
}
