// SPDX-License-Identifier: Apache-2.0
// The flagship application: classifies the whole held-out split of examples/digits on the core
// and holds every output against PyTorch's, bit for bit. Its exit status is 1 if one differs.

#include <stdint.h>
#include <string.h>

#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"
#include "digits.h"
#include "digits_vectors.h"

static int32_t arg_max(const float *values, uint32_t count) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < count; ++i) {
    if (values[i] > values[best]) {
      best = i;
    }
  }
  return (int32_t)best;
}

// In hundredths of a percent: the console shows no floats.
static void print_accuracy(const char *where, uint32_t hits, uint32_t images) {
  const uint32_t share = (10000u * hits + images / 2u) / images;
  cortex_m_printf("accuracy %s %u/%u, %u.%02u %%\n", where, (unsigned)hits, (unsigned)images,
                  (unsigned)(share / 100u), (unsigned)(share % 100u));
}

int main(void) {
  cortex_m_vectors split;
  const int status = cortex_m_vectors_open_memory(&split, digits_vectors,
                                                  (uint32_t)(digits_vectors_end - digits_vectors));
  if (status != CORTEX_M_VECTORS_OK) {
    cortex_m_printf("digits_vectors: %s\n", cortex_m_vectors_message(status));
    return 1;
  }

  uint32_t hits = 0;
  uint32_t mismatches = 0;
  uint64_t instructions = 0;
  for (uint32_t image = 0; image < split.vector_count; ++image) {
    int32_t label;
    const float *input = cortex_m_vectors_tensor(&split, image, 0, &label);
    const float *expected = cortex_m_vectors_tensor(&split, image, 1, 0);

    memcpy(digits_input_0(), input, DIGITS_INPUT_0_BYTES);
    const uint64_t before = cortex_m_instructions();
    digits_run();
    instructions += cortex_m_instructions() - before;

    const float *output = digits_output_0();
    hits += arg_max(output, DIGITS_OUTPUT_0_ELEMENTS) == label;
    mismatches += memcmp(output, expected, DIGITS_OUTPUT_0_BYTES) != 0;
  }

  cortex_m_printf("digits on %s (%s), board %s: %u held-out images\n", CORTEX_M_CORE, CORTEX_M_ISA,
                  CORTEX_M_BOARD, (unsigned)split.vector_count);
  print_accuracy("on device", hits, split.vector_count);
  print_accuracy("in PyTorch int8", (uint32_t)split.int8_correct, split.vector_count);
  print_accuracy("in PyTorch float", (uint32_t)split.float_correct, split.vector_count);
  cortex_m_printf("mismatches %u\n", (unsigned)mismatches);
  cortex_m_printf("arena %u bytes, RAM %u bytes, stack used %u of %u bytes\n",
                  (unsigned)DIGITS_ARENA_BYTES, (unsigned)cortex_m_ram_bytes(),
                  (unsigned)cortex_m_stack_used(), (unsigned)cortex_m_stack_bytes());
  cortex_m_printf("flash %u bytes, of them the images %u\n", (unsigned)cortex_m_flash_bytes(),
                  (unsigned)(digits_vectors_end - digits_vectors));
  cortex_m_printf("instructions %u per inference\n",
                  (unsigned)(instructions / split.vector_count));
  return mismatches != 0;
}
