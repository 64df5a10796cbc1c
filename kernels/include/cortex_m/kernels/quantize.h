// SPDX-License-Identifier: Apache-2.0
/** Between float32 and int8 or int16. Formula: torch/ao/quantization/fx/_decomposed.py. */
#ifndef CORTEX_M_KERNELS_QUANTIZE_H
#define CORTEX_M_KERNELS_QUANTIZE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t count;        /**< elements */
  float inverse_scale;  /**< (float)(1.0 / scale), the division in double precision */
  int32_t zero_point;   /**< -128 .. 127 */
  int32_t quant_min;    /**< -128 .. quant_max */
  int32_t quant_max;    /**< quant_min .. 127 */
} cortex_m_quantize_per_tensor_params;

/**
 * output = clamp(round(input * inverse_scale) + zero_point, quant_min, quant_max), in float32,
 * ties to even. Infinities saturate and NaN becomes 0, as in PyTorch.
 *
 * Args: input and output of `count` elements, any shape.
 */
void cortex_m_quantize_per_tensor(const float *input,
                                  const cortex_m_quantize_per_tensor_params *params,
                                  int8_t *output);

typedef struct {
  int32_t count;        /**< elements */
  float inverse_scale;  /**< (float)(1.0 / scale), the division in double precision */
  int32_t zero_point;   /**< -32768 .. 32767 */
  int32_t quant_min;    /**< -32768 .. quant_max */
  int32_t quant_max;    /**< quant_min .. 32767 */
} cortex_m_quantize_per_tensor_s16_params;

/** As cortex_m_quantize_per_tensor, to int16. */
void cortex_m_quantize_per_tensor_s16(const float *input,
                                      const cortex_m_quantize_per_tensor_s16_params *params,
                                      int16_t *output);

typedef struct {
  int32_t count;      /**< elements */
  float scale;        /**< the program's scale, rounded to float32 */
  int32_t zero_point; /**< -128 .. 127 */
} cortex_m_dequantize_per_tensor_params;

/**
 * output = (input - zero_point) * scale, in float32.
 *
 * Args: input and output of `count` elements, any shape.
 */
void cortex_m_dequantize_per_tensor(const int8_t *input,
                                    const cortex_m_dequantize_per_tensor_params *params,
                                    float *output);

typedef struct {
  int32_t count;      /**< elements */
  float scale;        /**< the program's scale, rounded to float32 */
  int32_t zero_point; /**< -32768 .. 32767 */
} cortex_m_dequantize_per_tensor_s16_params;

/** As cortex_m_dequantize_per_tensor, from int16. */
void cortex_m_dequantize_per_tensor_s16(const int16_t *input,
                                        const cortex_m_dequantize_per_tensor_s16_params *params,
                                        float *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_QUANTIZE_H
