// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "copy.h"
#include "cortex_m/kernels/convolution.h"
#include "products.h"
#include "run.h"
#include "../support.h"

/**
 * Tiles: bytes of scratch, a multiple of 16, plus 1 for windows that lie apart from each other, one
 * for each of as many output pixels, in the order of the output.
 *
 * Else rows of windows are gathered in the scratch, one behind the other. Those of output pixels
 * below each other overlap: a row is gathered once for all of them. The tile is then as many rows
 * of the output as the scratch has room for, an even number unless it is all of them, and one
 * column.
 *
 * A tile is gathered whole before its outputs are written.
 */
typedef struct {
  int32_t pixels; /**< output pixels whose windows lie apart; 0 if they overlap */
  int32_t rows;   /**< output pixels below each other, of windows that do */
  int32_t step;   /**< bytes from one window to the next */
} tiling;

static tiling tiling_of(const cortex_m_quantized_conv2d_params *params, int32_t tile) {
  const int32_t height = params->filter.h;
  const int32_t row = params->filter.w * params->filter.c;
  const int32_t whole = 16 * cortex_m_vectors_mve(height * row);
  const int32_t bytes = tile & ~15;
  if ((tile & 1) != 0) {
    return (tiling){.pixels = bytes / whole, .step = whole};
  }
  // The last window is read to the end of its last vector.
  const int32_t most = (bytes - (whole - height * row)) / row;
  int32_t rows = (most - height) / params->stride_h + 1;
  rows = rows < params->output.h ? rows & ~1 : params->output.h;
  return (tiling){.rows = rows, .step = params->stride_h * row};
}

/** Columns of windows, those outside the input left out. In bytes. */
typedef struct {
  int32_t to;   /**< in a row of a window */
  int32_t from; /**< in a row of the input */
  int32_t count;
} span;

/** `count` columns side by side from x on; the first is column `tap` of the window. */
static span inside(const cortex_m_quantized_conv2d_params *params, int32_t x, int32_t tap,
                   int32_t count) {
  const int32_t left = x < 0 ? -x : 0;
  const int32_t right = x + count > params->input.w ? params->input.w : x + count;
  const int32_t channels = params->input.c;
  return (span){(tap + left) * channels, (x + left) * channels, (right - x - left) * channels};
}

/** Copies `rows` times `count` bytes, `from_step` and `to_step` apart; both counts are not 0. */
static void copy(const int8_t *from, int32_t from_step, int8_t *to, int32_t to_step,
                 int32_t count, int32_t rows) {
  const int32_t copied = (count + 15) & ~15;
  // In assembly: GCC 15 makes no tail-predicated loop inside of another one.
  __asm__ volatile(
      "1:\n\t"
      "dlstp.8 lr, %[count]\n"
      "2:\n\t"
      "vldrb.8 q0, [%[from]], #16\n\t"
      "vstrb.8 q0, [%[to]], #16\n\t"
      "letp lr, 2b\n\t"
      "subs %[rows], #1\n\t"
      "add %[from], %[from_skip]\n\t"
      "add %[to], %[to_skip]\n\t"
      "bne 1b\n\t"
      : [from] "+r"(from), [to] "+r"(to), [rows] "+r"(rows)
      : [count] "r"(count), [from_skip] "r"(from_step - copied), [to_skip] "r"(to_step - copied)
      : "lr", "cc", "q0", "memory");
}

/** `count` rows of windows whose columns start at x, those of the input from y on. */
static void gather(const int8_t *image, const cortex_m_quantized_conv2d_params *params, int32_t x,
                   int32_t y, int32_t y_step, int32_t count, int8_t *to) {
  const int32_t width = params->filter.w;
  const int32_t line = params->input.w * params->input.c;
  const int32_t row = width * params->filter.c;
  const cortex_m_window rows = cortex_m_clip_window(y, count, y_step, params->input.h);
  const int32_t whole = rows.end - rows.begin;
  const int plain = params->dilation_w == 1;
  if (whole != count || !plain || x < 0 || x + width > params->input.w) {
    cortex_m_fill_mve(to, -params->input_offset, count * row);
  }
  if (whole == 0) {
    return;
  }
  const int8_t *const from = image + (y + rows.begin * y_step) * line;
  to += rows.begin * row;
  // Columns that are neighbours in the input are copied together.
  const int32_t together = plain ? width : 1;
  for (int32_t tap = 0; tap < width; tap += together, x += params->dilation_w) {
    const span at = inside(params, x, tap, together);
    if (at.count > 0) {
      copy(from + at.from, y_step * line, to + at.to, row, at.count, whole);
    }
  }
}

/** Windows one behind the other, of as many output pixels as a tile has. */
static void convolve_apart(const int8_t *image, const cortex_m_quantized_conv2d_params *params,
                           cortex_m_run *run, int32_t most, int8_t *windows, int8_t *output) {
  int32_t x = 0;
  int32_t y = 0;
  for (int32_t left = params->output.h * params->output.w; left > 0; left -= most) {
    const int32_t count = left < most ? left : most;
    int8_t *window = windows;
    for (int32_t pixel = 0; pixel < count; ++pixel) {
      gather(image, params, x * params->stride_w - params->pad_w,
             y * params->stride_h - params->pad_h, params->dilation_h, params->filter.h, window);
      window += run->window_step;
      if (++x == params->output.w) {
        x = 0;
        ++y;
      }
    }
    const cortex_m_pixels pixels = {windows, output, count, count};
    cortex_m_run_mve(run, &pixels);
    output += count * params->output.c;
  }
}

/** Windows of output pixels below each other, column after column, then those below. */
static void convolve_below(const int8_t *image, const cortex_m_quantized_conv2d_params *params,
                           cortex_m_run *run, int32_t most, int8_t *windows, int8_t *output) {
  for (int32_t y = 0; y < params->output.h; y += most) {
    const int32_t rows = params->output.h - y < most ? params->output.h - y : most;
    for (int32_t x = 0; x < params->output.w; ++x) {
      gather(image, params, x * params->stride_w - params->pad_w,
             y * params->stride_h - params->pad_h, 1,
             (rows - 1) * params->stride_h + params->filter.h, windows);
      int8_t *const pixel = output + (y * params->output.w + x) * params->output.c;
      const cortex_m_pixels pixels = {windows, pixel, rows, rows};
      cortex_m_run_mve(run, &pixels);
    }
  }
}

void cortex_m_quantized_conv2d_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum, const int32_t *multipliers,
                                      const int32_t *shifts,
                                      const cortex_m_quantized_conv2d_params *params,
                                      void *scratch, int32_t tile, int8_t *output) {
  cortex_m_run run;
  cortex_m_begin_runs_mve(params, weight, kernel_sum, multipliers, shifts, &run);
  const tiling tiles = tiling_of(params, tile);
  const int32_t beside = params->output.c;
  cortex_m_set_steps_mve(&run, tiles.step,
                         tiles.pixels != 0 ? beside : params->output.w * beside);
  for (int32_t n = 0; n < params->output.n; ++n) {
    if (tiles.pixels != 0) {
      convolve_apart(input, params, &run, tiles.pixels, scratch, output);
    } else {
      convolve_below(input, params, &run, tiles.rows, scratch, output);
    }
    input += params->input.h * params->input.w * params->input.c;
    output += params->output.h * params->output.w * params->output.c;
  }
}
