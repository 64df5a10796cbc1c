// SPDX-License-Identifier: Apache-2.0
// Several models, one after the other in the RAM of the largest, each on all of its vectors, in turns.

#include <stdint.h>
#include <string.h>

#include "convolutions.h"
#include "convolutions_vectors.h"
#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"
#include "left.h"
#include "left_vectors.h"
#include "right.h"

typedef struct {
  const cortex_m_model *model;
  const uint8_t *vectors;
  const uint8_t *end;
} entry;

static const entry entries[] = {
    {&left_model, left_vectors, left_vectors_end},
    {&convolutions_model, convolutions_vectors, convolutions_vectors_end},
    {&right_model, left_vectors, left_vectors_end},
};

#define ENTRIES (sizeof entries / sizeof entries[0])
#define ROUNDS 4

/** Whether a model gives the outputs of one of its vectors. */
static int agrees(const entry *one, uint32_t number) {
  cortex_m_vectors file;
  if (cortex_m_vectors_open_memory(&file, one->vectors, (uint32_t)(one->end - one->vectors)) !=
      CORTEX_M_VECTORS_OK) {
    return 0;
  }
  const cortex_m_model *model = one->model;
  for (uint32_t i = 0; i < file.input_count; ++i) {
    memcpy(model->inputs[i].data, cortex_m_vectors_tensor(&file, number, i, NULL), file.bytes[i]);
  }
  model->run();
  for (uint32_t i = 0; i < file.output_count; ++i) {
    const uint32_t tensor = file.input_count + i;
    if (memcmp(model->outputs[i].data, cortex_m_vectors_tensor(&file, number, tensor, NULL),
               file.bytes[tensor]) != 0) {
      return 0;
    }
  }
  return 1;
}

int main(void) {
  unsigned wrong = 0;
  for (uint32_t round = 0; round < ROUNDS; ++round) {
    for (uint32_t i = 0; i < ENTRIES; ++i) {
      if (!agrees(&entries[i], round)) {
        cortex_m_printf("%s: vector %u differs\n", entries[i].model->name, (unsigned)round);
        ++wrong;
      }
    }
  }
  cortex_m_printf("%u of %u runs differ\n", wrong, (unsigned)(ROUNDS * ENTRIES));
  return wrong != 0;
}
