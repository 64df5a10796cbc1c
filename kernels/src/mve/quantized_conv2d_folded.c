// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "copy.h"
#include "cortex_m/kernels/convolution.h"
#include "cortex_m/scratch.h"
#include "products.h"
#include "run.h"
#include "../support.h"

/** Windows that fit the scratch. */
#define WINDOWS 4

/**
 * Rows of windows are gathered in the scratch, one behind the other. Those of output pixels below
 * each other overlap: a row is gathered once for all of them.
 */
typedef struct {
  int32_t columns;  /**< output pixels of a run side by side: 1, or the others are */
  int32_t rows;     /**< output pixels of a run below each other */
  int32_t gathered; /**< rows of windows of a run */
  int32_t step;     /**< bytes from one window to the next */
} tiling;

static tiling tile(const cortex_m_quantized_conv2d_params *params) {
  const int32_t height = params->filter.h;
  const int32_t row = params->filter.w * params->filter.c;
  const int32_t whole = 16 * cortex_m_vectors_mve(height * row);
  const int32_t bytes = CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH(
      0, 0, 0, 0, height, params->filter.w, params->filter.c, 0, 0, 0);
  if (params->output.h > 1 && params->dilation_h == 1 && params->stride_h < height) {
    // The last window is read to the end of its last vector.
    const int32_t most = (bytes - (whole - height * row)) / row;
    int32_t rows = (most - height) / params->stride_h + 1;
    rows = rows < params->output.h ? rows & ~1 : params->output.h;
    return (tiling){1, rows, (rows - 1) * params->stride_h + height, params->stride_h * row};
  }
  const int32_t side = params->output.h > 1 ? 1 : WINDOWS;
  return (tiling){side, WINDOWS / side, 0, whole};
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

void cortex_m_quantized_conv2d_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum, const int32_t *multipliers,
                                      const int32_t *shifts,
                                      const cortex_m_quantized_conv2d_params *params,
                                      void *scratch, int8_t *output) {
  const cortex_m_dims to = params->output;
  const tiling tiles = tile(params);
  const cortex_m_run run =
      cortex_m_run_of(params, weight, kernel_sum, multipliers, shifts, tiles.step,
                      tiles.columns > 1 ? to.c : to.w * to.c);
  cortex_m_pixels pixels = {.window = scratch};
  for (int32_t n = 0; n < to.n; ++n) {
    for (int32_t x = 0; x < to.w; x += tiles.columns) {
      for (int32_t y = 0; y < to.h; y += tiles.rows) {
        const int32_t columns = to.w - x < tiles.columns ? to.w - x : tiles.columns;
        const int32_t rows = to.h - y < tiles.rows ? to.h - y : tiles.rows;
        const int32_t left = x * params->stride_w - params->pad_w;
        const int32_t top = y * params->stride_h - params->pad_h;
        if (tiles.gathered != 0) {
          gather(input, params, left, top, 1, (rows - 1) * params->stride_h + params->filter.h,
                 scratch);
        } else {
          int8_t *window = scratch;
          for (int32_t pixel = 0; pixel < rows * columns; ++pixel) {
            const int32_t right = tiles.columns > 1 ? pixel : 0;
            gather(input, params, left + right * params->stride_w,
                   top + (pixel - right) * params->stride_h, params->dilation_h,
                   params->filter.h, window);
            window += tiles.step;
          }
        }
        pixels.output = output + (y * to.w + x) * to.c;
        pixels.count = pixels.padded = rows * columns;
        cortex_m_run_mve(&run, &pixels);
      }
    }
    input += params->input.h * params->input.w * params->input.c;
    output += to.h * to.w * to.c;
  }
}
