// SPDX-License-Identifier: Apache-2.0
#include <arm_acle.h>
#include <string.h>

#include "cortex_m/kernels/convolution.h"
#include "requantize.h"
#include "../support.h"

/** Channels computed together: the bytes of a word. */
#define LANES 4

/** What a group of neighbouring channels needs for all pixels. */
typedef struct {
  const int8_t *input;  /**< pixel (0, 0) of the image */
  const int8_t *weight; /**< tap (0, 0) */
  int32_t count;        /**< channels, 1 .. LANES */
  int32_t pixel_step;   /**< from tap to tap, in the input */
  int32_t biases[LANES];
  cortex_m_requantization_dsp to[LANES];
} group;

/** Where the window of an output pixel lies. */
typedef struct {
  int32_t y; /**< input row of tap (0, 0), perhaps outside */
  int32_t x;
  cortex_m_window rows; /**< taps inside the input */
  cortex_m_window columns;
} position;

/** Two 16-bit numbers. */
static inline uint32_t pack(int32_t low, int32_t high) {
  return ((uint32_t)low & 0xffffu) | (uint32_t)high << 16;
}

/** Twice the sums of the taps inside the input, which there may be none of. */
static void convolve_any(const group *of, const cortex_m_quantized_depthwise_conv2d_params *params,
                         const position *at, int32_t *sums) {
  const int32_t channels = params->output.c;
  const uint32_t offset = pack(params->input_offset, params->input_offset);
  int32_t sum_0 = of->biases[0];
  int32_t sum_1 = of->biases[1];
  int32_t sum_2 = of->biases[2];
  int32_t sum_3 = of->biases[3];
  const int32_t taps = at->columns.end - at->columns.begin;
  for (int32_t row = at->rows.begin; row < at->rows.end && taps > 0; ++row) {
    const int32_t y = at->y + row * params->dilation_h;
    const int32_t x = at->x + at->columns.begin * params->dilation_w;
    const int8_t *pixel = of->input + (y * params->input.w + x) * channels;
    const int8_t *weight = of->weight + (row * params->filter.w + at->columns.begin) * channels;
    int32_t left = taps;
    if (of->count == LANES) {
      do {
        uint32_t a;
        uint32_t u;
        memcpy(&a, pixel, sizeof a);  // one LDR, which needs no alignment
        memcpy(&u, weight, sizeof u);
        uint32_t b;
        uint32_t v;
        // GCC 15 does not fold the rotations.
        __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(b) : "r"(offset), "r"(a));
        __asm__("sxtb16 %0, %1, ror #8" : "=r"(v) : "r"(u));
        a = (uint32_t)__sxtab16((int16x2_t)offset, (int8x4_t)a);
        u = (uint32_t)__sxtb16((int8x4_t)u);
        sum_0 = __smlabb((int32_t)a, (int32_t)u, sum_0);
        sum_2 = __smlatt((int32_t)a, (int32_t)u, sum_2);
        sum_1 = __smlabb((int32_t)b, (int32_t)v, sum_1);
        sum_3 = __smlatt((int32_t)b, (int32_t)v, sum_3);
        pixel += of->pixel_step;
        weight += channels;
      } while (--left != 0);
    } else {
      do {
        sum_0 += (pixel[0] + params->input_offset) * weight[0];
        if (of->count > 1) {
          sum_1 += (pixel[1] + params->input_offset) * weight[1];
        }
        if (of->count > 2) {
          sum_2 += (pixel[2] + params->input_offset) * weight[2];
        }
        pixel += of->pixel_step;
        weight += channels;
      } while (--left != 0);
    }
  }
  sums[0] = sum_0 * 2;
  sums[1] = sum_1 * 2;
  sums[2] = sum_2 * 2;
  sums[3] = sum_3 * 2;
}

static inline void finish(const group *of, const int32_t *sums, int8_t *output) {
  for (int32_t lane = 0; lane < LANES && lane < of->count; ++lane) {
    output[lane] = (int8_t)cortex_m_requantize_s8(sums[lane], &of->to[lane]);
  }
}

/** One row of outputs of any windows. */
static void output_row(const group *of, const cortex_m_quantized_depthwise_conv2d_params *params,
                       int32_t y, int8_t *output) {
  position at = {y, -params->pad_w, {0, 0}, {0, 0}};
  at.rows = cortex_m_clip_window(y, params->filter.h, params->dilation_h, params->input.h);
  for (int32_t left = params->output.w; left > 0; --left) {
    int32_t sums[LANES];
    at.columns =
        cortex_m_clip_window(at.x, params->filter.w, params->dilation_w, params->input.w);
    convolve_any(of, params, &at, sums);
    finish(of, sums, output);
    output += params->output.c;
    at.x += params->stride_w;
  }
}

void cortex_m_quantized_depthwise_conv2d_folded(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output) {
  (void)kernel_sum;
  (void)scratch;
  (void)tile;
  const int32_t channels = params->output.c;
  const int32_t image_size = params->input.h * params->input.w * channels;
  const int32_t row_size = params->output.w * channels;
  const int32_t outputs = params->output.n * params->output.h * row_size;
  for (int32_t channel = 0; channel < channels; channel += LANES) {
    group of = {0};
    of.input = input + channel;
    of.weight = weight + channel;
    of.count = channels - channel < LANES ? channels - channel : LANES;
    of.pixel_step = params->dilation_w * channels;
    for (int32_t lane = 0; lane < of.count; ++lane) {
      of.biases[lane] = bias[channel + lane];
      of.to[lane] = cortex_m_requantization(multipliers[channel + lane], shifts[channel + lane],
                                            2 * params->output_offset + 1);
    }
    int8_t *row = output + channel;
    for (int32_t n = 0; n < params->output.n; ++n) {
      int32_t y = -params->pad_h;
      for (int32_t i = 0; i < params->output.h; ++i) {
        output_row(&of, params, y, row);
        row += row_size;
        y += params->stride_h;
      }
      of.input += image_size;
    }
  }
  cortex_m_limit_dsp(output, outputs, params->activation_min, params->activation_max);
}
