// SPDX-License-Identifier: Apache-2.0
#include "operators.h"

#include <stddef.h>

#include "cortex_m/kernels.h"

// A kernel without scratch, of one or two inputs, and one with scratch, of one or five.
#define RUN_1(op) cortex_m_##op(buffers[0], params, output)
#define RUN_2(op) cortex_m_##op(buffers[0], buffers[1], params, output)
#define RUN_4(op) \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], params, output)
#define RUN_1_SCRATCH(op) cortex_m_##op(buffers[0], params, scratch, output)
#define RUN_5_SCRATCH(op) \
  cortex_m_##op(buffers[0], buffers[1], buffers[2], buffers[3], buffers[4], params, scratch, output)

#define DEFINE(op, call)                                                                     \
  static void run_##op(const void *params, const void *const *buffers, void *scratch, \
                       void *output) {                                                       \
    (void)scratch;                                                                           \
    call(op);                                                                                \
  }

#define ENTRY(op, inputs) {#op, sizeof(cortex_m_##op##_params), inputs, run_##op}

DEFINE(dequantize_per_tensor, RUN_1)
DEFINE(pad, RUN_1)
DEFINE(permute_copy, RUN_1)
DEFINE(quantize_per_tensor, RUN_1)
DEFINE(quantized_add, RUN_2)
DEFINE(quantized_avg_pool2d, RUN_1_SCRATCH)
DEFINE(quantized_conv2d, RUN_5_SCRATCH)
DEFINE(quantized_depthwise_conv2d, RUN_5_SCRATCH)
DEFINE(quantized_linear, RUN_4)
DEFINE(quantized_max_pool2d, RUN_1)

const operator_entry operators[] = {
    ENTRY(dequantize_per_tensor, 1),
    ENTRY(pad, 1),
    ENTRY(permute_copy, 1),
    ENTRY(quantize_per_tensor, 1),
    ENTRY(quantized_add, 2),
    ENTRY(quantized_avg_pool2d, 1),
    ENTRY(quantized_conv2d, 5),
    ENTRY(quantized_depthwise_conv2d, 5),
    ENTRY(quantized_linear, 4),
    ENTRY(quantized_max_pool2d, 1),
    {NULL, 0, 0, NULL},
};
