// SPDX-License-Identifier: Apache-2.0
/**
 * Every operator the plan can call, one C function each.
 *
 * Common to all of them:
 *
 * - A result equals ExecuTorch's Python implementation of the operator (the wheel's
 *   `executorch/backends/cortex_m/ops/operators.py`, and torch's `quantized_decomposed` for
 *   quantize and dequantize) in every bit. Each header names the formula.
 * - Kernels for PyTorch's own operators equal PyTorch on the CPU, with ATEN_CPU_CAPABILITY=default as
 *   the lowering pins it: exactly, or to the ulps (units in the last place) that the header states.
 *   They end in _f32 where they compute in float32, in _s32 or _s64 where in integers; those
 *   that only move elements take any type.
 * - Tensors are dense and in the memory order of the program: a channels-last tensor is NHWC.
 * - int8 tensors may start at any address; wider ones are aligned to their type.
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
#define CORTEX_M_KERNEL_ABI 4

#include "cortex_m/kernels/activation.h"
#include "cortex_m/kernels/add.h"
#include "cortex_m/kernels/binary.h"
#include "cortex_m/kernels/convert.h"
#include "cortex_m/kernels/convolution.h"
#include "cortex_m/kernels/convolution_f32.h"
#include "cortex_m/kernels/copy.h"
#include "cortex_m/kernels/div.h"
#include "cortex_m/kernels/extremum.h"
#include "cortex_m/kernels/fill.h"
#include "cortex_m/kernels/index.h"
#include "cortex_m/kernels/linear.h"
#include "cortex_m/kernels/matmul.h"
#include "cortex_m/kernels/matmul_f32.h"
#include "cortex_m/kernels/mul.h"
#include "cortex_m/kernels/normalization_f32.h"
#include "cortex_m/kernels/pooling.h"
#include "cortex_m/kernels/pooling_f32.h"
#include "cortex_m/kernels/quantize.h"
#include "cortex_m/kernels/reduction.h"
#include "cortex_m/kernels/softmax.h"
#include "cortex_m/kernels/softmax_f32.h"
#include "cortex_m/kernels/unary.h"
#include "cortex_m/kernels/upsample.h"
#include "cortex_m/scratch.h"

#endif  // CORTEX_M_KERNELS_H
