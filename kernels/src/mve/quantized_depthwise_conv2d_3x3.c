// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "copy.h"
#include "cortex_m/kernels/convolution.h"
#include "depthwise_3x3.h"
#include "../optimized.h"

/** Places of outputs fit 16 bits. */
#define MOST_STRIDE 16
#define MOST_CHANNELS 16384

/**
 * Tiles: bytes of scratch * 65536 + columns of the output that are computed at once; or 1, for the
 * way of cortex_m_quantized_depthwise_conv2d_folded, which is taken beyond the limits above.
 *
 * Of the channels as many as there is room for are computed for the whole image before the next
 * ones. Rows go from top to bottom, two at once where both strides are 1, parts of them from left
 * to right. What is read for a part is gathered before its outputs are written; of whole rows, two
 * at once, what the next ones read again is kept.
 */
#define WITHOUT_SCRATCH 1

/** Whether outputs are computed in quads, else in fours side by side. */
static int are_quads(const cortex_m_quantized_depthwise_conv2d_params *params) {
  return params->stride_h == 1 && params->stride_w == 1 &&
         (params->output.w + 4) * params->output.c < 65536;
}

/** All channels, or a multiple of 16, or 12, 8, 4. */
static int32_t channels_of(const cortex_m_quantized_depthwise_conv2d_params *params, int32_t bytes,
                           int32_t columns) {
  // Columns of the input that are read, with those of no effect.
  const int32_t read = are_quads(params) ? ((columns + 1) & ~1) + 2
                                         : (((columns + 3) & ~3) - 1) * params->stride_w + 4;
  // Words are written sixteen at a time.
  const int32_t most = (bytes - 60) / ((int32_t)sizeof(cortex_m_channel_mve) + 4 * read);
  return most >= params->output.c ? params->output.c : most >= 16 ? most & ~15 : most & ~3;
}

/** Four rows of bytes and the steps from one vector of them to the next. */
typedef struct {
  const int8_t *at[4];
  int32_t step[4];
} rows;

/** Writes words of four rows, `count` times of `bytes` of each, at most 16; always 64 bytes. */
static __attribute__((noinline)) void interleave(const rows *of, int32_t count, int32_t bytes,
                                                 int32_t to_step, uint8_t *to) {
  const mve_pred16_t lanes = vctp8q((uint32_t)bytes);
  register int32_t loops __asm__("lr") = count;
  const int8_t *row_0 = of->at[0];
  const int8_t *row_1 = of->at[1];
  const int8_t *row_2 = of->at[2];
  const int8_t *row_3 = of->at[3];
  // In assembly: GCC 15 keeps the pointers in memory. Not inlined: it needs every register.
  __asm__ volatile(
      "vmsr p0, %[lanes]\n\t"
      "wls lr, %[loops], 2f\n"
      "1:\n\t"
      "vpstttt\n\t"
      "vldrbt.8 q0, [%[row_0]]\n\t"
      "vldrbt.8 q1, [%[row_1]]\n\t"
      "vldrbt.8 q2, [%[row_2]]\n\t"
      "vldrbt.8 q3, [%[row_3]]\n\t"
      "add %[row_0], %[step_0]\n\t"
      "add %[row_1], %[step_1]\n\t"
      "add %[row_2], %[step_2]\n\t"
      "add %[row_3], %[step_3]\n\t"
      "vst40.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst41.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst42.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst43.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "add %[to], %[to_step]\n\t"
      "le lr, 1b\n"
      "2:\n\t"
      : [row_0] "+r"(row_0), [row_1] "+r"(row_1), [row_2] "+r"(row_2), [row_3] "+r"(row_3),
        [to] "+r"(to), [loops] "+r"(loops)
      : [step_0] "r"(of->step[0]), [step_1] "r"(of->step[1]), [step_2] "r"(of->step[2]),
        [step_3] "r"(of->step[3]), [to_step] "r"(to_step), [lanes] "r"(lanes)
      : "q0", "q1", "q2", "q3", "p0", "memory");
}

/** The same of words that hold the rows before: their last two become the first two. */
static __attribute__((noinline)) void interleave_below(const rows *of, int32_t count,
                                                       int32_t bytes, int32_t to_step,
                                                       uint8_t *to) {
  const mve_pred16_t lanes = vctp8q((uint32_t)bytes);
  register int32_t loops __asm__("lr") = count;
  const int8_t *row_2 = of->at[2];
  const int8_t *row_3 = of->at[3];
  __asm__ volatile(
      "vmsr p0, %[lanes]\n\t"
      "wls lr, %[loops], 2f\n"
      "1:\n\t"
      "vld40.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vld41.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vld42.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vld43.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vpstttt\n\t"
      "vldrbt.8 q4, [%[row_2]]\n\t"
      "vldrbt.8 q5, [%[row_3]]\n\t"
      "vorrt q0, q2, q2\n\t"
      "vorrt q1, q3, q3\n\t"
      "vpstt\n\t"
      "vorrt q2, q4, q4\n\t"
      "vorrt q3, q5, q5\n\t"
      "add %[row_2], %[step_2]\n\t"
      "add %[row_3], %[step_3]\n\t"
      "vst40.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst41.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst42.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst43.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "add %[to], %[to_step]\n\t"
      "le lr, 1b\n"
      "2:\n\t"
      : [row_2] "+r"(row_2), [row_3] "+r"(row_3), [to] "+r"(to), [loops] "+r"(loops)
      : [step_2] "r"(of->step[2]), [step_3] "r"(of->step[3]), [to_step] "r"(to_step),
        [lanes] "r"(lanes)
      : "q0", "q1", "q2", "q3", "q4", "q5", "p0", "memory");
}

/** The windows of the channels, and how their sums become int8. Not inlined: for less stack. */
static __attribute__((noinline)) void load_channels(
    const int8_t *weight, const int32_t *kernel_sum, const int32_t *multipliers,
    const int32_t *shifts, int32_t offset, int32_t all, int32_t count, cortex_m_channel_mve *to) {
  const uint32x4_t each = vmulq_n_u32(vidupq_n_u32(0, 1), sizeof *to);
  for (int32_t channel = 0; channel < count; channel += 4) {
    const mve_pred16_t lanes = vctp32q((uint32_t)(count - channel));
    const uint8_t *tap = (const uint8_t *)weight + channel;
    for (int32_t column = 0; column < 3; ++column) {
      uint32x4_t words = vldrbq_z_u32(tap, lanes);
      words = vsliq_n_u32(words, vldrbq_z_u32(tap + 3 * all, lanes), 8);
      words = vsliq_n_u32(words, vldrbq_z_u32(tap + 6 * all, lanes), 16);
      vstrwq_scatter_offset_p_u32(to->weight + column, each, words, lanes);
      tap += all;
    }
    vstrwq_scatter_offset_p_u32(to->weight + 3, each, vdupq_n_u32(0), lanes);
    vstrwq_scatter_offset_p_s32(&to->kernel_sum, each, vldrwq_z_s32(kernel_sum + channel, lanes),
                                lanes);
    vstrwq_scatter_offset_p_s32(&to->multiplier, each, vldrwq_z_s32(multipliers + channel, lanes),
                                lanes);
    vstrwq_scatter_offset_p_s32(&to->shift, each, vldrwq_z_s32(shifts + channel, lanes), lanes);
    vstrwq_scatter_offset_p_s32(&to->output_offset, each, vdupq_n_s32(offset), lanes);
    to += 4;
  }
}

/** Goes `bytes` on in the rows of the input. */
static void move(rows *of, int32_t bytes) {
  for (int i = 0; i < 4; ++i) {
    of->at[i] += of->step[i] != 0 ? bytes : 0;
  }
}

/**
 * `count` columns from x on of the four rows of the input from y on; only of the last two if the
 * words hold the four rows that start two rows before. Not inlined: for less stack.
 */
static __attribute__((noinline)) void load_rows(
    const int8_t *image, const cortex_m_quantized_depthwise_conv2d_params *params, int32_t x,
    int32_t y, int32_t count, int32_t channels, int below, uint8_t *words) {
  const int32_t all = params->output.c;
  const int8_t zero_point = (int8_t)-params->input_offset;
  int8_t outside[16];
  vst1q_s8(outside, vdupq_n_s8(zero_point));
  const int32_t left = x < 0 ? (-x < count ? -x : count) : 0;
  const int32_t beyond = x + count - params->input.w;
  const int32_t right = beyond < 0 ? 0 : beyond < count - left ? beyond : count - left;
  const int32_t inside = count - left - right;
  const int together = channels == all;
  rows from = {0};
  for (int i = below ? 2 : 0; i < 4; ++i) {
    const int is_inside = y + i >= 0 && y + i < params->input.h;
    from.at[i] = is_inside ? image + ((y + i) * params->input.w + x + left) * all : outside;
    from.step[i] = !is_inside ? 0 : together ? 16 : all;
  }
  uint8_t *const start = words + 4 * left * channels;
  if (!below) {
    cortex_m_fill_mve((int8_t *)words, zero_point, 4 * left * channels);
  }
  void (*const load)(const rows *, int32_t, int32_t, int32_t, uint8_t *) =
      below ? interleave_below : interleave;
  if (together) {
    const int32_t bytes = inside * channels;
    load(&from, bytes >> 4, 16, 64, start);
    if ((bytes & 15) != 0) {
      move(&from, bytes & ~15);
      load(&from, 1, bytes & 15, 64, start + 4 * (bytes & ~15));
    }
  } else {
    // The last ones first: they write beyond their own words.
    int32_t channel = (channels - 1) & ~15;
    move(&from, channel);
    for (; channel >= 0; channel -= 16) {
      load(&from, inside, channels - channel, 4 * channels, start + 4 * channel);
      move(&from, -16);
    }
  }
  if (!below) {
    cortex_m_fill_mve((int8_t *)start + 4 * inside * channels, zero_point, 4 * right * channels);
  }
}

void cortex_m_quantized_depthwise_conv2d_3x3(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output) {
  const cortex_m_dims *const to = &params->output;
  if (tile == WITHOUT_SCRATCH || params->stride_w > MOST_STRIDE || to->c > MOST_CHANNELS) {
    cortex_m_quantized_depthwise_conv2d_folded(input, weight, bias, kernel_sum, multipliers,
                                               shifts, params, scratch, 1, output);
    return;
  }
  const int quads = are_quads(params);
  const int bounded = params->activation_min > INT8_MIN || params->activation_max < INT8_MAX;
  const int32_t offset = (params->output_offset & 0xffff) | (bounded ? 1 << 16 : 0);
  const int32_t together = quads ? 2 : 1;
  const int32_t most_columns = tile & 0xffff;
  const int32_t most_channels = channels_of(params, tile >> 16, most_columns);
  const int kept = quads && most_columns >= to->w;
  cortex_m_channel_mve *const table = scratch;
  cortex_m_depthwise_shape_mve shape = {
      .quads = quads,
      .stride = params->stride_w,
      .output_column = to->c,
      .output_row = to->w * to->c,
  };
  cortex_m_depthwise_walk_mve at;
  at.table = table;
  at.minimum = params->activation_min;
  at.maximum = params->activation_max;
  for (int32_t channel = 0; channel < to->c; channel += most_channels) {
    const int32_t left = to->c - channel;
    const int32_t channels = left < most_channels ? left : most_channels;
    uint8_t *const words = (uint8_t *)(table + channels);
    load_channels(weight + channel, kernel_sum + channel, multipliers + channel, shifts + channel,
                  offset, to->c, channels, table);
    shape.channels = channels;
    shape.columns = 0;
    for (int32_t n = 0; n < to->n; ++n) {
      const int8_t *const image = input + n * params->input.h * params->input.w * to->c + channel;
      for (int32_t y = 0; y < to->h; y += together) {
        for (int32_t x = 0; x < to->w; x += most_columns) {
          const int32_t columns = to->w - x < most_columns ? to->w - x : most_columns;
          const int32_t rows = to->h - y < together ? to->h - y : together;
          load_rows(image, params, x * params->stride_w - params->pad_w,
                    y * params->stride_h - params->pad_h, (columns - 1) * params->stride_w + 3,
                    channels, kept && y > 0, words);
          if (columns != shape.columns || rows != shape.rows) {
            shape.columns = columns;
            shape.rows = rows;
            cortex_m_depthwise_prepare_mve(&shape, &at);
          }
          at.words = (int8_t *)words;
          at.output = output + ((n * to->h + y) * to->w + x) * to->c + channel;
          at.channels = channels;
          if (quads) {
            cortex_m_depthwise_quads_mve(&at);
          } else {
            cortex_m_depthwise_row_mve(&at);
          }
        }
      }
    }
  }
}
