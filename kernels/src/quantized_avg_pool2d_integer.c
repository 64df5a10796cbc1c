// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/pooling.h"
#include "support.h"

/** Channels summed together. */
#define LANES 4

/** As the float32 formula, for a mean that may lie where its rounding errors decide. */
__attribute__((noinline)) static int8_t float_average(
    const cortex_m_quantized_avg_pool2d_params *params, const int8_t *pixel, int32_t rows,
    int32_t columns) {
  const int32_t row_size = params->input.w * params->input.c;
  const float scale = params->scale;
  float sum = 0.0f;
  for (int32_t row = 0; row < rows; ++row) {
    const int8_t *value = pixel;
    for (int32_t column = 0; column < columns; ++column) {
      sum += (float)(*value - params->zero_point) * scale;
      value += params->input.c;
    }
    pixel += row_size;
  }
  // Two divisions, as in the reference: their product would round once where they round twice.
  const float mean = sum / (float)(rows * columns);
  return cortex_m_round_to_int8(mean / scale, params->zero_point, INT8_MIN, INT8_MAX);
}

/** Sums of `lanes` (1 or LANES) channels of a window. */
static inline __attribute__((always_inline)) void add_up(
    const cortex_m_quantized_avg_pool2d_params *params, const int8_t *pixel, int32_t rows,
    int32_t columns, int32_t lanes, int32_t *sums) {
  const int32_t channels = params->input.c;
  const int32_t skip = (params->input.w - columns) * channels;
  int32_t sum[LANES] = {0};
  for (int32_t row = rows; row > 0; --row) {
    for (int32_t column = columns; column > 0; --column) {
#pragma GCC unroll 4
      for (int32_t lane = 0; lane < lanes; ++lane) {
        sum[lane] += pixel[lane];
      }
      pixel += channels;
    }
    pixel += skip;
  }
#pragma GCC unroll 4
  for (int32_t lane = 0; lane < lanes; ++lane) {
    sums[lane] = sum[lane];
  }
}

/**
 * Average of a window of which the sum is known, by integers.
 *
 * The float32 formula's result differs from the mean by less than half of 1 / count: its count
 * products, count additions and two divisions err by at most 2^-24 of sums of at most
 * count * 255 * scale, together by 255 * (count + 4) * 2^-24 in units of the output, which is less
 * than 1 / (2 * count) up to count = 179. Means that are not exactly between two integers are at
 * least 1 / (2 * count) away from where the rounding changes.
 */
static int8_t average(const cortex_m_quantized_avg_pool2d_params *params, const int8_t *pixel,
                      int32_t rows, int32_t columns, int32_t sum) {
  const int32_t count = rows * columns;
  // floor(sum / count + 1/2) by a division of what is not negative: sum >= -128 * count.
  const uint32_t halves = (uint32_t)(2 * (sum + 128 * count) + count);
  const uint32_t quotient = halves / (uint32_t)(2 * count);
  if (quotient * (uint32_t)(2 * count) == halves) {
    return float_average(params, pixel, rows, columns);
  }
  return (int8_t)((int32_t)quotient - 128);
}

void cortex_m_quantized_avg_pool2d_integer(const int8_t *input,
                                           const cortex_m_quantized_avg_pool2d_params *params,
                                           int8_t *output) {
  const int32_t image_size = params->input.h * params->input.w * params->input.c;
  for (int32_t n = 0; n < params->output.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      const cortex_m_window rows = cortex_m_clip_window(y, params->kernel_h, 1, params->input.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, params->kernel_w, 1, params->input.w);
        const int8_t *pixel =
            input + ((y + rows.begin) * params->input.w + x + columns.begin) * params->input.c;
        const int32_t height = rows.end - rows.begin;
        const int32_t width = columns.end - columns.begin;
        for (int32_t left = params->output.c; left > 0;) {
          int32_t sums[LANES];
          int32_t lanes = LANES;
          if (left >= LANES) {
            add_up(params, pixel, height, width, LANES, sums);
          } else {
            lanes = 1;
            add_up(params, pixel, height, width, 1, sums);
          }
          for (int32_t lane = 0; lane < lanes; ++lane) {
            *output++ = average(params, pixel++, height, width, sums[lane]);
          }
          left -= lanes;
        }
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += image_size;
  }
}
