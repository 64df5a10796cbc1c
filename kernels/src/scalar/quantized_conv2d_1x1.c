// SPDX-License-Identifier: Apache-2.0
#include "conv2d.h"
#include "cortex_m/kernels/convolution.h"
#include "dot_four.h"
#include "pairs.h"

/** An input pixel that an output pixel reads. */
typedef struct {
  const int8_t *pixel;
  int32_t columns; /**< still to come in the row of outputs, with this one */
  int32_t rows;    /**< still to come in the image, with this one */
} position;

static position next(const cortex_m_quantized_conv2d_params *params, position at) {
  const int32_t channels = params->input.c;
  const int32_t line = params->input.w * channels;
  at.pixel += params->stride_w * channels;
  if (--at.columns == 0) {
    at.columns = params->output.w;
    at.pixel += params->stride_h * line - params->output.w * params->stride_w * channels;
    if (--at.rows == 0) {
      at.rows = params->output.h;
      at.pixel += (params->input.h - params->output.h * params->stride_h) * line;
    }
  }
  return at;
}

/** All output channels of one pixel. */
static void output_pixel(const cortex_m_filters *filters, const int8_t *pixel, int8_t *output) {
  const int8_t *weight = filters->weight;
  for (int32_t channel = 0; channel < filters->channels;) {
    int32_t sums[CORTEX_M_SCALAR_LANES];
    const int32_t left = filters->channels - channel;
    const int32_t lanes = left < CORTEX_M_SCALAR_LANES ? 1 : CORTEX_M_SCALAR_LANES;
    cortex_m_dot_lanes_scalar(pixel, weight, lanes == 1 ? 0 : filters->taps, filters->taps, sums);
    weight += lanes * filters->taps;
    for (int32_t lane = 0; lane < lanes; ++lane) {
      const cortex_m_channel by = cortex_m_channel_at(filters->kernel_sum, filters->multipliers,
                                                      filters->shifts, channel);
      output[channel++] = cortex_m_finish(sums[lane], &by, &filters->output);
    }
  }
}

void cortex_m_quantized_conv2d_1x1(const int8_t *input, const int8_t *weight,
                                   const int32_t *kernel_sum, const int32_t *multipliers,
                                   const int32_t *shifts,
                                   const cortex_m_quantized_conv2d_params *params,
                                   int8_t *output) {
  const cortex_m_filters filters = {
      weight,
      kernel_sum,
      multipliers,
      shifts,
      params->filter.c,
      params->output.c,
      {2 * params->output_offset + 1, params->activation_min, params->activation_max},
  };
  const int32_t taps = filters.taps;
  const int32_t channels = filters.channels;
  int32_t pixels = params->output.n * params->output.h * params->output.w;
  int8_t *const end = output + pixels * channels;
  position at = {input, params->output.w, params->output.h};
  // Quads lie at the end of the output, until it is its turn; then pairs, which take half as much.
  int32_t *const quads = cortex_m_words_before(end, 2 * taps);
  for (; (int8_t *)quads - output >= 4 * channels; pixels -= 4) {
    for (int32_t half = 0; half < 2; ++half) {
      const position second = next(params, at);
      cortex_m_make_pairs(at.pixel, second.pixel, taps, 2, quads + half);
      at = next(params, second);
    }
    cortex_m_quad_outputs(&filters, quads, output);
    output += 4 * channels;
  }
  int32_t *const pairs = cortex_m_words_before(end, taps);
  for (; (int8_t *)pairs - output >= 2 * channels; pixels -= 2) {
    const position second = next(params, at);
    cortex_m_make_pairs(at.pixel, second.pixel, taps, 1, pairs);
    cortex_m_pair_outputs(&filters, pairs, output, output + channels);
    at = next(params, second);
    output += 2 * channels;
  }
  for (; pixels > 0; --pixels) {
    output_pixel(&filters, at.pixel, output);
    at = next(params, at);
    output += channels;
  }
}
