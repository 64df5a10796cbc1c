// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/convolution.h"
#include "depthwise_run.h"
#include "requantize.h"

/** One of the image's two directions. */
typedef struct {
  int32_t input;         /**< extents */
  int32_t output;
  int32_t stride;
  int32_t pad;
  int32_t input_step;    /**< from an element to the next one */
  int32_t output_step;
  int32_t weight_step;
} axis;

/** What every run of outputs needs. */
typedef struct {
  const int8_t *weight;
  const int32_t *kernel_sum;
  const int32_t *multipliers;
  const int32_t *shifts;
  int32_t channels;
  int32_t padding;
  axis along;  /**< of a run */
  axis across;
  cortex_m_output output;
} convolution;

/**
 * What `count` outputs read whose first window starts at row `y` and column `x` of the image, with
 * rows across the run; returns where it is read first.
 */
static const int8_t *find_run(const convolution *conv, const int8_t *image, int32_t y, int32_t x,
                              int32_t count, cortex_m_run *run) {
  const cortex_m_window rows = cortex_m_clip_window(y, 3, 1, conv->across.input);
  const int32_t columns = (count - 1) * conv->along.stride + 3;
  run->step = conv->along.input_step;
  run->weight_step = conv->along.weight_step;
  run->weight_row = conv->across.weight_step;
  run->padding = conv->padding;
  run->rows_outside = 7 & ~((1 << rows.end) - (1 << rows.begin));
  run->before = x < 0 ? -x : 0;
  run->after = x + columns - conv->along.input;
  run->after = run->after > 0 ? run->after : 0;
  run->inside = columns - run->before - run->after;
  if (rows.begin == rows.end || run->inside <= 0) {
    run->before = columns;
    run->inside = 0;
    run->after = 0;
    return image;
  }
  // A row outside is read from the first row inside.
  const int32_t line = conv->across.input_step;
  const int32_t first = (run->rows_outside & 1) != 0 ? rows.begin : 0;
  run->second = (run->rows_outside & 2) != 0 ? 0 : (1 - first) * line;
  run->third = (run->rows_outside & 4) != 0 ? 0 : (2 - first) * line;
  return image + (y + rows.begin) * line + (x + run->before) * run->step;
}

/** One channel of `count` outputs. */
static void output_run(const convolution *conv, const cortex_m_run *run, const int8_t *pixel,
                       int32_t channel, int32_t count, int8_t *output) {
  int32_t sums[CORTEX_M_RUN_OUTPUTS + 2];
  const int32_t *sum = sums + 1;
  if (conv->along.stride == 2) {
    cortex_m_depthwise_run_2(run, pixel, conv->weight + channel, sums);
  } else {
    cortex_m_depthwise_run(run, pixel, conv->weight + channel, sums);
    ++sum;
  }
  const int32_t step = conv->along.output_step;
  const cortex_m_channel by =
      cortex_m_channel_at(conv->kernel_sum, conv->multipliers, conv->shifts, channel);
  for (; count >= 4; count -= 4) {
    cortex_m_finish_quad(sum, &by, &conv->output, step, output);
    sum += 4;
    output += 4 * step;
  }
  for (; count > 0; --count) {
    *output = cortex_m_finish(*sum++, &by, &conv->output);
    output += step;
  }
}

/** Channels `begin` to `end` of an image, whose pixels start with channel `begin`. */
static void output_image(const convolution *conv, const int8_t *image, int32_t begin, int32_t end,
                         int8_t *output) {
  // Outputs further than 2 apart share no column.
  const int32_t most = conv->along.stride <= 2 ? CORTEX_M_RUN_OUTPUTS : 1;
  int32_t y = -conv->across.pad;
  for (int32_t runs = conv->across.output; runs > 0; --runs) {
    int8_t *to = output;
    int32_t x = -conv->along.pad;
    for (int32_t left = conv->along.output; left > 0;) {
      const int32_t count = left < most ? left : most;
      cortex_m_run run;
      const int8_t *pixel = find_run(conv, image, y, x, count, &run);
      for (int32_t channel = begin; channel < end; ++channel) {
        output_run(conv, &run, pixel++, channel, count, to + channel);
      }
      to += count * conv->along.output_step;
      x += count * conv->along.stride;
      left -= count;
    }
    output += conv->across.output_step;
    y += conv->across.stride;
  }
}

/** All channels of an image, each by itself: `plane` holds the one that is being computed. */
static void output_planes(const convolution *conv, const int8_t *image, int8_t *plane,
                          int8_t *output) {
  const int32_t pixels = conv->along.input * conv->across.input;
  for (int32_t channel = 0; channel < conv->channels; ++channel) {
    const int8_t *from = image + channel;
#pragma GCC unroll 4
    for (int32_t i = 0; i < pixels; ++i) {
      plane[i] = *from;
      from += conv->channels;
    }
    output_image(conv, plane, channel, channel + 1, output);
  }
}

/**
 * The kernel's ways (cortex_m_plan.ways.scalar): runs of outputs go along the rows, or along the
 * image's longer side, which needs fewer of them, or along that of one channel after the other.
 */
enum { ROWS = 1, LONGER = 2, PLANES = 3 };

void cortex_m_quantized_depthwise_conv2d_3x3(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output) {
  (void)bias;
  const int32_t channels = params->output.c;
  const int32_t pixel = tile == PLANES ? 1 : channels;
  const int along_columns = tile != ROWS && params->output.h > params->output.w;
  convolution conv = {
      .weight = weight,
      .kernel_sum = kernel_sum,
      .multipliers = multipliers,
      .shifts = shifts,
      .channels = channels,
      .padding = -params->input_offset,
      .output = {2 * params->output_offset + 1, params->activation_min, params->activation_max},
  };
  axis *const rows = along_columns ? &conv.across : &conv.along;
  *rows = (axis){params->input.w, params->output.w, params->stride_w, params->pad_w,
                 pixel,           channels,         channels};
  axis *const columns = along_columns ? &conv.along : &conv.across;
  *columns = (axis){
      params->input.h,
      params->output.h,
      params->stride_h,
      params->pad_h,
      params->input.w * pixel,
      params->output.w * channels,
      3 * channels,
  };
  for (int32_t n = 0; n < params->output.n; ++n) {
    if (tile == PLANES) {
      output_planes(&conv, input, scratch, output);
    } else {
      output_image(&conv, input, 0, channels, output);
    }
    input += params->input.h * params->input.w * channels;
    output += params->output.h * params->output.w * channels;
  }
}
