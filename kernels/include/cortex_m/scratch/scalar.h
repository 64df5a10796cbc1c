// SPDX-License-Identifier: Apache-2.0
/**
 * Scratch of the kernels for Armv6-M, and Armv7-M or Armv8-M without DSP instructions. Arguments:
 * see cortex_m/scratch.h.
 */
#ifndef CORTEX_M_SCRATCH_SCALAR_H
#define CORTEX_M_SCRATCH_SCALAR_H

/**
 * The windows of `tile` pixels that are computed together, two elements in a word. The window of a
 * single pixel takes a byte an element, and none up to 56, which lie on the stack.
 */
#define CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h,    \
                                                 out_w, out_c, tile)                              \
  ((tile) == 1 && (k_h) * (k_w) * (k_c) <= 56                                                     \
       ? 0                                                                                        \
       : (((tile) == 1 ? 1 : 2 * (tile)) * (k_h) * (k_w) * (k_c) + 15) / 16 * 16)

/** The same, but nothing for a single pixel. */
#define CORTEX_M_QUANTIZED_CONV2D_1X1_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, out_w,\
                                              out_c, tile)                                        \
  ((tile) == 1 ? 0 : (2 * (tile) * (k_c) + 15) / 16 * 16)

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                           out_h, out_w, out_c, depth_multiplier, \
                                                           tile)                                  \
  (0)

/** One channel of the input image, where channels are computed one after the other. */
#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c,    \
                                                        out_h, out_w, out_c, depth_multiplier,    \
                                                        tile)                                     \
  ((tile) == 3 ? ((in_h) * (in_w) + 15) / 16 * 16 : 0)

#endif  // CORTEX_M_SCRATCH_SCALAR_H
