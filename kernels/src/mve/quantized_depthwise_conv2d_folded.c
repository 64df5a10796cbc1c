// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/convolution.h"
#include "requantize.h"
#include "../support.h"

/** The taps of one output pixel's window that lie inside the input, and the steps between them. */
typedef struct {
  const int8_t *pixel;
  const int8_t *weight;
  int32_t rows;
  int32_t columns;
  int32_t pixel_step;
  int32_t weight_step;
  int32_t pixel_row; /**< from the end of a row of taps to the start of the next */
  int32_t weight_row;
} window;

#define INLINE static inline __attribute__((always_inline))

/** Adds 8 products to the sums of the even and of the odd channels. */
INLINE int32x4x2_t add(int32x4x2_t sums, int16x8_t products) {
  sums.val[0] = vaddq_s32(sums.val[0], vmovlbq_s16(products));
  sums.val[1] = vaddq_s32(sums.val[1], vmovltq_s16(products));
  return sums;
}

/**
 * A whole window, less 1 for every two taps of a row: two products of int8 and -1 fit int16, two
 * products need not.
 */
INLINE int32x4x2_t whole(const window *at, int32_t channel, mve_pred16_t lanes,
                         int32x4x2_t sums) {
  const int8_t *pixel = at->pixel + channel;
  const int8_t *weight = at->weight + channel;
  for (int32_t row = at->rows; row > 0; --row) {
    int32_t left = at->columns;
    for (; left >= 2; left -= 2) {
      const int16x8_t first =
          vmlasq_n_s16(vldrbq_z_s16(pixel, lanes), vldrbq_z_s16(weight, lanes), -1);
      pixel += at->pixel_step;
      weight += at->weight_step;
      const int16x8_t second = vmulq_s16(vldrbq_z_s16(pixel, lanes), vldrbq_z_s16(weight, lanes));
      pixel += at->pixel_step;
      weight += at->weight_step;
      sums = add(sums, vaddq_s16(first, second));
    }
    if (left != 0) {
      sums = add(sums, vmulq_s16(vldrbq_z_s16(pixel, lanes), vldrbq_z_s16(weight, lanes)));
      pixel += at->pixel_step;
      weight += at->weight_step;
    }
    pixel += at->pixel_row;
    weight += at->weight_row;
  }
  return sums;
}

/** A window cut by the input's edge. (x + offset) * weight fits int16. */
INLINE int32x4x2_t cut(const window *at, int32_t channel, int16_t offset, mve_pred16_t lanes,
                       int32x4x2_t sums) {
  const int8_t *pixel = at->pixel + channel;
  const int8_t *weight = at->weight + channel;
  for (int32_t row = at->rows; row > 0; --row) {
    for (int32_t left = at->columns; left > 0; --left) {
      const int16x8_t values = vaddq_n_s16(vldrbq_z_s16(pixel, lanes), offset);
      sums = add(sums, vmulq_s16(values, vldrbq_z_s16(weight, lanes)));
      pixel += at->pixel_step;
      weight += at->weight_step;
    }
    pixel += at->pixel_row;
    weight += at->weight_row;
  }
  return sums;
}

/** The even and the odd ones of up to 8 int32. */
INLINE int32x4x2_t load(const int32_t *from, int32_t count) {
  const uint32x4_t even = vidupq_n_u32(0, 2);
  int32x4x2_t values;
  const mve_pred16_t evens = vctp32q((uint32_t)(count + 1) / 2);
  const mve_pred16_t odds = vctp32q((uint32_t)count / 2);
  values.val[0] = vldrwq_gather_shifted_offset_z_s32(from, even, evens);
  values.val[1] = vldrwq_gather_shifted_offset_z_s32(from, vaddq_n_u32(even, 1), odds);
  return values;
}

void cortex_m_quantized_depthwise_conv2d_folded(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output) {
  (void)scratch;
  (void)tile;
  const cortex_m_dims from = params->input;
  const cortex_m_dims to = params->output;
  const cortex_m_dims taps = params->filter;
  const int32_t channels = to.c;
  const int16_t input_offset = (int16_t)params->input_offset;
  const int16_t offset = (int16_t)params->output_offset;
  const int16x8_t minimum = vdupq_n_s16((int16_t)params->activation_min);
  const int16x8_t maximum = vdupq_n_s16((int16_t)params->activation_max);
  const int32_t pairs = taps.h * (taps.w / 2);
  window at;
  at.pixel_step = params->dilation_w * channels;
  at.weight_step = channels;
  for (int32_t n = 0; n < to.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < to.h; ++output_y) {
      const cortex_m_window rows = cortex_m_clip_window(y, taps.h, params->dilation_h, from.h);
      at.rows = rows.end - rows.begin;
      const int32_t top = y + rows.begin * params->dilation_h;
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < to.w; ++output_x) {
        const cortex_m_window columns =
            cortex_m_clip_window(x, taps.w, params->dilation_w, from.w);
        const int32_t left = x + columns.begin * params->dilation_w;
        at.columns = columns.end - columns.begin;
        at.pixel = input + (top * from.w + left) * channels;
        at.weight = weight + (rows.begin * taps.w + columns.begin) * channels;
        at.pixel_row = params->dilation_h * from.w * channels - at.columns * at.pixel_step;
        at.weight_row = (taps.w - at.columns) * channels;
        const int is_whole = at.rows == taps.h && at.columns == taps.w;
        for (int32_t channel = 0; channel < channels; channel += 8) {
          const int32_t count = channels - channel;
          const mve_pred16_t lanes = vctp16q((uint32_t)count);
          int32x4x2_t sums = load((is_whole ? kernel_sum : bias) + channel, count);
          if (is_whole) {
            sums.val[0] = vaddq_n_s32(sums.val[0], pairs);
            sums.val[1] = vaddq_n_s32(sums.val[1], pairs);
            sums = whole(&at, channel, lanes, sums);
          } else {
            sums = cut(&at, channel, input_offset, lanes, sums);
          }
          const int32x4x2_t multiplier = load(multipliers + channel, count);
          const int32x4x2_t shift = load(shifts + channel, count);
          const int32x4_t even =
              cortex_m_requantize_right_mve(sums.val[0], multiplier.val[0], shift.val[0]);
          const int32x4_t odd =
              cortex_m_requantize_right_mve(sums.val[1], multiplier.val[1], shift.val[1]);
          int16x8_t both = vqmovntq_s32(vqmovnbq_s32(vuninitializedq_s16(), even), odd);
          both = vqaddq_n_s16(both, offset);
          both = vminq_s16(vmaxq_s16(both, minimum), maximum);
          vstrbq_p_s16(output + channel, both, lanes);
        }
        output += channels;
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += from.h * from.w * channels;
  }
}
