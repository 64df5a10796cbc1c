// SPDX-License-Identifier: Apache-2.0
/** Elementwise minimum and maximum. Formula: operators.py, minimum_impl and maximum_impl. */
#ifndef CORTEX_M_KERNELS_EXTREMUM_H
#define CORTEX_M_KERNELS_EXTREMUM_H

#include <stdint.h>

#include "cortex_m/kernels/broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_broadcast shape;
} cortex_m_minimum_params;

/**
 * output = the smaller of self and other.
 *
 * Args:
 *   self, other: int8, broadcast to the output.
 *   output: int8.
 */
void cortex_m_minimum(const int8_t *self, const int8_t *other,
                      const cortex_m_minimum_params *params, int8_t *output);

typedef struct {
  cortex_m_broadcast shape;
} cortex_m_minimum_s32_params;

/** As cortex_m_minimum, of int32 tensors. */
void cortex_m_minimum_s32(const int32_t *self, const int32_t *other,
                          const cortex_m_minimum_s32_params *params, int32_t *output);

typedef struct {
  cortex_m_broadcast shape;
} cortex_m_maximum_params;

/**
 * output = the larger of self and other.
 *
 * Args:
 *   self, other: int8, broadcast to the output.
 *   output: int8.
 */
void cortex_m_maximum(const int8_t *self, const int8_t *other,
                      const cortex_m_maximum_params *params, int8_t *output);

typedef struct {
  cortex_m_broadcast shape;
} cortex_m_maximum_s32_params;

/** As cortex_m_maximum, of int32 tensors. */
void cortex_m_maximum_s32(const int32_t *self, const int32_t *other,
                          const cortex_m_maximum_s32_params *params, int32_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_EXTREMUM_H
