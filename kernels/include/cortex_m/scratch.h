// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes of scratch each kernel needs for a shape, as constant expressions, so that a generated plan
 * can assert at compile time that what was planned suffices.
 *
 * Arguments are the operator's shapes: in_* of the input (NHWC), k_h, k_w the filter's window, k_c
 * its input channels (those of one group), out_* of the output. Scratch is aligned to 16 bytes.
 * The scalar kernels need none.
 */
#ifndef CORTEX_M_SCRATCH_H
#define CORTEX_M_SCRATCH_H

#define CORTEX_M_QUANTIZED_CONV2D_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, out_w, \
                                          out_c)                                               \
  (0)

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, \
                                                    out_w, out_c, depth_multiplier)               \
  (0)

#if defined(__ARM_FEATURE_MVE)

/** The windows of four output pixels, in whole vectors. */
#define CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, \
                                                 out_w, out_c)                                 \
  (64 * (((k_h) * (k_w) * (k_c) + 15) / 16))

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                           out_h, out_w, out_c,                   \
                                                           depth_multiplier)                      \
  (0)

/** Four rows of as many columns and channels as fit into what CMSIS-NN plans. */
#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                        out_h, out_w, out_c, depth_multiplier) \
  (4464)

#else

/**
 * The folded kernels work on the window of a few output pixels. Armv6-M, Armv7-M and the DSP
 * extension keep one of up to 64 elements on the stack.
 */
#define CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, \
                                                 out_w, out_c)                                 \
  ((k_h) * (k_w) * (k_c) <= 64 ? 0 : 16 * (((k_h) * (k_w) * (k_c) + 3) / 4))

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                           out_h, out_w, out_c,                   \
                                                           depth_multiplier)                      \
  (0)

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                        out_h, out_w, out_c, depth_multiplier) \
  (0)

#endif

#define CORTEX_M_QUANTIZED_AVG_POOL2D_SCRATCH(in_h, in_w, in_c, out_h, out_w) (0)

#define CORTEX_M_QUANTIZED_TRANSPOSE_CONV2D_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, \
                                                    out_w, out_c)                                 \
  (0)

/** Of the second buffer, output_scratch. */
#define CORTEX_M_QUANTIZED_TRANSPOSE_CONV2D_OUTPUT_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                           out_h, out_w, out_c)                   \
  (0)

/** inner: elements of a product; columns: of the right operand. */
#define CORTEX_M_QUANTIZED_BATCH_MATMUL_SCRATCH(inner, columns) (0)

#endif  // CORTEX_M_SCRATCH_H
