// SPDX-License-Identifier: Apache-2.0
/**
 * Every operator the plan can call, one C function each.
 *
 * Common to all of them:
 *
 * - A result equals ExecuTorch's Python implementation of the operator (the wheel's
 *   `executorch/backends/cortex_m/ops/operators.py`, and torch's `quantized_decomposed` for
 *   quantize and dequantize) in every bit. Each header names the formula.
 * - Tensors are dense and in the memory order of the program: a channels-last tensor is NHWC.
 * - int8 tensors may start at any address; int32 and float ones are aligned to their type.
 * - Inputs are never written, and an output never overlaps an input.
 * - Parameters are structs of int32_t and float alone, so that they can be constants in flash and
 *   tools can lay them out. Shapes in them are trusted: the plan compiler has checked them.
 * - A kernel uses no heap and no static RAM; a working buffer is its `scratch` argument, whose size
 *   scratch.h states, and which may be null where that is 0.
 * - 32-bit accumulators wrap modulo 2^32, as the reference's int32 tensors do.
 * - Floating point needs IEEE single precision, round to nearest, and no contraction to fused
 *   multiply-add (-ffp-contract=off).
 */
#ifndef CORTEX_M_KERNELS_H
#define CORTEX_M_KERNELS_H

/** Changes whenever a signature, a parameter struct or the meaning of a field does. */
#define CORTEX_M_KERNEL_ABI 1

#include "cortex_m/kernels/add.h"
#include "cortex_m/kernels/convolution.h"
#include "cortex_m/kernels/copy.h"
#include "cortex_m/kernels/linear.h"
#include "cortex_m/kernels/pooling.h"
#include "cortex_m/kernels/quantize.h"
#include "cortex_m/scratch.h"

#endif  // CORTEX_M_KERNELS_H
