// SPDX-License-Identifier: Apache-2.0
/**
 * Elementwise operators of two operands that quantized models leave in float32 or in the integer
 * types of indices. Formula: ATen's operator of the name.
 *
 * Common to all of them: operands are broadcast to the output. A null operand is params->scalar, as
 * in ATen's forms with a number; its strides are then 0. Integers wrap. All but pow and fmod of
 * float32 equal PyTorch's CPU result in every bit, NaN and its sign apart.
 */
#ifndef CORTEX_M_KERNELS_BINARY_H
#define CORTEX_M_KERNELS_BINARY_H

#include <stdint.h>

#include "cortex_m/kernels/broadcast.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_broadcast shape;
  float alpha;  /**< factor of other in add and sub; else not read */
  float scalar; /**< stands for an operand that is null */
} cortex_m_binary_f32_params;

typedef struct {
  cortex_m_broadcast shape;
  int32_t alpha;  /**< factor of other in add and sub; else not read */
  int32_t scalar; /**< stands for an operand that is null */
} cortex_m_binary_s32_params;

typedef cortex_m_binary_s32_params cortex_m_binary_s64_params;
typedef cortex_m_binary_s32_params cortex_m_binary_u8_params;

/** self + alpha * other, the product rounded (as ATen without fused multiply-add). */
typedef cortex_m_binary_f32_params cortex_m_add_f32_params;
void cortex_m_add_f32(const float *self, const float *other,
                      const cortex_m_add_f32_params *params, float *output);
typedef cortex_m_binary_s32_params cortex_m_add_s32_params;
void cortex_m_add_s32(const int32_t *self, const int32_t *other,
                      const cortex_m_add_s32_params *params, int32_t *output);
typedef cortex_m_binary_s64_params cortex_m_add_s64_params;
void cortex_m_add_s64(const int64_t *self, const int64_t *other,
                      const cortex_m_add_s64_params *params, int64_t *output);

/** self - alpha * other; as add. */
typedef cortex_m_binary_f32_params cortex_m_sub_f32_params;
void cortex_m_sub_f32(const float *self, const float *other,
                      const cortex_m_sub_f32_params *params, float *output);
typedef cortex_m_binary_s32_params cortex_m_sub_s32_params;
void cortex_m_sub_s32(const int32_t *self, const int32_t *other,
                      const cortex_m_sub_s32_params *params, int32_t *output);
typedef cortex_m_binary_s64_params cortex_m_sub_s64_params;
void cortex_m_sub_s64(const int64_t *self, const int64_t *other,
                      const cortex_m_sub_s64_params *params, int64_t *output);

/** self * other. */
typedef cortex_m_binary_f32_params cortex_m_mul_f32_params;
void cortex_m_mul_f32(const float *self, const float *other,
                      const cortex_m_mul_f32_params *params, float *output);
typedef cortex_m_binary_s32_params cortex_m_mul_s32_params;
void cortex_m_mul_s32(const int32_t *self, const int32_t *other,
                      const cortex_m_mul_s32_params *params, int32_t *output);
typedef cortex_m_binary_s64_params cortex_m_mul_s64_params;
void cortex_m_mul_s64(const int64_t *self, const int64_t *other,
                      const cortex_m_mul_s64_params *params, int64_t *output);

/** self / other. */
typedef cortex_m_binary_f32_params cortex_m_div_f32_params;
void cortex_m_div_f32(const float *self, const float *other,
                      const cortex_m_div_f32_params *params, float *output);

/** The smaller one; NaN if one of them is. */
typedef cortex_m_binary_f32_params cortex_m_minimum_f32_params;
void cortex_m_minimum_f32(const float *self, const float *other,
                          const cortex_m_minimum_f32_params *params, float *output);
typedef cortex_m_binary_s64_params cortex_m_minimum_s64_params;
void cortex_m_minimum_s64(const int64_t *self, const int64_t *other,
                          const cortex_m_minimum_s64_params *params, int64_t *output);

/** The larger one; NaN if one of them is. */
typedef cortex_m_binary_f32_params cortex_m_maximum_f32_params;
void cortex_m_maximum_f32(const float *self, const float *other,
                          const cortex_m_maximum_f32_params *params, float *output);
typedef cortex_m_binary_s64_params cortex_m_maximum_s64_params;
void cortex_m_maximum_s64(const int64_t *self, const int64_t *other,
                          const cortex_m_maximum_s64_params *params, int64_t *output);

/** self to the power of other, within 2 ulps. */
typedef cortex_m_binary_f32_params cortex_m_pow_f32_params;
void cortex_m_pow_f32(const float *self, const float *other,
                      const cortex_m_pow_f32_params *params, float *output);

/** The remainder of self / other with the sign of self; of integers 0 where other is. */
typedef cortex_m_binary_f32_params cortex_m_fmod_f32_params;
void cortex_m_fmod_f32(const float *self, const float *other,
                       const cortex_m_fmod_f32_params *params, float *output);
typedef cortex_m_binary_s64_params cortex_m_fmod_s64_params;
void cortex_m_fmod_s64(const int64_t *self, const int64_t *other,
                       const cortex_m_fmod_s64_params *params, int64_t *output);

/** self == other, as 0 or 1. */
typedef cortex_m_binary_f32_params cortex_m_eq_f32_params;
void cortex_m_eq_f32(const float *self, const float *other,
                     const cortex_m_eq_f32_params *params, uint8_t *output);
typedef cortex_m_binary_s32_params cortex_m_eq_s32_params;
void cortex_m_eq_s32(const int32_t *self, const int32_t *other,
                     const cortex_m_eq_s32_params *params, uint8_t *output);
typedef cortex_m_binary_s64_params cortex_m_eq_s64_params;
void cortex_m_eq_s64(const int64_t *self, const int64_t *other,
                     const cortex_m_eq_s64_params *params, uint8_t *output);

/** self != other, as 0 or 1. */
typedef cortex_m_binary_f32_params cortex_m_ne_f32_params;
void cortex_m_ne_f32(const float *self, const float *other,
                     const cortex_m_ne_f32_params *params, uint8_t *output);
typedef cortex_m_binary_s32_params cortex_m_ne_s32_params;
void cortex_m_ne_s32(const int32_t *self, const int32_t *other,
                     const cortex_m_ne_s32_params *params, uint8_t *output);
typedef cortex_m_binary_s64_params cortex_m_ne_s64_params;
void cortex_m_ne_s64(const int64_t *self, const int64_t *other,
                     const cortex_m_ne_s64_params *params, uint8_t *output);

/** self < other, as 0 or 1. */
typedef cortex_m_binary_f32_params cortex_m_lt_f32_params;
void cortex_m_lt_f32(const float *self, const float *other,
                     const cortex_m_lt_f32_params *params, uint8_t *output);
typedef cortex_m_binary_s32_params cortex_m_lt_s32_params;
void cortex_m_lt_s32(const int32_t *self, const int32_t *other,
                     const cortex_m_lt_s32_params *params, uint8_t *output);
typedef cortex_m_binary_s64_params cortex_m_lt_s64_params;
void cortex_m_lt_s64(const int64_t *self, const int64_t *other,
                     const cortex_m_lt_s64_params *params, uint8_t *output);

/** self <= other, as 0 or 1. */
typedef cortex_m_binary_f32_params cortex_m_le_f32_params;
void cortex_m_le_f32(const float *self, const float *other,
                     const cortex_m_le_f32_params *params, uint8_t *output);
typedef cortex_m_binary_s32_params cortex_m_le_s32_params;
void cortex_m_le_s32(const int32_t *self, const int32_t *other,
                     const cortex_m_le_s32_params *params, uint8_t *output);
typedef cortex_m_binary_s64_params cortex_m_le_s64_params;
void cortex_m_le_s64(const int64_t *self, const int64_t *other,
                     const cortex_m_le_s64_params *params, uint8_t *output);

/** self > other, as 0 or 1. */
typedef cortex_m_binary_f32_params cortex_m_gt_f32_params;
void cortex_m_gt_f32(const float *self, const float *other,
                     const cortex_m_gt_f32_params *params, uint8_t *output);
typedef cortex_m_binary_s32_params cortex_m_gt_s32_params;
void cortex_m_gt_s32(const int32_t *self, const int32_t *other,
                     const cortex_m_gt_s32_params *params, uint8_t *output);
typedef cortex_m_binary_s64_params cortex_m_gt_s64_params;
void cortex_m_gt_s64(const int64_t *self, const int64_t *other,
                     const cortex_m_gt_s64_params *params, uint8_t *output);

/** self >= other, as 0 or 1. */
typedef cortex_m_binary_f32_params cortex_m_ge_f32_params;
void cortex_m_ge_f32(const float *self, const float *other,
                     const cortex_m_ge_f32_params *params, uint8_t *output);
typedef cortex_m_binary_s32_params cortex_m_ge_s32_params;
void cortex_m_ge_s32(const int32_t *self, const int32_t *other,
                     const cortex_m_ge_s32_params *params, uint8_t *output);
typedef cortex_m_binary_s64_params cortex_m_ge_s64_params;
void cortex_m_ge_s64(const int64_t *self, const int64_t *other,
                     const cortex_m_ge_s64_params *params, uint8_t *output);

/** Whether both are not zero. */
typedef cortex_m_binary_u8_params cortex_m_logical_and_u8_params;
void cortex_m_logical_and_u8(const uint8_t *self, const uint8_t *other,
                             const cortex_m_logical_and_u8_params *params, uint8_t *output);

/** Whether one of them is not zero. */
typedef cortex_m_binary_u8_params cortex_m_logical_or_u8_params;
void cortex_m_logical_or_u8(const uint8_t *self, const uint8_t *other,
                            const cortex_m_logical_or_u8_params *params, uint8_t *output);

/** Whether exactly one of them is not zero. */
typedef cortex_m_binary_u8_params cortex_m_logical_xor_u8_params;
void cortex_m_logical_xor_u8(const uint8_t *self, const uint8_t *other,
                             const cortex_m_logical_xor_u8_params *params, uint8_t *output);

typedef struct {
  int32_t element_bytes; /**< 1, 2, 4 or 8 */
  int32_t rank;          /**< 0 .. CORTEX_M_BROADCAST_RANK */
  int32_t output_dims[CORTEX_M_BROADCAST_RANK];       /**< in memory order, outermost first */
  int32_t condition_strides[CORTEX_M_BROADCAST_RANK]; /**< in elements, by output dimension */
  int32_t self_strides[CORTEX_M_BROADCAST_RANK];
  int32_t other_strides[CORTEX_M_BROADCAST_RANK];
} cortex_m_where_params;

/**
 * output = condition ? self : other.
 *
 * Args:
 *   condition: bool, broadcast to the output.
 *   self, other: elements of element_bytes, aligned to that, broadcast to the output.
 *   output: elements of element_bytes, dense.
 */
void cortex_m_where(const uint8_t *condition, const void *self, const void *other,
                    const cortex_m_where_params *params, void *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_BINARY_H
