// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "cortex_m/kernels/copy.h"

/** Copies `count` elements, the given strides apart. */
static void copy_run(const uint8_t *input, int32_t input_stride, int32_t count,
                     int32_t element_bytes, uint8_t *output, int32_t output_stride) {
  if (input_stride == 1 && output_stride == 1) {
    memcpy(output, input, (size_t)(count * element_bytes));
    return;
  }
  switch (element_bytes) {
    case 1:
      for (int32_t i = 0; i < count; ++i) {
        *output = *input;
        input += input_stride;
        output += output_stride;
      }
      break;
    case 4: {
      const uint32_t *source = (const uint32_t *)(const void *)input;
      uint32_t *target = (uint32_t *)(void *)output;
      for (int32_t i = 0; i < count; ++i) {
        *target = *source;
        source += input_stride;
        target += output_stride;
      }
      break;
    }
    default:
      for (int32_t i = 0; i < count; ++i) {
        memcpy(output, input, (size_t)element_bytes);
        input += input_stride * element_bytes;
        output += output_stride * element_bytes;
      }
      break;
  }
}

void cortex_m_permute_copy(const void *input, const cortex_m_permute_copy_params *params,
                           void *output) {
  const int32_t outer = params->rank > 0 ? params->rank - 1 : 0;
  const int32_t run = params->rank > 0 ? params->output_dims[outer] : 1;
  const int32_t input_stride = params->rank > 0 ? params->input_strides[outer] : 1;
  const int32_t output_stride = params->rank > 0 ? params->output_strides[outer] : 1;
  const int32_t bytes = params->element_bytes;
  const uint8_t *source = input;
  uint8_t *target = output;
  int32_t index[CORTEX_M_PERMUTE_COPY_RANK] = {0};
  int32_t dimension;
  do {
    copy_run(source, input_stride, run, bytes, target, output_stride);
    // The next run: count up the outer dimensions, the innermost first.
    for (dimension = outer - 1; dimension >= 0; --dimension) {
      const int32_t size = params->output_dims[dimension];
      const int32_t source_step = params->input_strides[dimension] * bytes;
      const int32_t target_step = params->output_strides[dimension] * bytes;
      source += source_step;
      target += target_step;
      if (++index[dimension] < size) {
        break;
      }
      source -= size * source_step;
      target -= size * target_step;
      index[dimension] = 0;
    }
  } while (dimension >= 0);
}
