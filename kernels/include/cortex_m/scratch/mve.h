// SPDX-License-Identifier: Apache-2.0
/** Scratch of the kernels for cores with MVE. Arguments: see cortex_m/scratch.h. */
#ifndef CORTEX_M_SCRATCH_MVE_H
#define CORTEX_M_SCRATCH_MVE_H

/** A tile is its bytes, plus 1 for windows apart from each other. */
#define CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h,    \
                                                 out_w, out_c, tile)                              \
  ((tile) / 16 * 16)

/** A tile is twice the pixels of a run, plus 1 if they are gathered; the last in vectors. */
#define CORTEX_M_QUANTIZED_CONV2D_1X1_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, out_h, out_w,\
                                              out_c, tile)                                        \
  ((tile) % 2 * ((((tile) / 2 - 1) * (in_c) + ((in_c) + 15) / 16 * 16 + 15) / 16 * 16))

#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_FOLDED_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c, \
                                                           out_h, out_w, out_c, depth_multiplier, \
                                                           tile)                                  \
  (0)

/** A tile is its bytes * 65536, plus the columns it computes; or 1. */
#define CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH(in_n, in_h, in_w, in_c, k_h, k_w, k_c,    \
                                                        out_h, out_w, out_c, depth_multiplier,    \
                                                        tile)                                     \
  ((tile) / 65536)

#endif  // CORTEX_M_SCRATCH_MVE_H
