// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "cortex_m/kernels/pooling.h"
#include "../support.h"

/** As the float32 formula, of one channel. */
static int8_t float_average(const cortex_m_quantized_avg_pool2d_params *params,
                            const int8_t *pixel, int32_t rows, int32_t columns) {
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

/**
 * Halves / (2 * count) and whether it is an integer, for 0 <= halves < 2^17 and count <= 179.
 *
 * reciprocal is 2^32 / (2 * count), rounded up: by less than 1, which makes less than 2^-15 of a
 * quotient of halves, where 1 / 358 would be needed to reach the next integer.
 */
static uint32x4_t divide(uint32x4_t halves, uint32_t count, uint32_t reciprocal,
                         mve_pred16_t *is_integer) {
  const uint32x4_t quotient = vmulhq_u32(halves, vdupq_n_u32(reciprocal));
  *is_integer = vcmpeqq_u32(vmulq_n_u32(quotient, 2 * count), halves);
  return quotient;
}

/**
 * Up to 8 channels.
 *
 * The float32 formula's result differs from the mean by less than half of 1 / count: its count
 * products, count additions and two divisions err by at most 2^-24 of sums of at most
 * count * 255 * scale, together by 255 * (count + 4) * 2^-24 in units of the output, which is less
 * than 1 / (2 * count) up to count = 179. Means that are not exactly between two integers are at
 * least 1 / (2 * count) away from where the rounding changes.
 */
static void average(const cortex_m_quantized_avg_pool2d_params *params, const int8_t *pixel,
                    int32_t rows, int32_t columns, uint32_t reciprocal, int32_t channels,
                    int8_t *output) {
  const mve_pred16_t lanes = vctp16q((uint32_t)channels);
  const int32_t step = params->input.c;
  const int32_t skip = (params->input.w - columns) * step;
  const int32_t count = rows * columns;
  const int8_t *value = pixel;
  int16x8_t sum = vdupq_n_s16(0);  // of 179 int8: within int16
  for (int32_t row = rows; row > 0; --row) {
    for (int32_t column = columns; column > 0; --column) {
      sum = vaddq_s16(sum, vldrbq_z_s16(value, lanes));
      value += step;
    }
    value += skip;
  }
  // floor(sum / count + 1/2) by a division of what is not negative: sum >= -128 * count.
  const int32_t start = 257 * count;
  const int32x4_t even = vaddq_n_s32(vshlq_n_s32(vmovlbq_s16(sum), 1), start);
  const int32x4_t odd = vaddq_n_s32(vshlq_n_s32(vmovltq_s16(sum), 1), start);
  mve_pred16_t even_tie;
  mve_pred16_t odd_tie;
  const uint32x4_t even_mean =
      divide(vreinterpretq_u32_s32(even), (uint32_t)count, reciprocal, &even_tie);
  const uint32x4_t odd_mean =
      divide(vreinterpretq_u32_s32(odd), (uint32_t)count, reciprocal, &odd_tie);
  uint16x8_t mean = vmovntq_u32(vreinterpretq_u16_u32(even_mean), odd_mean);
  mean = vsubq_n_u16(mean, 128);
  const uint32_t ties = (even_tie & 0x3333u) | (odd_tie & 0xccccu);
  if (ties != 0) {
    // The window is read again before anything is written.
    uint16_t exact[8];
    vst1q_u16(exact, mean);
    for (int32_t channel = 0; channel < channels && channel < 8; ++channel) {
      if ((ties >> (2 * channel) & 1u) != 0) {
        exact[channel] = (uint16_t)float_average(params, pixel + channel, rows, columns);
      }
    }
    mean = vld1q_u16(exact);
  }
  vstrbq_p_u16((uint8_t *)output, mean, lanes);
}

void cortex_m_quantized_avg_pool2d_integer(const int8_t *input,
                                           const cortex_m_quantized_avg_pool2d_params *params,
                                           int8_t *output) {
  const cortex_m_dims from = params->input;
  const cortex_m_dims to = params->output;
  for (int32_t n = 0; n < to.n; ++n) {
    int32_t y = -params->pad_h;
    for (int32_t output_y = 0; output_y < to.h; ++output_y) {
      const cortex_m_window rows = cortex_m_clip_window(y, params->kernel_h, 1, from.h);
      int32_t x = -params->pad_w;
      for (int32_t output_x = 0; output_x < to.w; ++output_x) {
        const cortex_m_window columns = cortex_m_clip_window(x, params->kernel_w, 1, from.w);
        const int32_t height = rows.end - rows.begin;
        const int32_t width = columns.end - columns.begin;
        const int8_t *pixel =
            input + ((y + rows.begin) * from.w + x + columns.begin) * from.c;
        const uint32_t reciprocal = UINT32_MAX / (uint32_t)(2 * height * width) + 1u;
        for (int32_t channel = 0; channel < to.c; channel += 8) {
          average(params, pixel + channel, height, width, reciprocal, to.c - channel,
                  output + channel);
        }
        output += to.c;
        x += params->stride_w;
      }
      y += params->stride_h;
    }
    input += from.h * from.w * from.c;
  }
}
