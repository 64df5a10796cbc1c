// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "cortex_m/kernels/copy.h"

/** Copies `count` elements, `stride` elements apart in the input, next to each other. */
static void copy_run(const uint8_t *input, int32_t stride, int32_t count, int32_t element_bytes,
                     uint8_t *output) {
  if (stride == 1) {
    memcpy(output, input, (size_t)(count * element_bytes));
    return;
  }
  switch (element_bytes) {
    case 1:
      for (int32_t i = 0; i < count; ++i) {
        output[i] = *input;
        input += stride;
      }
      break;
    case 4: {
      const uint32_t *source = (const uint32_t *)(const void *)input;
      uint32_t *target = (uint32_t *)(void *)output;
      for (int32_t i = 0; i < count; ++i) {
        target[i] = *source;
        source += stride;
      }
      break;
    }
    default:
      for (int32_t i = 0; i < count; ++i) {
        memcpy(output, input, (size_t)element_bytes);
        input += stride * element_bytes;
        output += element_bytes;
      }
      break;
  }
}

void cortex_m_permute_copy(const void *input, const cortex_m_permute_copy_params *params,
                           void *output) {
  const int32_t outer = params->rank > 0 ? params->rank - 1 : 0;
  const int32_t run = params->rank > 0 ? params->output_dims[outer] : 1;
  const int32_t run_stride = params->rank > 0 ? params->input_strides[outer] : 1;
  const int32_t bytes = params->element_bytes;
  const uint8_t *source = input;
  uint8_t *target = output;
  int32_t index[CORTEX_M_PERMUTE_COPY_RANK] = {0};
  int32_t dimension;
  do {
    copy_run(source, run_stride, run, bytes, target);
    target += run * bytes;
    // The next run: count up the outer dimensions, the innermost first.
    for (dimension = outer - 1; dimension >= 0; --dimension) {
      source += params->input_strides[dimension] * bytes;
      if (++index[dimension] < params->output_dims[dimension]) {
        break;
      }
      source -= params->output_dims[dimension] * params->input_strides[dimension] * bytes;
      index[dimension] = 0;
    }
  } while (dimension >= 0);
}
