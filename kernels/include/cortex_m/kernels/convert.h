// SPDX-License-Identifier: Apache-2.0
/** From one element type to another. */
#ifndef CORTEX_M_KERNELS_CONVERT_H
#define CORTEX_M_KERNELS_CONVERT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Element types, by PyTorch's numbers. */
#define CORTEX_M_CONVERT_UINT8 0
#define CORTEX_M_CONVERT_INT8 1
#define CORTEX_M_CONVERT_INT16 2
#define CORTEX_M_CONVERT_INT32 3
#define CORTEX_M_CONVERT_INT64 4
#define CORTEX_M_CONVERT_FLOAT32 6
#define CORTEX_M_CONVERT_BOOL 11

typedef struct {
  int32_t count;
  int32_t from; /**< CORTEX_M_CONVERT_... */
  int32_t to;   /**< CORTEX_M_CONVERT_... */
} cortex_m_convert_params;

/**
 * output[i] = input[i] in another type: to an integer type towards zero and modulo its range, to
 * float32 rounded to nearest, to bool whether it is not zero.
 *
 * Exact, for floats that an int64 can hold: C and PyTorch leave others undefined, here they
 * become the nearest int64 and NaN becomes 0.
 *
 * Args:
 *   input, output: count elements, aligned to their type.
 */
void cortex_m_convert(const void *input, const cortex_m_convert_params *params, void *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_CONVERT_H
