// SPDX-License-Identifier: Apache-2.0
/** Scratch of the kernels for cores with DSP instructions. Arguments: see cortex_m/scratch.h. */
#ifndef CORTEX_M_SCRATCH_DSP_H
#define CORTEX_M_SCRATCH_DSP_H

/** Tile 2: the windows of two output pixels as int16, and a small one as bytes. Tile 1: bytes. */
#define CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h,    \
                                                 out_w, out_c, tile)                              \
  (((tile) == 1 ? 4 : (tile) != 2 ? 0 : (k_h) * (k_w) * (k_c) <= 64 ? 20 : 16) *                  \
   (((k_h) * (k_w) * (k_c) + 3) / 4))

/** Tile 2: two pixels as int16. */
#define CORTEX_M_QUANTIZED_CONV2D_1X1_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, out_w,\
                                              out_c, tile)                                        \
  ((tile) == 2 ? 16 * (((in_c) + 3) / 4) : 0)

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                           out_h, out_w, out_c, depth_multiplier, \
                                                           tile)                                  \
  (0)

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c,    \
                                                        out_h, out_w, out_c, depth_multiplier,    \
                                                        tile)                                     \
  (0)

#endif  // CORTEX_M_SCRATCH_DSP_H
