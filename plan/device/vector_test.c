// SPDX-License-Identifier: Apache-2.0
/*
 * Feeds a model the vectors of a file on the host and compares every output, bit for bit, or floats
 * to CORTEX_M_MAX_ULPS.
 *
 * Compile it once per model, with the model's header and symbol:
 *
 *   -DCORTEX_M_MODEL_HEADER='"digits.h"' -DCORTEX_M_MODEL=digits_model
 *   -DCORTEX_M_MAX_ULPS=4   (optional) how far float32 outputs may be off, in units in the last
 *                           place of the largest magnitude of that output
 *
 * The .vectors file is the last word of the semihosting command line. Exit status: 0 if all outputs
 * are equal, or near enough, else 1.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "cortex_m/model.h"
#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"
#include "plan/device/host_vectors.h"

#include CORTEX_M_MODEL_HEADER

#ifndef CORTEX_M_MAX_ULPS
#define CORTEX_M_MAX_ULPS 0
#endif

enum { PASSED = 0, FAILED = 1, CHUNK_BYTES = 256 };

/* Static, not on the stack, which may be small. CHUNK_BYTES is a multiple of every element. */
static uint8_t expected[CHUNK_BYTES] __attribute__((aligned(8)));
static char command_line[HOST_COMMAND_LINE_BYTES];
static host_vectors file;

static struct {
  uint32_t vectors;
  uint32_t bytes;
  uint32_t mismatches; /* elements */
  uint32_t ulps;       /* the largest error of a float32 output */
  uint64_t instructions;
} total;

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
    case CORTEX_M_INT16:
      cortex_m_printf("%d", (int16_t)raw);
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

/* The unit in the last place of the largest magnitude in a float32 tensor. */
static float unit_of(const cortex_m_tensor *tensor) {
  uint32_t largest = 0;
  for (uint32_t i = 0; i < tensor->elements; ++i) {
    uint32_t bits;
    memcpy(&bits, (const uint8_t *)tensor->data + i * sizeof bits, sizeof bits);
    bits &= 0x7fffffffU;
    largest = bits > largest && bits < 0x7f800000U ? bits : largest;
  }
  const uint32_t exponent = largest >> 23;
  const uint32_t bits = (exponent > 23U ? exponent - 23U : 1U) << 23;
  float unit;
  memcpy(&unit, &bits, sizeof unit);
  return unit;
}

/* How far a float is off, in whole units, rounded up; 0 for a NaN that is expected to be one. */
static uint32_t ulps_between(const uint8_t *want, const uint8_t *got, float unit) {
  float one;
  float other;
  memcpy(&one, want, sizeof one);
  memcpy(&other, got, sizeof other);
  if (one != one || other != other) {
    return one != one && other != other ? 0U : UINT32_MAX;
  }
  const float units = (one > other ? one - other : other - one) / unit;
  if (!(units < 4.0e9F)) {
    return UINT32_MAX;
  }
  const uint32_t whole = (uint32_t)units;
  return (float)whole < units ? whole + 1U : whole;
}

/* Whether an element whose bits are wrong is near enough. */
static bool is_near(const cortex_m_tensor *tensor, const uint8_t *want, const uint8_t *got) {
  if (tensor->dtype != CORTEX_M_FLOAT32) {
    return false;
  }
  const uint32_t ulps = ulps_between(want, got, unit_of(tensor));
  total.ulps = ulps > total.ulps ? ulps : total.ulps;
  return CORTEX_M_MAX_ULPS > 0 && ulps <= CORTEX_M_MAX_ULPS;
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
    if (memcmp(expected + i, actual + i, size) != 0 &&
        !is_near(tensor, expected + i, actual + i)) {
      if (total.mismatches == 0) {
        print_mismatch(tensor, output, (offset + i) / size, expected + i, actual + i);
      }
      ++total.mismatches;
    }
  }
}

static int run_vector(const cortex_m_model *model) {
  const int taken = host_vectors_take_inputs(&file, model);
  if (taken != CORTEX_M_VECTORS_OK) {
    return taken;
  }
  const uint64_t start = cortex_m_instructions();
  model->run();
  total.instructions += cortex_m_instructions() - start;
  for (int32_t i = 0; i < model->output_count; ++i) {
    const cortex_m_tensor *output = &model->outputs[i];
    for (uint32_t offset = 0; offset < output->bytes; offset += CHUNK_BYTES) {
      const uint32_t left = output->bytes - offset;
      const uint32_t bytes = left < CHUNK_BYTES ? left : CHUNK_BYTES;
      const int status = cortex_m_vectors_get(&file.vectors, expected, bytes);
      if (status != CORTEX_M_VECTORS_OK) {
        return status;
      }
      compare(output, (uint32_t)i, offset, bytes);
    }
  }
  ++total.vectors;
  return CORTEX_M_VECTORS_OK;
}

static void print_totals(const cortex_m_model *model) {
  cortex_m_printf("vectors %" PRIu32 ", outputs compared %" PRIu32 " bytes, mismatches %" PRIu32
                  "\n",
                  total.vectors, total.bytes, total.mismatches);
  if (total.ulps != 0) {
    cortex_m_printf("largest float error %" PRIu32 " ulps of the output's largest magnitude, "
                    "allowed %" PRIu32 "\n",
                    total.ulps, (uint32_t)CORTEX_M_MAX_ULPS);
  }
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
    status = cortex_m_vectors_next(&file.vectors, &label);
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

int main(void) {
  const cortex_m_model *model = &CORTEX_M_MODEL;
  if (!host_vectors_open(&file, host_command_line(command_line), model)) {
    return FAILED;
  }
  const bool equal = run_all(model);
  host_vectors_close(&file);
  return equal ? PASSED : FAILED;
}
