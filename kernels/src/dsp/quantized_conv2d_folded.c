// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "columns.h"
#include "conv2d.h"
#include "cortex_m/kernels/convolution.h"
#include "pairs.h"
#include "requantize.h"
#include "../support.h"

/** Where the window of the next output pixel lies. */
typedef struct {
  const int8_t *image;
  int32_t output_y;
  int32_t output_x;
  int32_t y; /**< input row of tap (0, 0), perhaps outside */
  int32_t x;
} position;

static void go_on(const cortex_m_quantized_conv2d_params *params, position *at) {
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

/** What is the same for all windows. */
typedef struct {
  const cortex_m_quantized_conv2d_params *params;
  int32_t row_bytes;    /**< from tap to tap below, in the input */
  int32_t window_bytes; /**< of a row of a window */
  int32_t inputs;       /**< of a window */
  int8_t zeros[8];      /**< the input's zero point */
} source;

/** Bytes of a window's rows, in their order. */
typedef struct {
  const int8_t *pixel; /**< the first tap inside the input, in row 0 of the window */
  int32_t before;      /**< outside to the left */
  int32_t inside;
  int32_t after;       /**< outside to the right */
} window;

static window window_at(const source *of, const position *at) {
  const cortex_m_quantized_conv2d_params *const params = of->params;
  const int32_t channels = params->input.c;
  const int32_t last = at->x + (params->filter.w - 1) * params->dilation_w;
  const int8_t *const pixel = at->image + (at->y * params->input.w + at->x) * channels;
  window found = {pixel, 0, of->window_bytes, 0};
  if (at->x < 0 || last >= params->input.w) {
    const cortex_m_window columns =
        cortex_m_clip_window(at->x, params->filter.w, params->dilation_w, params->input.w);
    found.before = columns.begin * channels;
    found.inside = (columns.end - columns.begin) * channels;
    found.after = of->window_bytes - found.before - found.inside;
    found.pixel += columns.begin * params->dilation_w * channels;
  }
  return found;
}

static inline int is_inside(const source *of, int32_t y, const window *at) {
  return y >= 0 && y < of->params->input.h && at->inside != 0;
}

/** Copies count bytes; step 4, or 0 to repeat eight. */
static inline int8_t *copy(int8_t *to, const int8_t *from, int32_t count, int32_t step) {
  for (; count >= 4; count -= 4) {
    memcpy(to, from, 4);  // one LDR and one STR, which need no alignment
    to += 4;
    from += step;
  }
  while (--count >= 0) {
    *to++ = *from++;
  }
  return to;
}

/** Writes a window of up to CORTEX_M_STACK_GROUPS as a column: as bytes first, which joins rows. */
static int32_t gather_small(const source *of, const position *at, uint32_t *to) {
  int8_t bytes[CORTEX_M_STACK_GROUPS * 4 + 4];
  const int32_t channels = of->params->input.c;
  window row = window_at(of, at);
  int32_t y = at->y;
  int8_t *next = bytes;
  for (int32_t left = of->params->filter.h; left > 0; --left) {
    if (!is_inside(of, y, &row)) {
      next = copy(next, of->zeros, of->window_bytes, 0);
    } else {
      if (row.before != 0) {
        next = copy(next, of->zeros, row.before, 0);
      }
      if (of->params->dilation_w == 1) {
        next = copy(next, row.pixel, row.inside, 4);
      } else {
        const int8_t *pixel = row.pixel;
        for (int32_t taps = row.inside; taps > 0; taps -= channels) {
          next = copy(next, pixel, channels, 4);
          pixel += of->params->dilation_w * channels;
        }
      }
      if (row.after != 0) {
        next = copy(next, of->zeros, row.after, 0);
      }
    }
    row.pixel += of->row_bytes;
    y += of->params->dilation_h;
  }
  memset(next, 0, 4);  // completes the last four
  cortex_m_column column = {to, 0, 0, 0};
  cortex_m_append_words_dsp(&column, bytes, (of->inputs + 3) & ~3);
  return cortex_m_finish_column_dsp(&column);
}

static void append(cortex_m_column *column, const int8_t *bytes, int32_t count) {
  if (((count | column->count) & 3) == 0) {
    cortex_m_append_words_dsp(column, bytes, count);
  } else {
    cortex_m_append_dsp(column, bytes, count, 4);
  }
}

/** As gather_small, of any size: straight into the column. */
static int32_t gather(const source *of, const position *at, uint32_t *to) {
  const int32_t channels = of->params->input.c;
  window row = window_at(of, at);
  int32_t y = at->y;
  cortex_m_column column = {to, 0, 0, 0};
  for (int32_t left = of->params->filter.h; left > 0; --left) {
    if (!is_inside(of, y, &row)) {
      cortex_m_append_dsp(&column, of->zeros, of->window_bytes, 0);
    } else {
      if (row.before != 0) {
        cortex_m_append_dsp(&column, of->zeros, row.before, 0);
      }
      if (of->params->dilation_w == 1) {
        append(&column, row.pixel, row.inside);
      } else {
        const int8_t *pixel = row.pixel;
        for (int32_t taps = row.inside; taps > 0; taps -= channels) {
          append(&column, pixel, channels);
          pixel += of->params->dilation_w * channels;
        }
      }
      if (row.after != 0) {
        cortex_m_append_dsp(&column, of->zeros, row.after, 0);
      }
    }
    row.pixel += of->row_bytes;
    y += of->params->dilation_h;
  }
  return cortex_m_finish_column_dsp(&column);
}

void cortex_m_quantized_conv2d_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum, const int32_t *multipliers,
                                      const int32_t *shifts,
                                      const cortex_m_quantized_conv2d_params *params,
                                      void *scratch, int8_t *output) {
  const int32_t channels = params->output.c;
  const int32_t inputs = params->filter.h * params->filter.w * params->filter.c;
  const cortex_m_conv2d_layer layer = cortex_m_conv2d_layer_dsp(
      weight, kernel_sum, multipliers, shifts, inputs, channels, params->output_offset);
  const int8_t zero = (int8_t)-params->input_offset;
  const source of = {params,
                     params->dilation_h * params->input.w * params->input.c,
                     params->filter.w * params->filter.c,
                     inputs,
                     {zero, zero, zero, zero, zero, zero, zero, zero}};
  uint32_t stack[CORTEX_M_STACK_GROUPS * CORTEX_M_COLUMNS_GROUP / 4];
  const int small = cortex_m_groups(inputs) <= CORTEX_M_STACK_GROUPS;
  uint32_t *const columns = small ? stack : scratch;
  position at = {input, 0, 0, -params->pad_h, -params->pad_w};
  const int32_t pixels = params->output.n * params->output.h * params->output.w;
  for (int32_t left = pixels; left > 0; left -= 2) {
    int32_t starts[2] = {0, 0};
    for (int32_t i = 0; i < 2 && i < left; ++i) {
      uint32_t *const column = columns + 2 * i;
      starts[i] = small ? gather_small(&of, &at, column) : gather(&of, &at, column);
      go_on(params, &at);
    }
    cortex_m_output_columns_dsp(&layer, columns, starts, left > 1 ? channels : 0, output);
    output += left > 1 ? 2 * channels : channels;
  }
  const int32_t outputs = pixels * channels;
  cortex_m_limit_dsp(output - outputs, outputs, params->activation_min, params->activation_max);
}
