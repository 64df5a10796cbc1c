// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "conv2d.h"
#include "cortex_m/kernels/convolution.h"
#include "pairs.h"

/** An input pixel that an output pixel reads. */
typedef struct {
  const int8_t *pixel;
  int32_t columns; /**< still to come in the row of outputs, with this one */
  int32_t rows;    /**< still to come in the image, with this one */
} position;

/** Goes on to the next pixel; returns the one it leaves. */
static const int8_t *take(const cortex_m_quantized_conv2d_params *params, position *at) {
  const int8_t *const taken = at->pixel;
  const int32_t channels = params->input.c;
  const int32_t line = params->input.w * channels;
  at->pixel += params->stride_w * channels;
  if (--at->columns == 0) {
    at->columns = params->output.w;
    at->pixel += params->stride_h * line - params->output.w * params->stride_w * channels;
    if (--at->rows == 0) {
      at->rows = params->output.h;
      at->pixel += (params->input.h - params->output.h * params->stride_h) * line;
    }
  }
  return taken;
}

/**
 * The kernel's ways (cortex_m_plan.ways.scalar): how many pixels are computed together, from pairs
 * in scratch. Without scratch those of few inputs lie on the stack, in so many words; else each
 * pixel is read in place.
 */
enum { IN_PLACE = 1, PAIRS = 2, QUADS = 4, STACK_WORDS = 64 };

/** All pixels, which takes taps * tile / 2 words. */
static void convolve(const int8_t *input, const cortex_m_filters *filters,
                     const cortex_m_quantized_conv2d_params *params, int32_t *pairs, int32_t tile,
                     int8_t *output) {
  const int32_t taps = filters->taps;
  const int32_t channels = filters->channels;
  int32_t pixels = params->output.n * params->output.h * params->output.w;
  position at = {input, params->output.w, params->output.h};
  if (tile == QUADS) {
    for (; pixels >= QUADS; pixels -= QUADS) {
      for (int32_t half = 0; half < 2; ++half) {
        const int8_t *const first = take(params, &at);
        cortex_m_make_pairs(first, take(params, &at), taps, 2, pairs + half);
      }
      cortex_m_quad_outputs(filters, pairs, output);
      output += QUADS * channels;
    }
  }
  if (tile != IN_PLACE) {
    for (; pixels >= PAIRS; pixels -= PAIRS) {
      const int8_t *const first = take(params, &at);
      cortex_m_make_pairs(first, take(params, &at), taps, 1, pairs);
      cortex_m_pair_outputs(filters, pairs, output);
      output += PAIRS * channels;
    }
  }
  for (; pixels > 0; --pixels) {
    const int8_t *pixel = take(params, &at);
    if (tile != IN_PLACE) {
      // As those before it, the last one may lie under its own outputs.
      pixel = memcpy(pairs, pixel, (size_t)taps);
    }
    cortex_m_pixel_outputs(filters, pixel, output);
    output += channels;
  }
}

/** Not inlined, for the other ways to do without its room on the stack. */
static __attribute__((noinline)) void convolve_few_taps(
    const int8_t *input, const cortex_m_filters *filters,
    const cortex_m_quantized_conv2d_params *params, int8_t *output) {
  int32_t pairs[STACK_WORDS];
  convolve(input, filters, params, pairs, 2 * filters->taps <= STACK_WORDS ? QUADS : PAIRS,
           output);
}

void cortex_m_quantized_conv2d_1x1(const int8_t *input, const int8_t *weight,
                                   const int32_t *kernel_sum, const int32_t *multipliers,
                                   const int32_t *shifts,
                                   const cortex_m_quantized_conv2d_params *params, void *scratch,
                                   int32_t tile, int8_t *output) {
  const cortex_m_filters filters = {
      weight,
      kernel_sum,
      multipliers,
      shifts,
      params->filter.c,
      params->output.c,
      {2 * params->output_offset + 1, params->activation_min, params->activation_max},
  };
  if (tile == IN_PLACE && filters.taps <= STACK_WORDS) {
    convolve_few_taps(input, &filters, params, output);
  } else {
    convolve(input, &filters, params, scratch, tile, output);
  }
}
