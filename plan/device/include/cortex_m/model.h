// SPDX-License-Identifier: Apache-2.0
/**
 * What an application sees of a model, whichever way it is run.
 *
 * A generated NAME.h declares `extern const cortex_m_model NAME_model` and typed accessors. Code
 * for any model (tests, benchmarks) uses this header alone.
 */
#ifndef CORTEX_M_MODEL_H_
#define CORTEX_M_MODEL_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Element type of a tensor. */
typedef enum {
  CORTEX_M_FLOAT32,
  CORTEX_M_INT8,
  CORTEX_M_UINT8,
  CORTEX_M_INT16,
  CORTEX_M_INT32,
  CORTEX_M_INT64,
  CORTEX_M_BOOL
} cortex_m_dtype;

/** An input or output of a model. */
typedef struct {
  void *data; /**< in the arena; aligned to the element type */
  uint32_t bytes;
  uint32_t elements;
  cortex_m_dtype dtype;
  int32_t rank;
  const int32_t *shape; /**< in memory order, outermost first: NHWC for a channels-last tensor */
  float scale;          /**< of the int8 value behind it: real = scale * (int8 - zero_point) */
  int32_t zero_point;   /**< with scale; both are 0 if it is not quantized inside */
} cortex_m_tensor;

/**
 * A model: write every input, call run, read the outputs.
 *
 * Inputs and outputs share memory with everything in between: after run the inputs are gone, and
 * before the next run all of them have to be written again.
 */
typedef struct {
  const char *name;
  uint32_t arena_bytes;    /**< RAM: tensors and scratch */
  uint32_t constant_bytes; /**< flash: weights, biases, multipliers */
  int32_t input_count;
  int32_t output_count;
  const cortex_m_tensor *inputs;
  const cortex_m_tensor *outputs;
  void (*run)(void);
} cortex_m_model;

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_MODEL_H_
