// SPDX-License-Identifier: Apache-2.0
/*
 * Feeds a model the vectors of a file on the host and compares every output, bit for bit.
 *
 * Compile it once per model, with the model's header and symbol:
 *
 *   -DCORTEX_M_MODEL_HEADER='"digits.h"' -DCORTEX_M_MODEL=digits_model
 *
 * The .vectors file is the last word of the semihosting command line. Exit status: 0 if all outputs
 * are equal, else 1.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "cortex_m/model.h"
#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"

#include CORTEX_M_MODEL_HEADER

enum { PASSED = 0, FAILED = 1, CHUNK_BYTES = 256, COMMAND_LINE_BYTES = 512 };

/* Static, not on the stack, which may be small. CHUNK_BYTES is a multiple of every element. */
static uint8_t expected[CHUNK_BYTES] __attribute__((aligned(8)));
static char command_line[COMMAND_LINE_BYTES];
static cortex_m_vectors vectors;

static struct {
  uint32_t vectors;
  uint32_t bytes;
  uint32_t mismatches; /* elements */
  uint64_t instructions;
} total;

static int32_t read_host(void *context, void *buffer, uint32_t bytes) {
  return cortex_m_host_read(*(int *)context, buffer, bytes);
}

static uint32_t element_bytes(const cortex_m_tensor *tensor) {
  return tensor->bytes / tensor->elements;
}

/* A float as decimal digits: integers are all the console formats. */
static void print_float(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  const char *sign = bits >> 31 ? "-" : "";
  const float magnitude = bits >> 31 ? -value : value;
  if (magnitude < 4.0e9F) {
    const uint64_t millionths = (uint64_t)(magnitude * 1.0e6F + 0.5F);
    cortex_m_printf("%s%" PRIu32 ".%06" PRIu32, sign, (uint32_t)(millionths / 1000000U),
                    (uint32_t)(millionths % 1000000U));
  } else {
    cortex_m_printf("%s%s", sign, magnitude >= 4.0e9F ? "huge" : "nan");
  }
}

static void print_element(const cortex_m_tensor *tensor, const uint8_t *at) {
  uint64_t raw = 0;
  memcpy(&raw, at, element_bytes(tensor));
  switch (tensor->dtype) {
    case CORTEX_M_FLOAT32:
      cortex_m_printf("0x%08" PRIx32 " = ", (uint32_t)raw);
      print_float((uint32_t)raw);
      break;
    case CORTEX_M_INT8:
      cortex_m_printf("%d", (int8_t)raw);
      break;
    case CORTEX_M_INT32:
      cortex_m_printf("%" PRId32, (int32_t)raw);
      break;
    case CORTEX_M_INT64:
      cortex_m_printf("%" PRId64, (int64_t)raw);
      break;
    default: /* uint8, bool */
      cortex_m_printf("%u", (unsigned)raw);
      break;
  }
}

static void print_mismatch(const cortex_m_tensor *tensor, uint32_t output, uint32_t element,
                           const uint8_t *want, const uint8_t *got) {
  cortex_m_printf("first mismatch: vector %" PRIu32 ", output %" PRIu32 ", element %" PRIu32
                  ": expected ",
                  total.vectors, output, element);
  print_element(tensor, want);
  cortex_m_write(", got ");
  print_element(tensor, got);
  cortex_m_write("\n");
}

/* Compares a part of an output that lies in `expected`. */
static void compare(const cortex_m_tensor *tensor, uint32_t output, uint32_t offset,
                    uint32_t bytes) {
  const uint8_t *actual = (const uint8_t *)tensor->data + offset;
  total.bytes += bytes;
  if (memcmp(expected, actual, bytes) == 0) {
    return;
  }
  const uint32_t size = element_bytes(tensor);
  for (uint32_t i = 0; i < bytes; i += size) {
    if (memcmp(expected + i, actual + i, size) != 0) {
      if (total.mismatches == 0) {
        print_mismatch(tensor, output, (offset + i) / size, expected + i, actual + i);
      }
      ++total.mismatches;
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
  const uint64_t start = cortex_m_instructions();
  model->run();
  total.instructions += cortex_m_instructions() - start;
  for (int32_t i = 0; i < model->output_count; ++i) {
    const cortex_m_tensor *output = &model->outputs[i];
    for (uint32_t offset = 0; offset < output->bytes; offset += CHUNK_BYTES) {
      const uint32_t left = output->bytes - offset;
      const uint32_t bytes = left < CHUNK_BYTES ? left : CHUNK_BYTES;
      const int status = cortex_m_vectors_get(&vectors, expected, bytes);
      if (status != CORTEX_M_VECTORS_OK) {
        return status;
      }
      compare(output, (uint32_t)i, offset, bytes);
    }
  }
  ++total.vectors;
  return CORTEX_M_VECTORS_OK;
}

/* Whether the file is about tensors such as the model's. */
static bool fits(const cortex_m_model *model) {
  if (vectors.input_count != (uint32_t)model->input_count ||
      vectors.output_count != (uint32_t)model->output_count) {
    cortex_m_printf("%s: the vectors have %" PRIu32 " inputs and %" PRIu32 " outputs, ",
                    model->name, vectors.input_count, vectors.output_count);
    cortex_m_printf("the model has %" PRId32 " and %" PRId32 "\n", model->input_count,
                    model->output_count);
    return false;
  }
  for (uint32_t i = 0; i < vectors.input_count + vectors.output_count; ++i) {
    const bool is_input = i < vectors.input_count;
    const cortex_m_tensor *tensor =
        is_input ? &model->inputs[i] : &model->outputs[i - vectors.input_count];
    if (tensor->bytes != vectors.bytes[i]) {
      cortex_m_printf("%s: %s %" PRIu32 " has %" PRIu32 " bytes, in the vectors %" PRIu32 "\n",
                      model->name, is_input ? "input" : "output",
                      is_input ? i : i - vectors.input_count, tensor->bytes, vectors.bytes[i]);
      return false;
    }
  }
  return true;
}

/* The last word of the command line: some hosts put the image's name first. */
static const char *vectors_path(void) {
  if (cortex_m_host_command_line(command_line, sizeof command_line) <= 0) {
    return NULL;
  }
  const char *space = strrchr(command_line, ' ');
  return space == NULL ? command_line : space + 1;
}

static void print_totals(const cortex_m_model *model) {
  cortex_m_printf("vectors %" PRIu32 ", outputs compared %" PRIu32 " bytes, mismatches %" PRIu32
                  "\n",
                  total.vectors, total.bytes, total.mismatches);
  const uint64_t each = total.vectors == 0 ? 0 : total.instructions / total.vectors;
  cortex_m_printf("instructions per inference %" PRIu64 ", arena %" PRIu32
                  " bytes, stack used %" PRIu32 " of %" PRIu32 " bytes\n",
                  each, model->arena_bytes, cortex_m_stack_used(), cortex_m_stack_bytes());
}

/* Runs all vectors of the open file; returns whether all outputs are equal. */
static bool run_all(const cortex_m_model *model) {
  int status = CORTEX_M_VECTORS_OK;
  int32_t label;
  while (status == CORTEX_M_VECTORS_OK) {
    status = cortex_m_vectors_next(&vectors, &label);
    if (status == CORTEX_M_VECTORS_OK) {
      status = run_vector(model);
    }
  }
  print_totals(model);
  if (status != CORTEX_M_VECTORS_END) {
    cortex_m_printf("%s: after %" PRIu32 " vectors: %s\n", model->name, total.vectors,
                    cortex_m_vectors_message(status));
    return false;
  }
  if (total.vectors == 0) {
    cortex_m_printf("%s: the file has no vectors, nothing was compared\n", model->name);
    return false;
  }
  return total.mismatches == 0;
}

static bool test(const cortex_m_model *model, int handle) {
  const int status = cortex_m_vectors_open(&vectors, read_host, &handle);
  if (status != CORTEX_M_VECTORS_OK) {
    cortex_m_printf("%s: vectors: %s\n", model->name, cortex_m_vectors_message(status));
    return false;
  }
  return fits(model) && run_all(model);
}

int main(void) {
  const cortex_m_model *model = &CORTEX_M_MODEL;
  const char *path = vectors_path();
  if (path == NULL) {
    cortex_m_printf("%s: no vectors: name the .vectors file on the semihosting command line\n",
                    model->name);
    return FAILED;
  }
  const int handle = cortex_m_host_open(path);
  if (handle < 0) {
    /* Apart, because a path may be longer than one printf shows. */
    cortex_m_printf("%s: no vectors: cannot open ", model->name);
    cortex_m_write(path);
    cortex_m_write("\n");
    return FAILED;
  }
  const bool equal = test(model, handle);
  cortex_m_host_close(handle);
  return equal ? PASSED : FAILED;
}
