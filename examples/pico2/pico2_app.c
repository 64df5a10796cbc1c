// SPDX-License-Identifier: Apache-2.0
// Shows a few handwritten digits and what the perceptron makes of them, then holds its scores for
// the whole held-out split against PyTorch's, bit for bit. Its exit status is 1 if one differs.

#include <stdint.h>
#include <string.h>

#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"
#include "mlp.h"
#include "mlp_vectors.h"

#define SIDE 8
#define SHOWN 3

static int32_t arg_max(const float *values, uint32_t count) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < count; ++i) {
    if (values[i] > values[best]) {
      best = i;
    }
  }
  return (int32_t)best;
}

// Pixels are in [0, 1].
static void show(const float *image, int32_t answer, int32_t label) {
  static const char shades[] = " .:*#";
  for (uint32_t row = 0; row < SIDE; ++row) {
    char line[2 * SIDE + 1];
    for (uint32_t column = 0; column < SIDE; ++column) {
      const char shade = shades[(uint32_t)(4.0f * image[SIDE * row + column] + 0.5f)];
      line[2 * column] = shade;
      line[2 * column + 1] = shade;
    }
    line[2 * SIDE] = '\0';
    cortex_m_printf("  %s\n", line);
  }
  cortex_m_printf("read as %d, labelled %d\n\n", (int)answer, (int)label);
}

int main(void) {
  cortex_m_vectors split;
  const int status = cortex_m_vectors_open_memory(&split, mlp_vectors,
                                                  (uint32_t)(mlp_vectors_end - mlp_vectors));
  if (status != CORTEX_M_VECTORS_OK) {
    cortex_m_printf("mlp_vectors: %s\n", cortex_m_vectors_message(status));
    return 1;
  }

  uint32_t hits = 0;
  uint32_t mismatches = 0;
  for (uint32_t index = 0; index < split.vector_count; ++index) {
    int32_t label;
    const float *image = cortex_m_vectors_tensor(&split, index, 0, &label);
    const float *expected = cortex_m_vectors_tensor(&split, index, 1, 0);

    memcpy(mlp_input_0(), image, MLP_INPUT_0_BYTES);
    mlp_run();

    const float *scores = mlp_output_0();
    const int32_t answer = arg_max(scores, MLP_OUTPUT_0_ELEMENTS);
    hits += answer == label;
    mismatches += memcmp(scores, expected, MLP_OUTPUT_0_BYTES) != 0;
    if (index < SHOWN) {
      show(image, answer, label);
    }
  }
  cortex_m_printf("board %s: accuracy %u/%u, in PyTorch int8 %u, mismatches %u\n", CORTEX_M_BOARD,
                  (unsigned)hits, (unsigned)split.vector_count, (unsigned)split.int8_correct,
                  (unsigned)mismatches);
  cortex_m_printf("arena %u bytes, RAM %u bytes, stack used %u bytes\n",
                  (unsigned)MLP_ARENA_BYTES, (unsigned)cortex_m_ram_bytes(),
                  (unsigned)cortex_m_stack_used());
  return mismatches != 0;
}
