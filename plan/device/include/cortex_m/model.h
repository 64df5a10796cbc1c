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
#include <string.h>

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
  float scale;          /**< of an int8 tensor, or of the int8 behind a float32 one: */
  int32_t zero_point;   /**< real = scale * (int8 - zero_point); both 0 if there is none */
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
  uint32_t constant_bytes; /**< flash: weights, biases, multipliers, tables */
  int32_t input_count;
  int32_t output_count;
  const cortex_m_tensor *inputs;
  const cortex_m_tensor *outputs;
  void (*run)(void);
} cortex_m_model;

/**
 * The int8 that stands for a real number at the input of a model with int8 I/O, as PyTorch
 * quantizes it, to the bit: clamp(round(real * (float)(1 / scale)) + zero_point, -128, 127) with
 * ties to even. 0 for NaN.
 *
 * With the constants of NAME.h the division is done by the compiler.
 */
static inline int8_t cortex_m_quantize(float real, float scale, int32_t zero_point) {
  const float steps = real * (float)(1.0 / (double)scale);
  uint32_t bits;
  memcpy(&bits, &steps, sizeof bits);
  /* In integers: no rounding mode, no fused multiply-add, and short without an FPU. */
  const uint32_t exponent = bits >> 23 & 0xFFU;
  const uint32_t mantissa = (bits & 0x7FFFFFU) | 0x800000U;
  int32_t magnitude = 0;
  if (exponent == 0xFFU && mantissa != 0x800000U) {
    return 0;
  }
  if (exponent > 136U) {
    magnitude = 1024;
  } else if (exponent >= 126U) {
    const uint32_t shift = 150U - exponent;
    const uint32_t whole = mantissa >> shift;
    const uint32_t rest = mantissa & ((1U << shift) - 1U);
    const uint32_t half = 1U << (shift - 1U);
    magnitude = (int32_t)(whole + (rest + (whole & 1U) > half));
  }
  const int32_t value = zero_point + (bits >> 31 ? -magnitude : magnitude);
  return (int8_t)(value < -128 ? -128 : value > 127 ? 127 : value);
}

/** The real number that an int8 stands for, as PyTorch dequantizes it, to the bit. */
static inline float cortex_m_dequantize(int8_t value, float scale, int32_t zero_point) {
  return (float)(value - zero_point) * scale;
}

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_MODEL_H_
