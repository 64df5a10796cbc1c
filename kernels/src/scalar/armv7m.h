// SPDX-License-Identifier: Apache-2.0
/** Pieces of assembly for Armv7-M and Armv8-M Mainline without DSP instructions. Private. */
#ifndef CORTEX_M_KERNELS_ARMV7M_SCALAR_H
#define CORTEX_M_KERNELS_ARMV7M_SCALAR_H

/**
 * From a sum to an output, in int8. r6: twice the kernel sum. r7: multiplier. r8: right. r9:
 * rounding. r0 is free.
 */
#define CORTEX_M_RESCALE(sum)                     \
  "add " sum ", r6, " sum ", lsl #1\n\t"          \
  "smull r0, " sum ", " sum ", r7\n\t"            \
  "add " sum ", " sum ", r0, lsr #31\n\t"         \
  "add " sum ", " sum ", " sum ", asr #31\n\t"    \
  "asr " sum ", " sum ", r8\n\t"                  \
  "add " sum ", " sum ", r9\n\t"                  \
  "ssat " sum ", #8, " sum ", asr #1\n\t"

/** Within the activation's range. r7: minimum. r8: maximum. */
#define CORTEX_M_CLAMP(value)  \
  "cmp " value ", r7\n\t"      \
  "it lt\n\t"                  \
  "movlt " value ", r7\n\t"    \
  "cmp " value ", r8\n\t"      \
  "it gt\n\t"                  \
  "movgt " value ", r8\n\t"

#endif  // CORTEX_M_KERNELS_ARMV7M_SCALAR_H
