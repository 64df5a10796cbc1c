// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>

#include "cortex_m/kernels/convolution.h"
#include "support.h"

/** Channels computed together, so that finding a tap serves them all. */
#define LANES 4

/** The taps of one output pixel's window that lie inside the input. */
typedef struct {
  const int8_t *pixel;  /**< input pixel at the first of them */
  const int8_t *weight; /**< its weights */
  int32_t rows;
  int32_t columns;
} taps;

static taps find_taps(const int8_t *input, const int8_t *weight,
                      const cortex_m_quantized_depthwise_conv2d_params *params, int32_t y,
                      int32_t x, cortex_m_window rows, cortex_m_window columns) {
  taps found = {input, weight, rows.end - rows.begin, columns.end - columns.begin};
  // No address is made where there is no tap.
  if (found.rows > 0 && found.columns > 0) {
    const int32_t first_y = y + rows.begin * params->dilation_h;
    const int32_t first_x = x + columns.begin * params->dilation_w;
    found.pixel += (first_y * params->input.w + first_x) * params->input.c;
    found.weight += (rows.begin * params->filter.w + columns.begin) * params->output.c;
  } else {
    found.rows = 0;
  }
  return found;
}

/** How far apart taps are, in elements. */
typedef struct {
  int32_t pixel;      /**< to the next column, in the input */
  int32_t weight;     /**< and in the filter */
  int32_t pixel_row;  /**< from the end of a row of taps to the start of the next */
  int32_t weight_row;
} steps;

static steps find_steps(const cortex_m_quantized_depthwise_conv2d_params *params,
                        const taps *window) {
  const int32_t pixel = params->dilation_w * params->input.c;
  const int32_t weight = params->output.c;
  return (steps){
      pixel,
      weight,
      params->dilation_h * params->input.w * params->input.c - window->columns * pixel,
      params->filter.w * weight - window->columns * weight,
  };
}

/** Sum of the products of one output channel, modulo 2^32. */
static uint32_t convolve(const int8_t *pixel, const int8_t *weight, const taps *window,
                         const steps *step, int32_t offset) {
  uint32_t sum = 0;
  for (int32_t row = window->rows; row > 0; --row) {
    for (int32_t column = window->columns; column > 0; --column) {
      sum += (uint32_t)((*pixel + offset) * *weight);
      pixel += step->pixel;
      weight += step->weight;
    }
    pixel += step->pixel_row;
    weight += step->weight_row;
  }
  return sum;
}

/**
 * As convolve, of LANES neighbouring channels.
 *
 * Not inlined: among a caller's variables the sums would not stay in registers.
 */
__attribute__((noinline)) static void convolve_lanes(const int8_t *pixel, const int8_t *weight,
                                                     const taps *window, const steps *step,
                                                     int32_t offset, uint32_t *sums) {
  uint32_t sum_0 = 0;
  uint32_t sum_1 = 0;
  uint32_t sum_2 = 0;
  uint32_t sum_3 = 0;
  for (int32_t row = window->rows; row > 0; --row) {
    for (int32_t column = window->columns; column > 0; --column) {
      sum_0 += (uint32_t)((pixel[0] + offset) * weight[0]);
      sum_1 += (uint32_t)((pixel[1] + offset) * weight[1]);
      sum_2 += (uint32_t)((pixel[2] + offset) * weight[2]);
      sum_3 += (uint32_t)((pixel[3] + offset) * weight[3]);
      pixel += step->pixel;
      weight += step->weight;
    }
    pixel += step->pixel_row;
    weight += step->weight_row;
  }
  sums[0] = sum_0;
  sums[1] = sum_1;
  sums[2] = sum_2;
  sums[3] = sum_3;
}

/** All output channels of one pixel; returns where the next pixel's go. */
static int8_t *output_pixel(const taps *window, const int32_t *bias, const int32_t *multipliers,
                            const int32_t *shifts,
                            const cortex_m_quantized_depthwise_conv2d_params *params,
                            int8_t *output) {
  const steps step = find_steps(params, window);
  int32_t input_channel = 0;
  int32_t copy = 0;  // of depth_multiplier, which output of the input channel
  int32_t channel = 0;
  while (channel < params->output.c) {
    uint32_t sums[LANES];
    int32_t lanes = 1;
    const int8_t *pixel = window->pixel + input_channel;
    const int8_t *weight = window->weight + channel;
    if (params->depth_multiplier == 1 && params->output.c - channel >= LANES) {
      lanes = LANES;
      convolve_lanes(pixel, weight, window, &step, params->input_offset, sums);
    } else {
      sums[0] = convolve(pixel, weight, window, &step, params->input_offset);
    }
    for (int32_t lane = 0; lane < lanes; ++lane) {
      const uint32_t sum = sums[lane] + (bias != NULL ? (uint32_t)bias[channel] : 0u);
      const int32_t scaled =
          cortex_m_requantize((int32_t)sum, multipliers[channel], shifts[channel]);
      *output++ = cortex_m_clamp(scaled, params->output_offset, params->activation_min,
                                 params->activation_max);
      ++channel;
      if (++copy == params->depth_multiplier) {
        copy = 0;
        ++input_channel;
      }
    }
  }
  return output;
}

void cortex_m_quantized_depthwise_conv2d(const int8_t *input, const int8_t *weight,
                                         const int32_t *bias, const int32_t *multipliers,
                                         const int32_t *shifts,
                                         const cortex_m_quantized_depthwise_conv2d_params *params,
                                         void *scratch, int8_t *output) {
  (void)scratch;
  const int32_t image_size = params->input.h * params->input.w * params->input.c;
  for (int32_t n = 0; n < params->output.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < params->output.h; ++output_y) {
      const cortex_m_window rows =
          cortex_m_clip_window(y, params->filter.h, params->dilation_h, params->input.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < params->output.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, params->filter.w, params->dilation_w, params->input.w);
        const taps window = find_taps(input, weight, params, y, x, rows, columns);
        output = output_pixel(&window, bias, multipliers, shifts, params, output);
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += image_size;
  }
}
