// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/vectors.h"

#include <stddef.h>
#include <string.h>

enum { ALIGNMENT = 16, HEADER_BYTES = 32, LABEL_BYTES = 16 };

static uint32_t u32(const uint8_t *bytes) {
  return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
         (uint32_t)bytes[3] << 24;
}

static uint32_t padding(uint32_t bytes) { return (0U - bytes) % ALIGNMENT; }

static uint32_t tensor_count(const cortex_m_vectors *vectors) {
  return vectors->input_count + vectors->output_count;
}

static uint32_t first_vector(const cortex_m_vectors *vectors) {
  const uint32_t table = tensor_count(vectors) * 4U;
  return HEADER_BYTES + table + padding(table);
}

/* Reads exactly so many bytes; into nothing if buffer is null. */
static int take(cortex_m_vectors *vectors, void *buffer, uint32_t bytes) {
  uint8_t discarded[ALIGNMENT];
  uint8_t *to = buffer;
  while (bytes != 0) {
    uint32_t wanted = bytes;
    if (buffer == NULL && wanted > sizeof discarded) {
      wanted = sizeof discarded;
    }
    const int32_t got =
        vectors->read(vectors->context, buffer == NULL ? discarded : to, wanted);
    if (got <= 0 || (uint32_t)got > wanted) {
      return CORTEX_M_VECTORS_SHORT;
    }
    bytes -= (uint32_t)got;
    if (buffer != NULL) {
      to += got;
    }
  }
  return CORTEX_M_VECTORS_OK;
}

static int32_t read_memory(void *context, void *buffer, uint32_t bytes) {
  cortex_m_vectors *vectors = context;
  const uint32_t left = vectors->memory_bytes - vectors->position;
  if (bytes > left) {
    bytes = left;
  }
  memcpy(buffer, vectors->memory + vectors->position, bytes);
  vectors->position += bytes;
  return (int32_t)bytes;
}

static int read_header(cortex_m_vectors *vectors) {
  uint8_t header[HEADER_BYTES];
  if (take(vectors, header, sizeof header) != CORTEX_M_VECTORS_OK) {
    return CORTEX_M_VECTORS_SHORT;
  }
  if (memcmp(header, "CMV1", 4) != 0) {
    return CORTEX_M_VECTORS_NO_FORMAT;
  }
  vectors->vector_count = u32(header + 4);
  vectors->input_count = u32(header + 8);
  vectors->output_count = u32(header + 12);
  vectors->labelled = u32(header + 16) != 0;
  vectors->float_correct = (int32_t)u32(header + 20);
  vectors->int8_correct = (int32_t)u32(header + 24);
  if (vectors->input_count > CORTEX_M_VECTORS_MAX_TENSORS ||
      vectors->output_count > CORTEX_M_VECTORS_MAX_TENSORS - vectors->input_count) {
    return CORTEX_M_VECTORS_TOO_MANY;
  }
  const uint32_t count = tensor_count(vectors);
  for (uint32_t i = 0; i < count; ++i) {
    uint8_t bytes[4];
    if (take(vectors, bytes, sizeof bytes) != CORTEX_M_VECTORS_OK) {
      return CORTEX_M_VECTORS_SHORT;
    }
    vectors->bytes[i] = u32(bytes);
    if (vectors->bytes[i] > INT32_MAX) {
      return CORTEX_M_VECTORS_NO_FORMAT;
    }
  }
  vectors->tensor = count; /* no vector has begun */
  return take(vectors, NULL, padding(count * 4U));
}

int cortex_m_vectors_open(cortex_m_vectors *vectors, cortex_m_vectors_read read, void *context) {
  *vectors = (cortex_m_vectors){.read = read, .context = context};
  return read_header(vectors);
}

int cortex_m_vectors_open_memory(cortex_m_vectors *vectors, const void *data, uint32_t bytes) {
  *vectors = (cortex_m_vectors){
      .read = read_memory, .context = vectors, .memory = data, .memory_bytes = bytes};
  return read_header(vectors);
}

int cortex_m_vectors_next(cortex_m_vectors *vectors, int32_t *label) {
  while (vectors->tensor < tensor_count(vectors)) {
    const uint32_t left = vectors->bytes[vectors->tensor] - vectors->taken;
    const int status = take(vectors, NULL, left + padding(vectors->bytes[vectors->tensor]));
    if (status != CORTEX_M_VECTORS_OK) {
      return status;
    }
    vectors->taken = 0;
    ++vectors->tensor;
  }
  if (vectors->started == vectors->vector_count) {
    return CORTEX_M_VECTORS_END;
  }
  uint8_t head[LABEL_BYTES];
  const int status = take(vectors, head, sizeof head);
  if (status != CORTEX_M_VECTORS_OK) {
    return status;
  }
  *label = (int32_t)u32(head);
  ++vectors->started;
  vectors->tensor = 0;
  vectors->taken = 0;
  return CORTEX_M_VECTORS_OK;
}

int cortex_m_vectors_get(cortex_m_vectors *vectors, void *buffer, uint32_t bytes) {
  if (vectors->tensor >= tensor_count(vectors) ||
      bytes > vectors->bytes[vectors->tensor] - vectors->taken) {
    return CORTEX_M_VECTORS_MISUSE;
  }
  int status = take(vectors, buffer, bytes);
  vectors->taken += bytes;
  if (status == CORTEX_M_VECTORS_OK && vectors->taken == vectors->bytes[vectors->tensor]) {
    status = take(vectors, NULL, padding(vectors->taken));
    vectors->taken = 0;
    ++vectors->tensor;
  }
  return status;
}

const void *cortex_m_vectors_tensor(const cortex_m_vectors *vectors, uint32_t vector,
                                    uint32_t tensor, int32_t *label) {
  if (vectors->memory == NULL || vector >= vectors->vector_count ||
      tensor >= tensor_count(vectors)) {
    return NULL;
  }
  uint64_t stride = LABEL_BYTES;
  uint64_t within = LABEL_BYTES;
  for (uint32_t i = 0; i < tensor_count(vectors); ++i) {
    const uint64_t padded = (uint64_t)vectors->bytes[i] + padding(vectors->bytes[i]);
    stride += padded;
    if (i < tensor) {
      within += padded;
    }
  }
  if (vector > vectors->memory_bytes / stride) {
    return NULL;
  }
  const uint64_t start = first_vector(vectors) + vector * stride;
  if (start + within + vectors->bytes[tensor] > vectors->memory_bytes) {
    return NULL;
  }
  if (label != NULL) {
    *label = (int32_t)u32(vectors->memory + start);
  }
  return vectors->memory + start + within;
}

const char *cortex_m_vectors_message(int status) {
  switch (status) {
    case CORTEX_M_VECTORS_OK:
      return "no error";
    case CORTEX_M_VECTORS_END:
      return "no further vector";
    case CORTEX_M_VECTORS_NO_FORMAT:
      return "not a .vectors file (CMV1)";
    case CORTEX_M_VECTORS_TOO_MANY:
      return "too many tensors";
    case CORTEX_M_VECTORS_SHORT:
      return "the file ends too early";
    default:
      return "tensors of other sizes than the model's";
  }
}
