// SPDX-License-Identifier: Apache-2.0
#include "permute_runs.h"

#include <stddef.h>
#include <string.h>

/** Copies one after the other; four a turn, or the loop would be half of the instructions. */
#define COPY(type)                                        \
  do {                                                    \
    const type *from = (const type *)(const void *)input; \
    type *to = (type *)(void *)output;                    \
    for (; left >= 4; left -= 4) {                        \
      COPY_ONE;                                           \
      COPY_ONE;                                           \
      COPY_ONE;                                           \
      COPY_ONE;                                           \
    }                                                     \
    for (; left > 0; --left) {                            \
      COPY_ONE;                                           \
    }                                                     \
  } while (0)

#define COPY_ONE          \
  do {                    \
    *to = *from;          \
    from += input_stride; \
    to += output_stride;  \
  } while (0)

void cortex_m_copy_run_singly(const cortex_m_permute_run *run, const uint8_t *input,
                              uint8_t *output) {
  const int32_t input_stride = run->input_stride;
  const int32_t output_stride = run->output_stride;
  int32_t left = run->count;
  if (input_stride == 1 && output_stride == 1) {
    memcpy(output, input, (size_t)(left * run->element_bytes));
    return;
  }
  switch (run->element_bytes) {
    case 1:
      COPY(uint8_t);
      break;
    case 2:
      COPY(uint16_t);
      break;
    case 4:
      COPY(uint32_t);
      break;
    default:
      COPY(uint64_t);
      break;
  }
}

/**
 * The dimension whose elements are copied in one run: any will do, each output element is written
 * once. The longest one, but rather one that is contiguous in both and not much shorter.
 */
static int32_t find_run(const cortex_m_permute_copy_params *params) {
  int32_t longest = params->rank - 1;
  int32_t length = 0;
  for (int32_t dimension = params->rank - 1; dimension >= 0; --dimension) {
    const int contiguous =
        params->input_strides[dimension] == 1 && params->output_strides[dimension] == 1;
    const int32_t weight = params->output_dims[dimension] * (contiguous ? 8 : 1);
    if (weight > length) {
      longest = dimension;
      length = weight;
    }
  }
  return longest;
}

void cortex_m_permute_runs(const void *input, const cortex_m_permute_copy_params *params,
                           cortex_m_copy_run *copy, void *output) {
  const int32_t bytes = params->element_bytes;
  const int32_t inner = find_run(params);
  cortex_m_permute_run run = {1, bytes, 1, 1};
  if (inner >= 0) {
    run.count = params->output_dims[inner];
    run.input_stride = params->input_strides[inner];
    run.output_stride = params->output_strides[inner];
  }
  const uint8_t *source = input;
  uint8_t *target = output;
  int32_t index[CORTEX_M_PERMUTE_COPY_RANK] = {0};
  int32_t dimension;
  do {
    copy(&run, source, target);
    // The next run: count up the other dimensions, the innermost first.
    for (dimension = params->rank - 1; dimension >= 0; --dimension) {
      if (dimension == inner) {
        continue;
      }
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
