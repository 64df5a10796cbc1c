// SPDX-License-Identifier: Apache-2.0
/*
 * Classifies the labelled vectors of a file on the host and holds the share of right answers
 * against a bound.
 *
 * Compile it once per model, with the model's header and symbol:
 *
 *   -DCORTEX_M_MODEL_HEADER='"digits.h"' -DCORTEX_M_MODEL=digits_model
 *
 * The last two words of the semihosting command line are the bound in millionths and the .vectors
 * file. An answer is the largest element of the first output, the first one among equals. Exit
 * status: 0 if the accuracy is at least the bound, else 1.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "cortex_m/model.h"
#include "cortex_m/runtime.h"
#include "plan/device/host_vectors.h"

#include CORTEX_M_MODEL_HEADER

enum { PASSED = 0, FAILED = 1, MILLION = 1000000 };

/* A confusion matrix for up to so many classes, else hits per class, else totals alone. */
enum { MATRIX_CLASSES = 12, COUNTED_CLASSES = 64, SHOWN_CLASSES = 5 };

/* Static, not on the stack, which may be small. */
static char command_line[HOST_COMMAND_LINE_BYTES];
static host_vectors file;

static struct {
  uint32_t vectors;
  uint32_t hits;
  uint64_t instructions;
} total;

static union {
  uint32_t matrix[MATRIX_CLASSES][MATRIX_CLASSES]; /* label, answer */
  struct {
    uint32_t vectors;
    uint32_t hits;
  } classes[COUNTED_CLASSES];
} count;

/* Whether an element of a tensor is larger than another. */
static bool is_larger(const cortex_m_tensor *tensor, uint32_t one, uint32_t other) {
  const void *data = tensor->data;
  switch (tensor->dtype) {
    case CORTEX_M_FLOAT32:
      return ((const float *)data)[one] > ((const float *)data)[other];
    case CORTEX_M_INT8:
      return ((const int8_t *)data)[one] > ((const int8_t *)data)[other];
    case CORTEX_M_INT16:
      return ((const int16_t *)data)[one] > ((const int16_t *)data)[other];
    case CORTEX_M_INT32:
      return ((const int32_t *)data)[one] > ((const int32_t *)data)[other];
    case CORTEX_M_INT64:
      return ((const int64_t *)data)[one] > ((const int64_t *)data)[other];
    default: /* uint8, bool */
      return ((const uint8_t *)data)[one] > ((const uint8_t *)data)[other];
  }
}

static uint32_t answer_of(const cortex_m_tensor *output) {
  uint32_t best = 0;
  for (uint32_t i = 1; i < output->elements; ++i) {
    if (is_larger(output, i, best)) {
      best = i;
    }
  }
  return best;
}

static void count_answer(uint32_t classes, uint32_t label, uint32_t answer) {
  ++total.vectors;
  total.hits += label == answer;
  if (label >= classes) {
    return;
  }
  if (classes <= MATRIX_CLASSES) {
    ++count.matrix[label][answer];
  } else if (classes <= COUNTED_CLASSES) {
    ++count.classes[label].vectors;
    count.classes[label].hits += label == answer;
  }
}

/* Runs all vectors; returns the status that ended it. */
static int classify(const cortex_m_model *model) {
  const cortex_m_tensor *output = &model->outputs[0];
  for (;;) {
    int32_t label;
    int status = cortex_m_vectors_next(&file.vectors, &label);
    if (status == CORTEX_M_VECTORS_OK) {
      status = host_vectors_take_inputs(&file, model);
    }
    if (status != CORTEX_M_VECTORS_OK) {
      return status;
    }
    const uint64_t start = cortex_m_instructions();
    model->run();
    total.instructions += cortex_m_instructions() - start;
    count_answer(output->elements, (uint32_t)label, answer_of(output));
  }
}

/* In hundredths of a percent: the console shows no floats. */
static void print_accuracy(const char *where, uint32_t hits) {
  const uint32_t share =
      (uint32_t)((UINT64_C(10000) * hits + total.vectors / 2U) / total.vectors);
  cortex_m_printf("accuracy %s %" PRIu32 "/%" PRIu32 ", %" PRIu32 ".%02" PRIu32 " %%\n", where,
                  hits, total.vectors, share / 100U, share % 100U);
}

static void print_matrix(uint32_t classes) {
  cortex_m_write("answers (columns) by label (rows):\n     ");
  for (uint32_t answer = 0; answer < classes; ++answer) {
    cortex_m_printf("%6" PRIu32, answer);
  }
  for (uint32_t label = 0; label < classes; ++label) {
    cortex_m_printf("\n%5" PRIu32, label);
    for (uint32_t answer = 0; answer < classes; ++answer) {
      if (count.matrix[label][answer] == 0) {
        cortex_m_write("     .");
      } else {
        cortex_m_printf("%6" PRIu32, count.matrix[label][answer]);
      }
    }
  }
  cortex_m_write("\n");
}

/* The classes with the smallest share of hits, each shown once. */
static void print_worst_classes(uint32_t classes) {
  cortex_m_write("classes with the fewest hits:\n");
  for (int shown = 0; shown < SHOWN_CLASSES; ++shown) {
    uint32_t worst = classes;
    for (uint32_t i = 0; i < classes; ++i) {
      if (count.classes[i].vectors != 0 &&
          (worst == classes ||
           (uint64_t)count.classes[i].hits * count.classes[worst].vectors <
               (uint64_t)count.classes[worst].hits * count.classes[i].vectors)) {
        worst = i;
      }
    }
    if (worst == classes) {
      return;
    }
    cortex_m_printf("%5" PRIu32 ": %" PRIu32 "/%" PRIu32 "\n", worst, count.classes[worst].hits,
                    count.classes[worst].vectors);
    count.classes[worst].vectors = 0;
  }
}

static bool report(const cortex_m_model *model, uint32_t minimum) {
  const uint32_t classes = model->outputs[0].elements;
  print_accuracy("on device", total.hits);
  print_accuracy("in PyTorch int8", (uint32_t)file.vectors.int8_correct);
  print_accuracy("in PyTorch float", (uint32_t)file.vectors.float_correct);
  if (classes <= MATRIX_CLASSES) {
    print_matrix(classes);
  } else if (classes <= COUNTED_CLASSES) {
    print_worst_classes(classes);
  }
  cortex_m_printf("instructions per inference %" PRIu64 ", arena %" PRIu32 " bytes\n",
                  total.instructions / total.vectors, model->arena_bytes);
  const bool passed = (uint64_t)total.hits * MILLION >= (uint64_t)minimum * total.vectors;
  cortex_m_printf("%s %" PRIu32 ".%04" PRIu32 " %%\n",
                  passed ? "the accuracy is at least the required"
                         : "FAILED: the accuracy is below the required",
                  minimum / 10000U, minimum % 10000U);
  return passed;
}

static bool test(const cortex_m_model *model, uint32_t minimum) {
  if (!file.vectors.labelled) {
    cortex_m_printf("%s: the vectors carry no labels: there is no accuracy to measure\n",
                    model->name);
    return false;
  }
  const int status = classify(model);
  if (status != CORTEX_M_VECTORS_END) {
    cortex_m_printf("%s: after %" PRIu32 " vectors: %s\n", model->name, total.vectors,
                    cortex_m_vectors_message(status));
    return false;
  }
  if (total.vectors == 0) {
    cortex_m_printf("%s: the file has no vectors\n", model->name);
    return false;
  }
  return report(model, minimum);
}

int main(void) {
  const cortex_m_model *model = &CORTEX_M_MODEL;
  const char *path = host_command_line(command_line);
  const char *bound = path == NULL ? NULL : host_last_word(command_line);
  if (bound == NULL) {
    cortex_m_printf("%s: give the bound in millionths and the .vectors file\n", model->name);
    return FAILED;
  }
  if (!host_vectors_open(&file, path, model)) {
    return FAILED;
  }
  const bool passed = test(model, (uint32_t)strtoul(bound, NULL, 10));
  host_vectors_close(&file);
  return passed ? PASSED : FAILED;
}
