// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "columns.h"
#include "conv2d.h"
#include "cortex_m/kernels/convolution.h"
#include "pairs.h"
#include "requantize.h"

/** The input pixel of the next output pixel. */
typedef struct {
  const int8_t *pixel;
  const int8_t *row;
  const int8_t *image;
  int32_t output_y;
  int32_t output_x;
} position;

static void go_on(const cortex_m_quantized_conv2d_params *params, position *at) {
  at->pixel += params->stride_w * params->input.c;
  if (++at->output_x == params->output.w) {
    at->output_x = 0;
    at->row += params->stride_h * params->input.w * params->input.c;
    if (++at->output_y == params->output.h) {
      at->output_y = 0;
      at->image += params->input.h * params->input.w * params->input.c;
      at->row = at->image;
    }
    at->pixel = at->row;
  }
}

/** Writes a pixel as a column; returns cortex_m_pair_start_dsp of it. */
static int32_t write_column(const int8_t *pixel, int32_t inputs, uint32_t *to) {
  cortex_m_column column = {to, 0, 0, 0};
  if ((inputs & 3) == 0) {
    cortex_m_append_words_dsp(&column, pixel, inputs);
  } else {
    cortex_m_append_dsp(&column, pixel, inputs, 4);
  }
  return cortex_m_finish_column_dsp(&column);
}

/**
 * The kernel's ways (cortex_m_plan.ways.dsp): pixels computed together, from columns in scratch or
 * on the stack, or one after the other as they lie.
 */
enum { SINGLES = 1, PAIRS = 2, PAIRS_ON_STACK = 3 };

/** Of fewer pixels the last of an odd number is read as it lies: a pair of one is slower. */
#define FEW 32

CORTEX_M_FRAME static void convolve(const int8_t *input, const int8_t *weight,
                                    const int32_t *kernel_sum, const int32_t *multipliers,
                                    const int32_t *shifts,
                                    const cortex_m_quantized_conv2d_params *params, void *scratch,
                                    int32_t tile, int8_t *output) {
  const int32_t channels = params->output.c;
  const int32_t inputs = params->input.c;
  const cortex_m_conv2d_layer layer = cortex_m_conv2d_layer_dsp(
      weight, kernel_sum, multipliers, shifts, inputs, channels, params->output_offset);
  const int32_t pixels = params->output.n * params->output.h * params->output.w;
  const int32_t outputs = pixels * channels;
  uint32_t *const columns = scratch;
  position at = {input, input, input, 0, 0};
  for (int32_t left = pixels; left > 0;) {
    if (tile == SINGLES || (left == 1 && pixels < FEW)) {
      cortex_m_output_vector_dsp(&layer, at.pixel, output);
      go_on(params, &at);
      output += channels;
      --left;
      continue;
    }
    int32_t starts[2] = {0, 0};
    int32_t second = 0;
    starts[0] = write_column(at.pixel, inputs, columns);
    go_on(params, &at);
    --left;
    if (left > 0) {
      second = channels;
      starts[1] = write_column(at.pixel, inputs, columns + 2);
      go_on(params, &at);
      --left;
    }
    cortex_m_output_columns_dsp(&layer, columns, starts, second, output);
    output += channels + second;
  }
  cortex_m_limit_dsp(output - outputs, outputs, params->activation_min, params->activation_max);
}

CORTEX_M_FRAME static void convolve_on_stack(const int8_t *input, const int8_t *weight,
                                             const int32_t *kernel_sum,
                                             const int32_t *multipliers, const int32_t *shifts,
                                             const cortex_m_quantized_conv2d_params *params,
                                             void *scratch, int32_t tile, int8_t *output) {
  (void)scratch;
  uint32_t columns[CORTEX_M_STACK_GROUPS * CORTEX_M_COLUMNS_GROUP / 4];
  convolve(input, weight, kernel_sum, multipliers, shifts, params, columns, tile, output);
}

void cortex_m_quantized_conv2d_1x1(const int8_t *input, const int8_t *weight,
                                   const int32_t *kernel_sum, const int32_t *multipliers,
                                   const int32_t *shifts,
                                   const cortex_m_quantized_conv2d_params *params, void *scratch,
                                   int32_t tile, int8_t *output) {
  if (tile == PAIRS_ON_STACK) {
    convolve_on_stack(input, weight, kernel_sum, multipliers, shifts, params, scratch, tile,
                      output);
  } else {
    convolve(input, weight, kernel_sum, multipliers, shifts, params, scratch, tile, output);
  }
}
