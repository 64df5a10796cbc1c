// SPDX-License-Identifier: Apache-2.0
/* The reader of .vectors files, from memory and through a callback, whole and damaged. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "cortex_m/runtime.h"
#include "cortex_m/vectors.h"

#define U32(value) (value) & 0xFF, (value) >> 8 & 0xFF, (value) >> 16 & 0xFF, (value) >> 24 & 0xFF

/* Two vectors of two inputs (5 and 16 bytes) and one output (3 bytes), with labels 7 and 300. */
static const uint8_t file[] __attribute__((aligned(16))) = {
    'C', 'M', 'V', '1', U32(2), U32(2), U32(1), U32(1), U32(9), U32(8), U32(0),
    U32(5), U32(16), U32(3), U32(0),
    U32(7), U32(0), U32(0), U32(0),
    1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
    31, 32, 33, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    U32(300), U32(0), U32(0), U32(0),
    41, 42, 43, 44, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64, 65,
    71, 72, 73, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
};

static int failed;

static void check(int holds, int line) {
  if (!holds) {
    cortex_m_printf("line %d fails\n", line);
    ++failed;
  }
}

#define CHECK(condition) check((condition), __LINE__)

/* A file that delivers at most three bytes at a time. */
typedef struct {
  const uint8_t *next;
  const uint8_t *end;
} stream;

static int32_t read_slowly(void *context, void *buffer, uint32_t bytes) {
  stream *from = context;
  uint32_t count = (uint32_t)(from->end - from->next);
  count = count < bytes ? count : bytes;
  count = count < 3 ? count : 3;
  memcpy(buffer, from->next, count);
  from->next += count;
  return (int32_t)count;
}

static int32_t read_nothing(void *context, void *buffer, uint32_t bytes) {
  (void)context;
  (void)buffer;
  (void)bytes;
  return -1;
}

/* Reads everything, the first input in two pieces. */
static void read_through(cortex_m_vectors *vectors) {
  uint8_t buffer[16];
  int32_t label = 0;
  CHECK(cortex_m_vectors_next(vectors, &label) == CORTEX_M_VECTORS_OK && label == 7);
  CHECK(cortex_m_vectors_get(vectors, buffer, 2) == CORTEX_M_VECTORS_OK && buffer[1] == 2);
  CHECK(cortex_m_vectors_get(vectors, buffer, 4) == CORTEX_M_VECTORS_MISUSE);
  CHECK(cortex_m_vectors_get(vectors, buffer, 3) == CORTEX_M_VECTORS_OK && buffer[2] == 5);
  CHECK(cortex_m_vectors_get(vectors, buffer, 16) == CORTEX_M_VECTORS_OK && buffer[15] == 25);
  CHECK(cortex_m_vectors_get(vectors, buffer, 3) == CORTEX_M_VECTORS_OK && buffer[0] == 31);
  CHECK(cortex_m_vectors_get(vectors, buffer, 1) == CORTEX_M_VECTORS_MISUSE);
  CHECK(cortex_m_vectors_next(vectors, &label) == CORTEX_M_VECTORS_OK && label == 300);
  CHECK(cortex_m_vectors_get(vectors, buffer, 5) == CORTEX_M_VECTORS_OK && buffer[4] == 45);
  CHECK(cortex_m_vectors_next(vectors, &label) == CORTEX_M_VECTORS_END);
  CHECK(cortex_m_vectors_next(vectors, &label) == CORTEX_M_VECTORS_END);
  CHECK(cortex_m_vectors_get(vectors, buffer, 1) == CORTEX_M_VECTORS_MISUSE);
}

static void check_header(const cortex_m_vectors *vectors) {
  CHECK(vectors->vector_count == 2 && vectors->input_count == 2 && vectors->output_count == 1);
  CHECK(vectors->labelled && vectors->float_correct == 9 && vectors->int8_correct == 8);
  CHECK(vectors->bytes[0] == 5 && vectors->bytes[1] == 16 && vectors->bytes[2] == 3);
}

static void test_memory(void) {
  cortex_m_vectors vectors;
  CHECK(cortex_m_vectors_open_memory(&vectors, file, sizeof file) == CORTEX_M_VECTORS_OK);
  check_header(&vectors);
  read_through(&vectors);
}

static void test_stream(void) {
  cortex_m_vectors vectors;
  stream from = {file, file + sizeof file};
  CHECK(cortex_m_vectors_open(&vectors, read_slowly, &from) == CORTEX_M_VECTORS_OK);
  check_header(&vectors);
  read_through(&vectors);
  CHECK(cortex_m_vectors_tensor(&vectors, 0, 0, NULL) == NULL);
}

static void test_in_place(void) {
  cortex_m_vectors vectors;
  int32_t label = 0;
  CHECK(cortex_m_vectors_open_memory(&vectors, file, sizeof file) == CORTEX_M_VECTORS_OK);
  CHECK(cortex_m_vectors_tensor(&vectors, 0, 0, &label) == file + 64 && label == 7);
  CHECK(cortex_m_vectors_tensor(&vectors, 1, 2, &label) == file + 160 && label == 300);
  CHECK(cortex_m_vectors_tensor(&vectors, 1, 1, NULL) == file + 144);
  CHECK(cortex_m_vectors_tensor(&vectors, 2, 0, NULL) == NULL);
  CHECK(cortex_m_vectors_tensor(&vectors, 0, 3, NULL) == NULL);
  CHECK(cortex_m_vectors_open_memory(&vectors, file, 162) == CORTEX_M_VECTORS_OK);
  CHECK(cortex_m_vectors_tensor(&vectors, 1, 2, NULL) == NULL);
}

/* Cut at every byte: an error, and never a read beyond the cut. */
static void test_cut_short(void) {
  for (uint32_t bytes = 0; bytes < sizeof file; ++bytes) {
    cortex_m_vectors vectors;
    int32_t label;
    int status = cortex_m_vectors_open_memory(&vectors, file, bytes);
    while (status == CORTEX_M_VECTORS_OK) {
      status = cortex_m_vectors_next(&vectors, &label);
    }
    CHECK(status == CORTEX_M_VECTORS_SHORT);
    CHECK(vectors.position <= bytes);
  }
}

static void test_damaged(void) {
  static uint8_t copy[sizeof file];
  cortex_m_vectors vectors;
  memcpy(copy, file, sizeof file);
  copy[3] = '2';
  CHECK(cortex_m_vectors_open_memory(&vectors, copy, sizeof copy) == CORTEX_M_VECTORS_NO_FORMAT);
  copy[3] = '1';
  copy[8] = CORTEX_M_VECTORS_MAX_TENSORS;
  CHECK(cortex_m_vectors_open_memory(&vectors, copy, sizeof copy) == CORTEX_M_VECTORS_TOO_MANY);
  memset(copy + 8, 0xFF, 8);
  CHECK(cortex_m_vectors_open_memory(&vectors, copy, sizeof copy) == CORTEX_M_VECTORS_TOO_MANY);
  memcpy(copy, file, sizeof file);
  memset(copy + 32, 0xFF, 4);
  CHECK(cortex_m_vectors_open_memory(&vectors, copy, sizeof copy) == CORTEX_M_VECTORS_NO_FORMAT);
  copy[35] = 0x7F;
  CHECK(cortex_m_vectors_open_memory(&vectors, copy, sizeof copy) == CORTEX_M_VECTORS_OK);
  CHECK(cortex_m_vectors_tensor(&vectors, 1, 2, NULL) == NULL);
  CHECK(cortex_m_vectors_open(&vectors, read_nothing, NULL) == CORTEX_M_VECTORS_SHORT);
}

int main(void) {
  test_memory();
  test_stream();
  test_in_place();
  test_cut_short();
  test_damaged();
  cortex_m_printf("vectors: %d failed\n", failed);
  return failed != 0;
}
