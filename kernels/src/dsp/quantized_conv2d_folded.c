// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "columns.h"
#include "conv2d.h"
#include "cortex_m/kernels/convolution.h"
#include "pairs.h"
#include "requantize.h"
#include "../support.h"

/**
 * The kernel's ways (cortex_m_plan.ways.dsp): pixels computed together, from columns in scratch or
 * on the stack, or one after the other, of which scratch has the bytes.
 */
enum { SINGLES = 1, PAIRS = 2, PAIRS_ON_STACK = 3 };

/** Inputs of a window whose bytes scratch has beside the columns: joining rows is faster there. */
#define SMALL 64

/** What is the same for all windows, and the window of the next output pixel. */
typedef struct {
  const cortex_m_quantized_conv2d_params *params;
  int32_t row_bytes;    /**< from tap to tap below, in the input */
  int32_t window_bytes; /**< of a row of a window */
  int8_t zeros[8];      /**< the input's zero point */
  const int8_t *image;
  int32_t output_y;
  int32_t output_x;
  int32_t y; /**< input row of tap (0, 0), perhaps outside */
  int32_t x;
  const int8_t *pixel; /**< the first tap inside the input, in row 0 of the window */
  int32_t before;      /**< bytes of a row outside to the left */
  int32_t inside;
  int32_t after;       /**< and to the right */
} source;

/** Finds which of the window's taps are inside. */
CORTEX_M_FRAME static void look(source *of) {
  const cortex_m_quantized_conv2d_params *const params = of->params;
  const int32_t channels = params->input.c;
  const int32_t last = of->x + (params->filter.w - 1) * params->dilation_w;
  of->pixel = of->image + (of->y * params->input.w + of->x) * channels;
  of->before = 0;
  of->inside = of->window_bytes;
  of->after = 0;
  if (of->x < 0 || last >= params->input.w) {
    const cortex_m_window columns =
        cortex_m_clip_window(of->x, params->filter.w, params->dilation_w, params->input.w);
    of->before = columns.begin * channels;
    of->inside = (columns.end - columns.begin) * channels;
    of->after = of->window_bytes - of->before - of->inside;
    of->pixel += columns.begin * params->dilation_w * channels;
  }
}

static void begin(source *of, const cortex_m_quantized_conv2d_params *params,
                  const int8_t *input) {
  of->params = params;
  of->row_bytes = params->dilation_h * params->input.w * params->input.c;
  of->window_bytes = params->filter.w * params->filter.c;
  memset(of->zeros, -params->input_offset, sizeof of->zeros);
  of->image = input;
  of->output_y = 0;
  of->output_x = 0;
  of->y = -params->pad_h;
  of->x = -params->pad_w;
  look(of);
}

/** Goes on to the next window, of which there need not be one. */
static void go_on(source *of) {
  const cortex_m_quantized_conv2d_params *const params = of->params;
  of->x += params->stride_w;
  if (++of->output_x == params->output.w) {
    of->output_x = 0;
    of->x = -params->pad_w;
    of->y += params->stride_h;
    if (++of->output_y == params->output.h) {
      of->output_y = 0;
      of->y = -params->pad_h;
      of->image += params->input.h * params->input.w * params->input.c;
    }
  }
  look(of);
}

static inline int is_inside(const source *of, int32_t y) {
  return y >= 0 && y < of->params->input.h && of->inside != 0;
}

/** Copies count bytes; step 4, or 0 to repeat eight. */
static inline int8_t *copy(int8_t *to, const int8_t *from, int32_t count, int32_t step) {
  if (step != 0) {
    for (; count >= 16; count -= 16) {
      memcpy(to, from, 4);  // one LDR and one STR, which need no alignment
      memcpy(to + 4, from + 4, 4);
      memcpy(to + 8, from + 8, 4);
      memcpy(to + 12, from + 12, 4);
      to += 16;
      from += 16;
    }
  }
  for (; count >= 4; count -= 4) {
    memcpy(to, from, 4);
    to += 4;
    from += step;
  }
  while (--count >= 0) {
    *to++ = *from++;
  }
  return to;
}

/** Writes a window's bytes one after the other. */
CORTEX_M_FRAME static void write_window(const source *of, int8_t *to) {
  const int32_t channels = of->params->input.c;
  const int8_t *row = of->pixel;
  int32_t y = of->y;
  for (int32_t left = of->params->filter.h; left > 0; --left) {
    if (!is_inside(of, y)) {
      to = copy(to, of->zeros, of->window_bytes, 0);
    } else {
      if (of->before != 0) {
        to = copy(to, of->zeros, of->before, 0);
      }
      if (of->params->dilation_w == 1) {
        to = copy(to, row, of->inside, 4);
      } else {
        const int8_t *pixel = row;
        for (int32_t taps = of->inside; taps > 0; taps -= channels) {
          to = copy(to, pixel, channels, 4);
          pixel += of->params->dilation_w * channels;
        }
      }
      if (of->after != 0) {
        to = copy(to, of->zeros, of->after, 0);
      }
    }
    row += of->row_bytes;
    y += of->params->dilation_h;
  }
}

static void append(cortex_m_column *column, const int8_t *bytes, int32_t count) {
  if (((count | column->count) & 3) == 0) {
    cortex_m_append_words_dsp(column, bytes, count);
  } else {
    cortex_m_append_dsp(column, bytes, count, 4);
  }
}

/** Writes a window as a column; returns cortex_m_pair_start_dsp of it. */
CORTEX_M_FRAME static int32_t gather(const source *of, uint32_t *to) {
  const int32_t channels = of->params->input.c;
  const int8_t *row = of->pixel;
  int32_t y = of->y;
  cortex_m_column column = {to, 0, 0, 0};
  for (int32_t left = of->params->filter.h; left > 0; --left) {
    if (!is_inside(of, y)) {
      cortex_m_append_dsp(&column, of->zeros, of->window_bytes, 0);
    } else {
      if (of->before != 0) {
        cortex_m_append_dsp(&column, of->zeros, of->before, 0);
      }
      if (of->params->dilation_w == 1) {
        append(&column, row, of->inside);
      } else {
        const int8_t *pixel = row;
        for (int32_t taps = of->inside; taps > 0; taps -= channels) {
          append(&column, pixel, channels);
          pixel += of->params->dilation_w * channels;
        }
      }
      if (of->after != 0) {
        cortex_m_append_dsp(&column, of->zeros, of->after, 0);
      }
    }
    row += of->row_bytes;
    y += of->params->dilation_h;
  }
  return cortex_m_finish_column_dsp(&column);
}

/** As gather, of a window of up to SMALL: as bytes first. */
CORTEX_M_FRAME static int32_t gather_small(const source *of, int32_t inputs, int8_t *bytes,
                                           uint32_t *to) {
  const int32_t count = (inputs + 3) & ~3;
  memset(bytes + count - 4, 0, 4);  // completes the last four
  write_window(of, bytes);
  cortex_m_column column = {to, 0, 0, 0};
  cortex_m_append_words_dsp(&column, bytes, count);
  return cortex_m_finish_column_dsp(&column);
}

CORTEX_M_FRAME static void convolve(const int8_t *input, const int8_t *weight,
                                    const int32_t *kernel_sum, const int32_t *multipliers,
                                    const int32_t *shifts,
                                    const cortex_m_quantized_conv2d_params *params, void *scratch,
                                    int32_t tile, int8_t *output) {
  const int32_t channels = params->output.c;
  const int32_t inputs = params->filter.h * params->filter.w * params->filter.c;
  const cortex_m_conv2d_layer layer = cortex_m_conv2d_layer_dsp(
      weight, kernel_sum, multipliers, shifts, inputs, channels, params->output_offset);
  source of;
  begin(&of, params, input);
  const int32_t outputs = params->output.n * params->output.h * params->output.w * channels;
  int8_t *const end = output + outputs;
  while (output != end) {
    if (tile == SINGLES) {
      write_window(&of, scratch);
      cortex_m_output_vector_dsp(&layer, scratch, output);
      go_on(&of);
      output += channels;
      continue;
    }
    uint32_t *const columns = scratch;
    int32_t starts[2] = {0, 0};
    int32_t i = 0;
    do {
      if (tile == PAIRS && inputs <= SMALL) {
        int8_t *const bytes = (int8_t *)(columns + 4 * cortex_m_groups(inputs));
        starts[i] = gather_small(&of, inputs, bytes, columns + 2 * i);
      } else {
        starts[i] = gather(&of, columns + 2 * i);
      }
      go_on(&of);
      ++i;
    } while (i < 2 && output + i * channels != end);
    cortex_m_output_columns_dsp(&layer, columns, starts, (i - 1) * channels, output);
    output += i * channels;
  }
  cortex_m_limit_dsp(end - outputs, outputs, params->activation_min, params->activation_max);
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

void cortex_m_quantized_conv2d_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum, const int32_t *multipliers,
                                      const int32_t *shifts,
                                      const cortex_m_quantized_conv2d_params *params,
                                      void *scratch, int32_t tile, int8_t *output) {
  if (tile == PAIRS_ON_STACK) {
    convolve_on_stack(input, weight, kernel_sum, multipliers, shifts, params, scratch, tile,
                      output);
  } else {
    convolve(input, weight, kernel_sum, multipliers, shifts, params, scratch, tile, output);
  }
}
