// SPDX-License-Identifier: Apache-2.0
/**
 * Bytes of scratch each kernel needs for a shape, as constant expressions, so that a generated plan
 * can assert at compile time that what was planned suffices.
 *
 * Arguments are the operator's shapes: in_* of the input (NHWC), k_h, k_w the filter's window, k_c
 * its input channels (those of one group), out_* of the output; tile the way the kernel walks. Scratch
 * is aligned to 16 bytes. The numbers are also in cortex_m_plan.ways; a test compares both.
 */
#ifndef CORTEX_M_SCRATCH_H
#define CORTEX_M_SCRATCH_H

#if defined(__ARM_FEATURE_MVE)
#include "cortex_m/scratch/mve.h"
#elif defined(__ARM_FEATURE_DSP)
#include "cortex_m/scratch/dsp.h"
#else
#include "cortex_m/scratch/scalar.h"
#endif

#define CORTEX_M_QUANTIZED_CONV2D_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, out_w, \
                                          out_c)                                               \
  (0)

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, \
                                                    out_w, out_c, depth_multiplier)               \
  (0)

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
