// SPDX-License-Identifier: Apache-2.0
// Runs the digits model that takes and gives int8: the application quantizes the images and
// dequantizes the scores. Both give what the model with float32 inputs and outputs gives, bit for
// bit. The exit status is 1 if a score differs.

#include <stdint.h>
#include <string.h>

#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"
#include "digits_int8.h"
#include "digits_vectors.h"

static void quantize(const float *image) {
  int8_t *input = digits_int8_input_0();
  for (uint32_t i = 0; i < DIGITS_INT8_INPUT_0_ELEMENTS; ++i) {
    input[i] = cortex_m_quantize(image[i], DIGITS_INT8_INPUT_0_SCALE,
                                 DIGITS_INT8_INPUT_0_ZERO_POINT);
  }
}

static void dequantize(float *scores) {
  const int8_t *output = digits_int8_output_0();
  for (uint32_t i = 0; i < DIGITS_INT8_OUTPUT_0_ELEMENTS; ++i) {
    scores[i] = cortex_m_dequantize(output[i], DIGITS_INT8_OUTPUT_0_SCALE,
                                    DIGITS_INT8_OUTPUT_0_ZERO_POINT);
  }
}

// The order of the scores is that of their integers: an answer needs no float.
static int32_t arg_max(const int8_t *values, uint32_t count) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < count; ++i) {
    if (values[i] > values[best]) {
      best = i;
    }
  }
  return (int32_t)best;
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
    quantize(cortex_m_vectors_tensor(&split, image, 0, &label));

    const uint64_t before = cortex_m_instructions();
    digits_int8_run();
    instructions += cortex_m_instructions() - before;

    float scores[DIGITS_INT8_OUTPUT_0_ELEMENTS];
    dequantize(scores);
    hits += arg_max(digits_int8_output_0(), DIGITS_INT8_OUTPUT_0_ELEMENTS) == label;
    mismatches += memcmp(scores, cortex_m_vectors_tensor(&split, image, 1, 0), sizeof scores) != 0;
  }

  cortex_m_printf("digits in int8 on %s (%s): right %u of %u held-out images, in PyTorch int8 %u\n",
                  CORTEX_M_CORE, CORTEX_M_ISA, (unsigned)hits, (unsigned)split.vector_count,
                  (unsigned)split.int8_correct);
  cortex_m_printf("mismatches %u\n", (unsigned)mismatches);
  cortex_m_printf("arena %u bytes, instructions %u per inference\n",
                  (unsigned)DIGITS_INT8_ARENA_BYTES,
                  (unsigned)(instructions / split.vector_count));
  return mismatches != 0;
}
