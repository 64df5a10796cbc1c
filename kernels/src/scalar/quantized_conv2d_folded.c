// SPDX-License-Identifier: Apache-2.0
#include "conv2d.h"
#include "cortex_m/kernels/convolution.h"
#include "pairs.h"
#include "../support.h"

/** An output pixel, and where its window starts, perhaps outside the image. */
typedef struct {
  const int8_t *image;
  int32_t y;
  int32_t x;
  int32_t output_y;
  int32_t output_x;
} position;

static void advance(const cortex_m_quantized_conv2d_params *params, position *at) {
  at->x += params->stride_w;
  if (++at->output_x == params->output.w) {
    at->output_x = 0;
    at->x = -params->pad_w;
    at->y += params->stride_h;
    if (++at->output_y == params->output.h) {
      at->output_y = 0;
      at->y = -params->pad_h;
      at->image += params->input.h * params->input.w * params->input.c;
    }
  }
}

/** The part inside the image of one row of the window of a pixel. */
typedef struct {
  const int8_t *line;      /**< column 0 of the window */
  cortex_m_window columns; /**< empty where the row is outside */
} window_row;

static window_row row_at(const cortex_m_quantized_conv2d_params *params, const position *at,
                         cortex_m_window columns, int32_t row) {
  const int32_t y = at->y + row * params->dilation_h;
  if (y < 0 || y >= params->input.h) {
    columns.end = columns.begin;
  }
  return (window_row){at->image + (y * params->input.w + at->x) * params->input.c, columns};
}

/** Whether a column is inside; lowers `end` to the next column where that changes. */
static int is_inside(const window_row *row, int32_t column, int32_t *end) {
  if (column >= row->columns.end) {
    return 0;
  }
  const int inside = column >= row->columns.begin;
  const int32_t change = inside ? row->columns.end : row->columns.begin;
  *end = change < *end ? change : *end;
  return inside;
}

/** The windows of two pixels of which one reaches into the padding, which is the zero point. */
static void gather_padded(const cortex_m_quantized_conv2d_params *params, const position *first,
                   const position *second, int32_t words, int32_t *pairs) {
  const int32_t channels = params->input.c;
  const int32_t step = params->dilation_w * channels;
  const int32_t padding = -params->input_offset;
  const cortex_m_window first_columns =
      cortex_m_clip_window(first->x, params->filter.w, params->dilation_w, params->input.w);
  const cortex_m_window second_columns =
      cortex_m_clip_window(second->x, params->filter.w, params->dilation_w, params->input.w);
  for (int32_t row = 0; row < params->filter.h; ++row) {
    const window_row a = row_at(params, first, first_columns, row);
    const window_row b = row_at(params, second, second_columns, row);
    for (int32_t column = 0; column < params->filter.w;) {
      int32_t end = params->dilation_w == 1 ? params->filter.w : column + 1;
      const int a_inside = is_inside(&a, column, &end);
      const int b_inside = is_inside(&b, column, &end);
      const int8_t *from_a = a.line + column * step;
      const int8_t *from_b = b.line + column * step;
      const int32_t count = (end - column) * channels;
      if (a_inside && b_inside) {
        cortex_m_make_pairs(from_a, from_b, count, words, pairs);
      } else if (a_inside) {
        cortex_m_make_padded_pairs(from_a, 1, padding * 65536, count, words, pairs);
      } else if (b_inside) {
        cortex_m_make_padded_pairs(from_b, 65536, padding, count, words, pairs);
      } else {
        cortex_m_make_padded_pairs(from_a, 0, padding * 65537, count, words, pairs);
      }
      pairs += count * words;
      column = end;
    }
  }
}

/** The window of a pixel, one element a byte. */
static void gather_single(const cortex_m_quantized_conv2d_params *params, const position *at,
                          int8_t *window) {
  const int32_t channels = params->input.c;
  const cortex_m_window columns =
      cortex_m_clip_window(at->x, params->filter.w, params->dilation_w, params->input.w);
  for (int32_t row = 0; row < params->filter.h; ++row) {
    const window_row of = row_at(params, at, columns, row);
    for (int32_t column = 0; column < params->filter.w;) {
      int32_t end = params->dilation_w == 1 ? params->filter.w : column + 1;
      const int inside = is_inside(&of, column, &end);
      const int8_t *from = of.line + column * params->dilation_w * channels;
      const size_t count = (size_t)((end - column) * channels);
      if (inside) {
        memcpy(window, from, count);
      } else {
        memset(window, -params->input_offset, count);
      }
      window += count;
      column = end;
    }
  }
}

static int is_whole(const cortex_m_quantized_conv2d_params *params, const position *at) {
  return at->y >= 0 && at->x >= 0 &&
         at->y + (params->filter.h - 1) * params->dilation_h < params->input.h &&
         at->x + params->filter.w <= params->input.w;
}

/** The windows of the next two pixels. */
static void gather_next(const cortex_m_quantized_conv2d_params *params, position *at,
                        int32_t words, int32_t *pairs) {
  const position first = *at;
  advance(params, at);
  const position second = *at;
  advance(params, at);
  if (params->dilation_w != 1 || !is_whole(params, &first) || !is_whole(params, &second)) {
    gather_padded(params, &first, &second, words, pairs);
    return;
  }
  const int32_t channels = params->input.c;
  const int32_t run = params->filter.w * channels;
  const int32_t line = params->dilation_h * params->input.w * channels;
  const int8_t *from_a = first.image + (first.y * params->input.w + first.x) * channels;
  const int8_t *from_b = second.image + (second.y * params->input.w + second.x) * channels;
  for (int32_t row = 0; row < params->filter.h; ++row) {
    cortex_m_make_pairs(from_a, from_b, run, words, pairs);
    pairs += run * words;
    from_a += line;
    from_b += line;
  }
}

/**
 * The kernel's ways (cortex_m_plan.ways.scalar): how many pixels are computed together, from their
 * windows in scratch. A single window of few taps lies on the stack, in so many bytes.
 */
enum { SINGLES = 1, PAIRS = 2, QUADS = 4, STACK_TAPS = 56 };

static void convolve(const int8_t *input, const cortex_m_filters *filters,
                     const cortex_m_quantized_conv2d_params *params, void *windows, int32_t tile,
                     int8_t *output) {
  const int32_t channels = filters->channels;
  int32_t *const pairs = windows;
  int32_t pixels = params->output.n * params->output.h * params->output.w;
  position at = {input, -params->pad_h, -params->pad_w, 0, 0};
  if (tile == QUADS) {
    for (; pixels >= QUADS; pixels -= QUADS) {
      for (int32_t half = 0; half < 2; ++half) {
        gather_next(params, &at, 2, pairs + half);
      }
      cortex_m_quad_outputs(filters, pairs, output);
      output += QUADS * channels;
    }
  }
  if (tile != SINGLES) {
    for (; pixels >= PAIRS; pixels -= PAIRS) {
      gather_next(params, &at, 1, pairs);
      cortex_m_pair_outputs(filters, pairs, output);
      output += PAIRS * channels;
    }
  }
  for (; pixels > 0; --pixels) {
    gather_single(params, &at, windows);
    cortex_m_pixel_outputs(filters, windows, output);
    advance(params, &at);
    output += channels;
  }
}

/** Not inlined, for the other ways to do without its room on the stack. */
static __attribute__((noinline)) void convolve_few_taps(
    const int8_t *input, const cortex_m_filters *filters,
    const cortex_m_quantized_conv2d_params *params, int8_t *output) {
  int8_t window[STACK_TAPS];
  convolve(input, filters, params, window, SINGLES, output);
}

void cortex_m_quantized_conv2d_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum, const int32_t *multipliers,
                                      const int32_t *shifts,
                                      const cortex_m_quantized_conv2d_params *params,
                                      void *scratch, int32_t tile, int8_t *output) {
  const cortex_m_filters filters = {
      weight,
      kernel_sum,
      multipliers,
      shifts,
      params->filter.h * params->filter.w * params->filter.c,
      params->output.c,
      {2 * params->output_offset + 1, params->activation_min, params->activation_max},
  };
  if (tile == SINGLES && filters.taps <= STACK_TAPS) {
    convolve_few_taps(input, &filters, params, output);
  } else {
    convolve(input, &filters, params, scratch, tile, output);
  }
}
