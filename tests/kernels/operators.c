// SPDX-License-Identifier: Apache-2.0
#include "operators.h"

#include <stddef.h>

#include "cortex_m/kernels.h"

// Kernels by the number of their inputs, without scratch and with it.
#define RUN_0(op) cortex_m_##op(params, output)
#define RUN_1(op) cortex_m_##op(buffers[0], params, output)
#define RUN_2(op) cortex_m_##op(buffers[0], buffers[1], params, output)
#define RUN_3(op) cortex_m_##op(buffers[0], buffers[1], buffers[2], params, output)
#define RUN_4(op) \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], params, output)
#define RUN_5(op)                                                                           \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], params, output)
#define RUN_6(op)                                                                           \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], buffers[5], params, \
                output)
#define RUN_1_SCRATCH(op) cortex_m_##op(buffers[0], params, scratches[0], output)
#define RUN_2_SCRATCH(op) cortex_m_##op(buffers[0], buffers[1], params, scratches[0], output)
#define RUN_5_SCRATCHES(op)                                                                    \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], params, scratches[0], \
                scratches[1], output)
#define RUN_5_SCRATCH(op)                                                                      \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], params, scratches[0], \
                output)

// Kernels that can walk through a call in several ways.
#define RUN_5_TILE(op)                                                                         \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], params, scratches[0], \
                tile, output)
#define RUN_6_TILE(op)                                                                        \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], buffers[5], params, \
                scratches[0], tile, output)

#define DEFINE(op, call)                                                                     \
  static void run_##op(const void *params, const void *const *buffers, void *const *scratches, \
                       int32_t tile, void *output) {                                         \
    (void)buffers;                                                                           \
    (void)scratches;                                                                         \
    (void)tile;                                                                              \
    call(op);                                                                                \
  }

// The bytes of scratch that a macro of scratch.h states, from a kernel's parameters.
#define SCRATCH(op, struct_of, macro, ...)                          \
  static uint32_t op##_bytes(const void *params, int32_t tile) {    \
    const cortex_m_##struct_of##_params *p = params;                \
    (void)p;                                                        \
    (void)tile;                                                     \
    return (uint32_t)CORTEX_M_##macro##_SCRATCH(__VA_ARGS__);       \
  }

#define WINDOW                                                                              \
  p->input.n, p->input.h, p->input.w, p->input.c, p->filter.h, p->filter.w, p->filter.c, \
      p->output.h, p->output.w, p->output.c

#define NO_SCRATCH {NULL, NULL}
#define ONE_SCRATCH(op) {op##_bytes, NULL}
#define TWO_SCRATCHES(op) {op##_bytes, op##_output_bytes}

// An operator whose parameters are those of `struct_of`.
#define ENTRY_LIKE(op, struct_of, inputs, scratch) \
  {#op, sizeof(cortex_m_##struct_of##_params), inputs, scratch, run_##op}
#define ENTRY(op, inputs) ENTRY_LIKE(op, op, inputs, NO_SCRATCH)

DEFINE(abs_f32, RUN_1)
DEFINE(abs_s64, RUN_1)
DEFINE(adaptive_avg_pool2d_f32, RUN_1)
DEFINE(add_f32, RUN_2)
DEFINE(add_s32, RUN_2)
DEFINE(add_s64, RUN_2)
DEFINE(amax_f32, RUN_1)
DEFINE(amin_f32, RUN_1)
DEFINE(arange_f32, RUN_0)
DEFINE(arange_s32, RUN_0)
DEFINE(arange_s64, RUN_0)
DEFINE(argmax_f32, RUN_1)
DEFINE(argmin_f32, RUN_1)
DEFINE(avg_pool2d_f32, RUN_1)
DEFINE(batch_norm_f32, RUN_5)
DEFINE(ceil_f32, RUN_1)
DEFINE(clamp_f32, RUN_1)
DEFINE(clamp_s64, RUN_1)
DEFINE(clamp_s8, RUN_1)
DEFINE(conv_f32, RUN_3)
DEFINE(conv_transpose_f32, RUN_3)
DEFINE(convert, RUN_1)
DEFINE(cos_f32, RUN_1)
DEFINE(cube_f32, RUN_1)
DEFINE(dequantize_per_tensor, RUN_1)
DEFINE(dequantize_per_tensor_s16, RUN_1)
DEFINE(div_f32, RUN_2)
DEFINE(elu_f32, RUN_1)
DEFINE(eq_f32, RUN_2)
DEFINE(eq_s32, RUN_2)
DEFINE(eq_s64, RUN_2)
DEFINE(erf_f32, RUN_1)
DEFINE(exp_f32, RUN_1)
DEFINE(expm1_f32, RUN_1)
DEFINE(fill, RUN_0)
DEFINE(floor_f32, RUN_1)
DEFINE(fmod_f32, RUN_2)
DEFINE(fmod_s64, RUN_2)
DEFINE(ge_f32, RUN_2)
DEFINE(ge_s32, RUN_2)
DEFINE(ge_s64, RUN_2)
DEFINE(gelu_f32, RUN_1)
DEFINE(gelu_tanh_f32, RUN_1)
DEFINE(gt_f32, RUN_2)
DEFINE(gt_s32, RUN_2)
DEFINE(gt_s64, RUN_2)
DEFINE(index, RUN_5)
DEFINE(le_f32, RUN_2)
DEFINE(le_s32, RUN_2)
DEFINE(le_s64, RUN_2)
DEFINE(leaky_relu_f32, RUN_1)
DEFINE(log1p_f32, RUN_1)
DEFINE(log_f32, RUN_1)
DEFINE(log_softmax_f32, RUN_1)
DEFINE(logical_and_u8, RUN_2)
DEFINE(logical_not_u8, RUN_1)
DEFINE(logical_or_u8, RUN_2)
DEFINE(logical_xor_u8, RUN_2)
DEFINE(lt_f32, RUN_2)
DEFINE(lt_s32, RUN_2)
DEFINE(lt_s64, RUN_2)
DEFINE(matmul_f32, RUN_3)
DEFINE(maximum, RUN_2)
DEFINE(maximum_f32, RUN_2)
DEFINE(maximum_s32, RUN_2)
DEFINE(maximum_s64, RUN_2)
DEFINE(mean_f32, RUN_1)
DEFINE(minimum, RUN_2)
DEFINE(minimum_f32, RUN_2)
DEFINE(minimum_s32, RUN_2)
DEFINE(minimum_s64, RUN_2)
DEFINE(mul_f32, RUN_2)
DEFINE(mul_s32, RUN_2)
DEFINE(mul_s64, RUN_2)
DEFINE(ne_f32, RUN_2)
DEFINE(ne_s32, RUN_2)
DEFINE(ne_s64, RUN_2)
DEFINE(neg_f32, RUN_1)
DEFINE(neg_s64, RUN_1)
DEFINE(pad, RUN_1)
DEFINE(permute_copy, RUN_1)
DEFINE(pow_f32, RUN_2)
DEFINE(quantize_per_tensor, RUN_1)
DEFINE(quantize_per_tensor_s16, RUN_1)
DEFINE(quantized_activation, RUN_2)
DEFINE(quantized_add, RUN_2)
DEFINE(quantized_add_dense, RUN_2)
DEFINE(quantized_avg_pool2d, RUN_1_SCRATCH)
DEFINE(quantized_avg_pool2d_integer, RUN_1)
DEFINE(quantized_batch_matmul, RUN_2_SCRATCH)
DEFINE(quantized_conv2d, RUN_5_SCRATCH)
DEFINE(quantized_conv2d_1x1, RUN_5_TILE)
DEFINE(quantized_conv2d_folded, RUN_5_TILE)
DEFINE(quantized_depthwise_conv2d, RUN_5_SCRATCH)
DEFINE(quantized_depthwise_conv2d_3x3, RUN_6_TILE)
DEFINE(quantized_depthwise_conv2d_folded, RUN_6_TILE)
DEFINE(quantized_div, RUN_2)
DEFINE(quantized_div_s16, RUN_2)
DEFINE(quantized_linear, RUN_4)
DEFINE(quantized_linear_folded, RUN_3)
DEFINE(quantized_max_pool2d, RUN_1)
DEFINE(quantized_mul, RUN_2)
DEFINE(quantized_mul_dense, RUN_2)
DEFINE(quantized_transpose_conv2d, RUN_5_SCRATCHES)
DEFINE(reciprocal_f32, RUN_1)
DEFINE(relu_f32, RUN_1)
DEFINE(round_f32, RUN_1)
DEFINE(rsqrt_f32, RUN_1)
DEFINE(sigmoid_f32, RUN_1)
DEFINE(sign_f32, RUN_1)
DEFINE(silu_f32, RUN_1)
DEFINE(sin_f32, RUN_1)
DEFINE(softmax, RUN_1)
DEFINE(softmax_f32, RUN_1)
DEFINE(sqrt_f32, RUN_1)
DEFINE(sub_f32, RUN_2)
DEFINE(sub_s32, RUN_2)
DEFINE(sub_s64, RUN_2)
DEFINE(sum_f32, RUN_1)
DEFINE(tanh_f32, RUN_1)
DEFINE(trunc_f32, RUN_1)
DEFINE(upsample_bilinear2d_f32, RUN_1)
DEFINE(upsample_nearest2d, RUN_1)
DEFINE(where, RUN_3)

SCRATCH(quantized_avg_pool2d, quantized_avg_pool2d, QUANTIZED_AVG_POOL2D, p->input.h, p->input.w,
        p->input.c, p->output.h, p->output.w)
SCRATCH(quantized_batch_matmul, quantized_batch_matmul, QUANTIZED_BATCH_MATMUL, p->inner,
        p->columns)
SCRATCH(quantized_conv2d, quantized_conv2d, QUANTIZED_CONV2D, WINDOW)
SCRATCH(quantized_conv2d_1x1, quantized_conv2d, QUANTIZED_CONV2D_1X1, WINDOW, tile)
SCRATCH(quantized_conv2d_folded, quantized_conv2d, QUANTIZED_CONV2D_FOLDED, WINDOW, tile)
SCRATCH(quantized_depthwise_conv2d, quantized_depthwise_conv2d, QUANTIZED_DEPTHWISE_CONV2D, WINDOW,
        p->depth_multiplier)
SCRATCH(quantized_depthwise_conv2d_3x3, quantized_depthwise_conv2d,
        QUANTIZED_DEPTHWISE_CONV2D_3X3, WINDOW, p->depth_multiplier, tile)
SCRATCH(quantized_depthwise_conv2d_folded, quantized_depthwise_conv2d,
        QUANTIZED_DEPTHWISE_CONV2D_FOLDED, WINDOW, p->depth_multiplier, tile)
SCRATCH(quantized_transpose_conv2d, quantized_transpose_conv2d, QUANTIZED_TRANSPOSE_CONV2D, WINDOW)
SCRATCH(quantized_transpose_conv2d_output, quantized_transpose_conv2d,
        QUANTIZED_TRANSPOSE_CONV2D_OUTPUT, WINDOW)

/** All three outputs, one after the other. */
static void run_layer_norm_f32(const void *params, const void *const *buffers,
                               void *const *scratches, int32_t tile, void *output) {
  const cortex_m_layer_norm_f32_params *sizes = params;
  float *mean = (float *)output + sizes->groups * sizes->size;
  (void)scratches;
  (void)tile;
  cortex_m_layer_norm_f32(buffers[0], buffers[1], buffers[2], params, output, mean,
                          mean + sizes->groups);
}

/** Both outputs, the indices first. */
#define DEFINE_MAX_POOL2D(op)                                                                \
  static void run_##op(const void *params, const void *const *buffers, void *const *scratches, \
                       int32_t tile, void *output) {                                         \
    const cortex_m_dims dims = ((const cortex_m_##op##_params *)params)->output;             \
    int64_t *indices = output;                                                               \
    (void)scratches;                                                                         \
    (void)tile;                                                                              \
    cortex_m_##op(buffers[0], params, (void *)(indices + dims.n * dims.h * dims.w * dims.c), \
                  indices);                                                                  \
  }

DEFINE_MAX_POOL2D(max_pool2d_f32)
DEFINE_MAX_POOL2D(max_pool2d_s8)

const operator_entry operators[] = {
    ENTRY(abs_f32, 1),
    ENTRY(abs_s64, 1),
    ENTRY(adaptive_avg_pool2d_f32, 1),
    ENTRY(add_f32, 2),
    ENTRY(add_s32, 2),
    ENTRY(add_s64, 2),
    ENTRY(amax_f32, 1),
    ENTRY(amin_f32, 1),
    ENTRY(arange_f32, 0),
    ENTRY(arange_s32, 0),
    ENTRY(arange_s64, 0),
    ENTRY(argmax_f32, 1),
    ENTRY(argmin_f32, 1),
    ENTRY(avg_pool2d_f32, 1),
    ENTRY(batch_norm_f32, 5),
    ENTRY(ceil_f32, 1),
    ENTRY(clamp_f32, 1),
    ENTRY(clamp_s64, 1),
    ENTRY(clamp_s8, 1),
    ENTRY(conv_f32, 3),
    ENTRY(conv_transpose_f32, 3),
    ENTRY(convert, 1),
    ENTRY(cos_f32, 1),
    ENTRY(cube_f32, 1),
    ENTRY(dequantize_per_tensor, 1),
    ENTRY(dequantize_per_tensor_s16, 1),
    ENTRY(div_f32, 2),
    ENTRY(elu_f32, 1),
    ENTRY(eq_f32, 2),
    ENTRY(eq_s32, 2),
    ENTRY(eq_s64, 2),
    ENTRY(erf_f32, 1),
    ENTRY(exp_f32, 1),
    ENTRY(expm1_f32, 1),
    ENTRY(fill, 0),
    ENTRY(floor_f32, 1),
    ENTRY(fmod_f32, 2),
    ENTRY(fmod_s64, 2),
    ENTRY(ge_f32, 2),
    ENTRY(ge_s32, 2),
    ENTRY(ge_s64, 2),
    ENTRY(gelu_f32, 1),
    ENTRY(gelu_tanh_f32, 1),
    ENTRY(gt_f32, 2),
    ENTRY(gt_s32, 2),
    ENTRY(gt_s64, 2),
    ENTRY(index, 5),
    ENTRY(layer_norm_f32, 3),
    ENTRY(le_f32, 2),
    ENTRY(le_s32, 2),
    ENTRY(le_s64, 2),
    ENTRY(leaky_relu_f32, 1),
    ENTRY(log1p_f32, 1),
    ENTRY(log_f32, 1),
    ENTRY(log_softmax_f32, 1),
    ENTRY(logical_and_u8, 2),
    ENTRY(logical_not_u8, 1),
    ENTRY(logical_or_u8, 2),
    ENTRY(logical_xor_u8, 2),
    ENTRY(lt_f32, 2),
    ENTRY(lt_s32, 2),
    ENTRY(lt_s64, 2),
    ENTRY(matmul_f32, 3),
    ENTRY(max_pool2d_f32, 1),
    ENTRY(max_pool2d_s8, 1),
    ENTRY(maximum, 2),
    ENTRY(maximum_f32, 2),
    ENTRY(maximum_s32, 2),
    ENTRY(maximum_s64, 2),
    ENTRY(mean_f32, 1),
    ENTRY(minimum, 2),
    ENTRY(minimum_f32, 2),
    ENTRY(minimum_s32, 2),
    ENTRY(minimum_s64, 2),
    ENTRY(mul_f32, 2),
    ENTRY(mul_s32, 2),
    ENTRY(mul_s64, 2),
    ENTRY(ne_f32, 2),
    ENTRY(ne_s32, 2),
    ENTRY(ne_s64, 2),
    ENTRY(neg_f32, 1),
    ENTRY(neg_s64, 1),
    ENTRY(pad, 1),
    ENTRY(permute_copy, 1),
    ENTRY(pow_f32, 2),
    ENTRY(quantize_per_tensor, 1),
    ENTRY(quantize_per_tensor_s16, 1),
    ENTRY(quantized_activation, 2),
    ENTRY(quantized_add, 2),
    ENTRY_LIKE(quantized_add_dense, quantized_add, 2, NO_SCRATCH),
    ENTRY_LIKE(quantized_avg_pool2d, quantized_avg_pool2d, 1, ONE_SCRATCH(quantized_avg_pool2d)),
    ENTRY_LIKE(quantized_avg_pool2d_integer, quantized_avg_pool2d, 1, NO_SCRATCH),
    ENTRY_LIKE(quantized_batch_matmul, quantized_batch_matmul, 2,
               ONE_SCRATCH(quantized_batch_matmul)),
    ENTRY_LIKE(quantized_conv2d, quantized_conv2d, 5, ONE_SCRATCH(quantized_conv2d)),
    ENTRY_LIKE(quantized_conv2d_1x1, quantized_conv2d, 5, ONE_SCRATCH(quantized_conv2d_1x1)),
    ENTRY_LIKE(quantized_conv2d_folded, quantized_conv2d, 5, ONE_SCRATCH(quantized_conv2d_folded)),
    ENTRY_LIKE(quantized_depthwise_conv2d, quantized_depthwise_conv2d, 5,
               ONE_SCRATCH(quantized_depthwise_conv2d)),
    ENTRY_LIKE(quantized_depthwise_conv2d_3x3, quantized_depthwise_conv2d, 6,
               ONE_SCRATCH(quantized_depthwise_conv2d_3x3)),
    ENTRY_LIKE(quantized_depthwise_conv2d_folded, quantized_depthwise_conv2d, 6,
               ONE_SCRATCH(quantized_depthwise_conv2d_folded)),
    ENTRY(quantized_div, 2),
    ENTRY(quantized_div_s16, 2),
    ENTRY(quantized_linear, 4),
    ENTRY_LIKE(quantized_linear_folded, quantized_linear, 3, NO_SCRATCH),
    ENTRY(quantized_max_pool2d, 1),
    ENTRY(quantized_mul, 2),
    ENTRY_LIKE(quantized_mul_dense, quantized_mul, 2, NO_SCRATCH),
    ENTRY_LIKE(quantized_transpose_conv2d, quantized_transpose_conv2d, 5,
               TWO_SCRATCHES(quantized_transpose_conv2d)),
    ENTRY(reciprocal_f32, 1),
    ENTRY(relu_f32, 1),
    ENTRY(round_f32, 1),
    ENTRY(rsqrt_f32, 1),
    ENTRY(sigmoid_f32, 1),
    ENTRY(sign_f32, 1),
    ENTRY(silu_f32, 1),
    ENTRY(sin_f32, 1),
    ENTRY(softmax, 1),
    ENTRY(softmax_f32, 1),
    ENTRY(sqrt_f32, 1),
    ENTRY(sub_f32, 2),
    ENTRY(sub_s32, 2),
    ENTRY(sub_s64, 2),
    ENTRY(sum_f32, 1),
    ENTRY(tanh_f32, 1),
    ENTRY(trunc_f32, 1),
    ENTRY(upsample_bilinear2d_f32, 1),
    ENTRY(upsample_nearest2d, 1),
    ENTRY(where, 3),
    {NULL, 0, 0, NO_SCRATCH, NULL},
};
