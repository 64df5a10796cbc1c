// SPDX-License-Identifier: Apache-2.0
/** Tensors made of nothing: constants and ranges of numbers. */
#ifndef CORTEX_M_KERNELS_FILL_H
#define CORTEX_M_KERNELS_FILL_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t count;
  int32_t element_bytes; /**< 1, 2, 4 or 8 */
  int32_t value_low;     /**< the element's bits, 0 .. 31 */
  int32_t value_high;    /**< its bits 32 .. 63 */
} cortex_m_fill_params;

/**
 * output[i] = value (ATen's full, zeros, scalar_tensor).
 *
 * Args:
 *   output: count elements of element_bytes, aligned to that.
 */
void cortex_m_fill(const cortex_m_fill_params *params, void *output);

typedef struct {
  int32_t count;
  float start;
  float step;
} cortex_m_arange_f32_params;

/** output[i] = start + i * step (ATen's arange), exact where the numbers are integers. */
void cortex_m_arange_f32(const cortex_m_arange_f32_params *params, float *output);

typedef struct {
  int32_t count;
  int32_t start;
  int32_t step;
} cortex_m_arange_s64_params;

/** output[i] = start + i * step. */
void cortex_m_arange_s64(const cortex_m_arange_s64_params *params, int64_t *output);

typedef cortex_m_arange_s64_params cortex_m_arange_s32_params;

/** output[i] = start + i * step. */
void cortex_m_arange_s32(const cortex_m_arange_s32_params *params, int32_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_FILL_H
