// SPDX-License-Identifier: Apache-2.0
/**
 * Two-dimensional convolutions. Formula: operators.py, quantized_conv2d_impl,
 * quantized_depthwise_conv2d_impl and quantized_transpose_conv2d_impl; requantization:
 * passes_utils.py, requantize_cmsis.
 */
#ifndef CORTEX_M_KERNELS_CONVOLUTION_H
#define CORTEX_M_KERNELS_CONVOLUTION_H

#include <stdint.h>

#include "cortex_m/kernels/dims.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  cortex_m_dims input;    /**< NHWC */
  cortex_m_dims filter;   /**< OHWI; input.c / filter.c groups */
  cortex_m_dims output;   /**< NHWC; output.c == filter.n */
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h;          /**< rows of padding above; those below follow from output.h */
  int32_t pad_w;          /**< columns of padding to the left */
  int32_t dilation_h;
  int32_t dilation_w;
  int32_t input_offset;   /**< minus the input's zero point: -127 .. 128 */
  int32_t output_offset;  /**< the output's zero point */
  int32_t activation_min; /**< -128 .. activation_max */
  int32_t activation_max; /**< activation_min .. 127 */
} cortex_m_quantized_conv2d_params;

/**
 * Convolution with any stride, padding, dilation and number of groups.
 *
 *   sum    = bias[o] + sum of (input + input_offset) * weight over the window inside the input
 *   output = clamp(requantize(sum, multipliers[o], shifts[o]) + output_offset,
 *                  activation_min, activation_max)
 *
 * Args:
 *   input: int8, NHWC.
 *   weight: int8, OHWI.
 *   bias: int32, one per output channel, or null for none.
 *   multipliers, shifts: int32, one per output channel; a shift is in -63 .. 63, negative to the
 *     right.
 *   scratch: CORTEX_M_QUANTIZED_CONV2D_SCRATCH bytes.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_conv2d(const int8_t *input, const int8_t *weight, const int32_t *bias,
                               const int32_t *multipliers, const int32_t *shifts,
                               const cortex_m_quantized_conv2d_params *params, void *scratch,
                               int8_t *output);

/**
 * What the folded kernels require beside the general kernel's arguments, so that a sum needs neither
 * the input's offset nor a wide requantization. The plan compiler checks it on the weights:
 *
 *   - kernel_sum[o] = bias[o] + input_offset * sum of the weights of output channel o
 *   - multipliers are not negative, shifts are -23 .. -1
 *   - |bias[o]| + 255 * sum of |weight| of an output channel < 2^30
 *   - the weights lie as the instruction set wants them (plan: cortex_m_plan.packing); where an
 *     instruction set bounds their values further, cortex_m_plan.choice says so
 *
 * `tile` names one of the ways in which a kernel can walk through a call (plan:
 * cortex_m_plan.ways, which lists them for each instruction set): how much scratch that takes, and
 * in which order it reads and writes, hence how far the output may lie over the input. The result
 * is the same. Input and output may share bytes at a distance that the way permits. Scratch is
 * aligned to 16 bytes, and not read where its size is 0.
 */

/**
 * Convolution of one group (filter.c == input.c) with any stride, padding and dilation: equal to
 * cortex_m_quantized_conv2d.
 *
 * Args:
 *   input: int8, NHWC.
 *   weight: int8, OHWI, packed for the instruction set.
 *   kernel_sum: int32, one per output channel; contains the bias.
 *   multipliers, shifts: int32, one per output channel.
 *   scratch: CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH bytes.
 *   tile: one of the kernel's ways.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_conv2d_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum, const int32_t *multipliers,
                                      const int32_t *shifts,
                                      const cortex_m_quantized_conv2d_params *params,
                                      void *scratch, int32_t tile, int8_t *output);

/**
 * As cortex_m_quantized_conv2d_folded, for a 1x1 filter without padding.
 *
 * Args:
 *   scratch: CORTEX_M_QUANTIZED_CONV2D_1X1_SCRATCH bytes.
 */
void cortex_m_quantized_conv2d_1x1(const int8_t *input, const int8_t *weight,
                                   const int32_t *kernel_sum, const int32_t *multipliers,
                                   const int32_t *shifts,
                                   const cortex_m_quantized_conv2d_params *params, void *scratch,
                                   int32_t tile, int8_t *output);

typedef struct {
  cortex_m_dims input;      /**< NHWC */
  cortex_m_dims filter;     /**< IHWO: {1, height, width, output.c} */
  cortex_m_dims output;     /**< NHWC; output.c == input.c * depth_multiplier */
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h;            /**< rows of padding above; those below follow from output.h */
  int32_t pad_w;            /**< columns of padding to the left */
  int32_t dilation_h;
  int32_t dilation_w;
  int32_t input_offset;     /**< minus the input's zero point: -127 .. 128 */
  int32_t output_offset;    /**< the output's zero point */
  int32_t activation_min;   /**< -128 .. activation_max */
  int32_t activation_max;   /**< activation_min .. 127 */
  int32_t depth_multiplier; /**< output channels per input channel */
} cortex_m_quantized_depthwise_conv2d_params;

/**
 * Convolution of each input channel with its own `depth_multiplier` filters: output channel
 * c * depth_multiplier + m reads input channel c alone. Otherwise as cortex_m_quantized_conv2d.
 *
 * Args:
 *   input: int8, NHWC.
 *   weight: int8, IHWO.
 *   bias: int32, one per output channel, or null for none.
 *   multipliers, shifts: int32, one per output channel; a shift is in -63 .. 63, negative to the
 *     right.
 *   scratch: CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_SCRATCH bytes.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_depthwise_conv2d(const int8_t *input, const int8_t *weight,
                                         const int32_t *bias, const int32_t *multipliers,
                                         const int32_t *shifts,
                                         const cortex_m_quantized_depthwise_conv2d_params *params,
                                         void *scratch, int8_t *output);

/**
 * Depthwise convolution with a depth multiplier of 1 and any window, stride, padding and dilation:
 * equal to cortex_m_quantized_depthwise_conv2d. Requirements: see
 * cortex_m_quantized_conv2d_folded.
 *
 * Args:
 *   input: int8, NHWC.
 *   weight: int8, IHWO, packed for the instruction set.
 *   bias: int32, one per channel: for windows that reach into the padding. Not null.
 *   kernel_sum: int32, one per channel; contains the bias.
 *   multipliers, shifts: int32, one per channel.
 *   scratch: CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_FOLDED_SCRATCH bytes.
 *   tile: one of the kernel's ways.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_depthwise_conv2d_folded(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output);

/**
 * As cortex_m_quantized_depthwise_conv2d_folded, for 3x3 windows without dilation.
 *
 * Args:
 *   scratch: CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH bytes.
 */
void cortex_m_quantized_depthwise_conv2d_3x3(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output);

typedef struct {
  cortex_m_dims input;    /**< NHWC */
  cortex_m_dims filter;   /**< OHWI; filter.c == input.c */
  cortex_m_dims output;   /**< NHWC; output.c == filter.n */
  int32_t stride_h;
  int32_t stride_w;
  int32_t pad_h;          /**< output rows cut off above; output padding follows from output.h */
  int32_t pad_w;          /**< output columns cut off to the left */
  int32_t dilation_h;
  int32_t dilation_w;
  int32_t input_offset;   /**< minus the input's zero point: -127 .. 128 */
  int32_t output_offset;  /**< the output's zero point */
  int32_t activation_min; /**< -128 .. activation_max */
  int32_t activation_max; /**< activation_min .. 127 */
} cortex_m_quantized_transpose_conv2d_params;

/**
 * Transposed convolution: input pixel (y, x) adds its products with tap (k_y, k_x) to output pixel
 * (y * stride_h - pad_h + k_y * dilation_h, x * stride_w - pad_w + k_x * dilation_w).
 *
 *   sum    = bias[o] + sum of (input + input_offset) * weight
 *   output = clamp(requantize(sum, multipliers[o], shifts[o]) + output_offset,
 *                  activation_min, activation_max)
 *
 * The reference (operators.py, quantized_transpose_conv2d_impl) sums in float32, which is exact
 * while bias and partial sums stay within 2^24; here the sum is exact modulo 2^32.
 *
 * Args:
 *   input: int8, NHWC.
 *   weight: int8, OHWI.
 *   bias: int32, one per output channel, or null for none.
 *   multipliers, shifts: int32, one per output channel; a shift is in -63 .. 63, negative to the
 *     right.
 *   scratch: CORTEX_M_QUANTIZED_TRANSPOSE_CONV2D_SCRATCH bytes.
 *   output_scratch: CORTEX_M_QUANTIZED_TRANSPOSE_CONV2D_OUTPUT_SCRATCH bytes.
 *   output: int8, NHWC.
 */
void cortex_m_quantized_transpose_conv2d(const int8_t *input, const int8_t *weight,
                                         const int32_t *bias, const int32_t *multipliers,
                                         const int32_t *shifts,
                                         const cortex_m_quantized_transpose_conv2d_params *params,
                                         void *scratch, void *output_scratch, int8_t *output);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_KERNELS_CONVOLUTION_H
