// SPDX-License-Identifier: Apache-2.0
/**
 * Feeds every model of the image its vectors and compares every output, bit for bit.
 *
 * The last word of the command line is a folder; a model's vectors are in its file NAME.vectors.
 * Prints a line per model that fails and "N programs, M vectors, K failed"; the status is 0 if
 * none failed.
 */
#include "program_test.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"

enum { CHUNK_BYTES = 512, LINE_BYTES = 1024 };

static uint8_t expected[CHUNK_BYTES] __attribute__((aligned(8)));
static char path[LINE_BYTES];
static cortex_m_vectors vectors;

static unsigned wrong;  // elements of the current model
static unsigned vectors_run;

static int32_t read_host(void *context, void *buffer, uint32_t bytes) {
  return cortex_m_host_read(*(int *)context, buffer, bytes);
}

static void fail(const cortex_m_model *model, const char *why) {
  cortex_m_write("FAIL ");
  cortex_m_write(model->name);
  cortex_m_write(": ");
  cortex_m_write(why);
  cortex_m_write("\n");
}

static void report(const cortex_m_model *model, unsigned output, unsigned element,
                   const uint8_t *want, const uint8_t *got, uint32_t size) {
  uint32_t values[2] = {0, 0};
  memcpy(&values[0], want, size < 4 ? size : 4);
  memcpy(&values[1], got, size < 4 ? size : 4);
  fail(model, "first wrong element:");
  cortex_m_printf("  vector %u, output %u, element %u: expected 0x%08x, got 0x%08x\n", vectors_run,
                  output, element, (unsigned)values[0], (unsigned)values[1]);
}

static void compare(const cortex_m_model *model, unsigned output, uint32_t offset, uint32_t bytes) {
  const cortex_m_tensor *tensor = &model->outputs[output];
  const uint8_t *actual = (const uint8_t *)tensor->data + offset;
  const uint32_t size = tensor->bytes / tensor->elements;
  for (uint32_t i = 0; i < bytes; i += size) {
    if (memcmp(expected + i, actual + i, size) != 0) {
      if (wrong == 0) {
        report(model, output, (unsigned)((offset + i) / size), expected + i, actual + i, size);
      }
      ++wrong;
    }
  }
}

static int run_vector(const cortex_m_model *model) {
  for (int32_t i = 0; i < model->input_count; ++i) {
    const cortex_m_tensor *input = &model->inputs[i];
    const int status = cortex_m_vectors_get(&vectors, input->data, input->bytes);
    if (status != CORTEX_M_VECTORS_OK) {
      return status;
    }
  }
  model->run();
  for (int32_t i = 0; i < model->output_count; ++i) {
    const uint32_t bytes = model->outputs[i].bytes;
    for (uint32_t offset = 0; offset < bytes; offset += CHUNK_BYTES) {
      const uint32_t left = bytes - offset;
      const uint32_t part = left < CHUNK_BYTES ? left : CHUNK_BYTES;
      const int status = cortex_m_vectors_get(&vectors, expected, part);
      if (status != CORTEX_M_VECTORS_OK) {
        return status;
      }
      compare(model, (unsigned)i, offset, part);
    }
  }
  ++vectors_run;
  return CORTEX_M_VECTORS_OK;
}

static bool fits(const cortex_m_model *model) {
  if (vectors.input_count != (uint32_t)model->input_count ||
      vectors.output_count != (uint32_t)model->output_count || vectors.vector_count == 0) {
    return false;
  }
  for (uint32_t i = 0; i < vectors.input_count + vectors.output_count; ++i) {
    const cortex_m_tensor *tensor = i < vectors.input_count
                                        ? &model->inputs[i]
                                        : &model->outputs[i - vectors.input_count];
    if (tensor->bytes != vectors.bytes[i]) {
      return false;
    }
  }
  return true;
}

static bool test(const cortex_m_model *model, int handle) {
  int status = cortex_m_vectors_open(&vectors, read_host, &handle);
  if (status == CORTEX_M_VECTORS_OK && !fits(model)) {
    fail(model, "the vectors are for other tensors");
    return false;
  }
  wrong = 0;
  while (status == CORTEX_M_VECTORS_OK) {
    int32_t label;
    status = cortex_m_vectors_next(&vectors, &label);
    if (status == CORTEX_M_VECTORS_OK) {
      status = run_vector(model);
    }
  }
  if (status != CORTEX_M_VECTORS_END) {
    fail(model, cortex_m_vectors_message(status));
    return false;
  }
  if (wrong != 0) {
    cortex_m_printf("  %u elements wrong\n", wrong);
  }
  return wrong == 0;
}

/** Opens a file of the folder that `path` names up to `folder`. */
static int open_vectors(const cortex_m_model *model, size_t folder) {
  static const char extension[] = ".vectors";
  const size_t length = strlen(model->name);
  if (folder + length + sizeof extension > sizeof path) {
    return -1;
  }
  memcpy(path + folder, model->name, length);
  memcpy(path + folder + length, extension, sizeof extension);
  return cortex_m_host_open(path);
}

int main(void) {
  if (cortex_m_host_command_line(path, sizeof path) <= 0) {
    cortex_m_write("no command line\n");
    return 2;
  }
  const char *space = strrchr(path, ' ');
  if (space != NULL) {
    memmove(path, space + 1, strlen(space + 1) + 1);
  }
  const size_t folder = strlen(path) + 1;
  path[folder - 1] = '/';

  unsigned run = 0;
  unsigned failed = 0;
  for (const cortex_m_model *const *model = programs; *model != NULL; ++model) {
    const int handle = open_vectors(*model, folder);
    bool passed = false;
    if (handle < 0) {
      fail(*model, "its vectors cannot be opened");
    } else {
      passed = test(*model, handle);
      cortex_m_host_close(handle);
    }
    ++run;
    failed += !passed;
  }
  cortex_m_printf("%u programs, %u vectors, %u failed\n", run, vectors_run, failed);
  return run != 0 && failed == 0 ? 0 : 1;
}
