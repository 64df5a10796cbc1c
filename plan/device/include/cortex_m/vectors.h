// SPDX-License-Identifier: Apache-2.0
/**
 * Reader of .vectors files: reference inputs of a model and the outputs it has to give.
 *
 * From a file, piece by piece through a callback, so that nothing larger than the caller's own
 * buffer is needed:
 *
 *   cortex_m_vectors vectors;
 *   int status = cortex_m_vectors_open(&vectors, read, context);
 *   while (status == CORTEX_M_VECTORS_OK) {
 *     int32_t label;
 *     status = cortex_m_vectors_next(&vectors, &label);   // CORTEX_M_VECTORS_END after the last
 *     ...cortex_m_vectors_get(&vectors, buffer, bytes)    // inputs, then outputs, in order
 *   }
 *
 * Or from memory, where cortex_m_vectors_tensor() points at the data itself.
 *
 * The format, little-endian, tensors in memory order, every part padded with zeros to 16 bytes:
 *
 *   "CMV1", u32 vector_count, input_count, output_count, u32 labelled, i32 float_correct,
 *   i32 int8_correct, u32 0, u32 bytes[input_count + output_count]
 *   per vector: i32 label; the bytes of each input; the bytes of each output
 */
#ifndef CORTEX_M_VECTORS_H_
#define CORTEX_M_VECTORS_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The most inputs and outputs together that are read. */
#define CORTEX_M_VECTORS_MAX_TENSORS 16

/** The label of a vector that has none. */
#define CORTEX_M_VECTORS_NO_LABEL (-1)

/** What a call came to. */
enum {
  CORTEX_M_VECTORS_OK = 0,
  CORTEX_M_VECTORS_END,       /**< there is no further vector */
  CORTEX_M_VECTORS_NO_FORMAT, /**< not a .vectors file, or of another version */
  CORTEX_M_VECTORS_TOO_MANY,  /**< more than CORTEX_M_VECTORS_MAX_TENSORS tensors */
  CORTEX_M_VECTORS_SHORT,     /**< the file ends too early, or cannot be read */
  CORTEX_M_VECTORS_MISUSE     /**< more bytes asked for than the tensor has left */
};

/**
 * Reads the next bytes of a file. Returns how many, fewer than asked for only at the end, or a
 * negative number on an error.
 */
typedef int32_t (*cortex_m_vectors_read)(void *context, void *buffer, uint32_t bytes);

/** An open .vectors file. */
typedef struct {
  uint32_t vector_count;
  uint32_t input_count;
  uint32_t output_count;
  int32_t labelled;      /**< whether the vectors have labels */
  int32_t float_correct; /**< vectors the float model classifies correctly; -1 if not labelled */
  int32_t int8_correct;  /**< vectors the lowered program classifies correctly; or -1 */
  uint32_t bytes[CORTEX_M_VECTORS_MAX_TENSORS]; /**< of each input, then of each output */

  /* Private. */
  cortex_m_vectors_read read;
  void *context;
  const uint8_t *memory;
  uint32_t memory_bytes;
  uint32_t position; /* in memory */
  uint32_t started;  /* vectors begun */
  uint32_t tensor;   /* index in bytes[] of the next data */
  uint32_t taken;    /* bytes of it that have been read */
} cortex_m_vectors;

/** Opens a file that `read` delivers from its beginning. */
int cortex_m_vectors_open(cortex_m_vectors *vectors, cortex_m_vectors_read read, void *context);

/** Opens a file in memory. `data` is aligned to 16 bytes if tensors are to be used in place. */
int cortex_m_vectors_open_memory(cortex_m_vectors *vectors, const void *data, uint32_t bytes);

/** Goes to the next vector, past whatever is unread of the current one. */
int cortex_m_vectors_next(cortex_m_vectors *vectors, int32_t *label);

/**
 * Copies the next bytes of the current vector. A call stays within one tensor; a tensor may be
 * taken in several calls.
 */
int cortex_m_vectors_get(cortex_m_vectors *vectors, void *buffer, uint32_t bytes);

/**
 * The data of a tensor, in place, and the vector's label (`label` may be null). For files in
 * memory alone; null if there is no such tensor. Input i is tensor i, output i is tensor
 * input_count + i.
 */
const void *cortex_m_vectors_tensor(const cortex_m_vectors *vectors, uint32_t vector,
                                    uint32_t tensor, int32_t *label);

/** A status as a phrase for a message. */
const char *cortex_m_vectors_message(int status);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_VECTORS_H_
