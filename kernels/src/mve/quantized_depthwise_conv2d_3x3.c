// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "copy.h"
#include "cortex_m/kernels/convolution.h"
#include "cortex_m/scratch.h"
#include "depthwise_3x3.h"
#include "../optimized.h"

#define SCRATCH CORTEX_M_QUANTIZED_DEPTHWISE_CONV2D_3X3_SCRATCH(0, 0, 0, 0, 3, 3, 1, 0, 0, 0, 1)

/** Four columns of the output of 16 channels fit the scratch; places of outputs fit 16 bits. */
#define MOST_STRIDE 16
#define MOST_CHANNELS 16384

/** A part of the channels and of the columns of the output. */
typedef struct {
  int32_t channels;
  int32_t columns;
} tile;

/** Columns of the input that are read for `columns` of the output, with those of no effect. */
static int32_t columns_read(int32_t columns, int32_t stride) {
  return stride == 1 ? ((columns + 1) & ~1) + 2 : (((columns + 3) & ~3) - 1) * stride + 4;
}

static tile tile_of(const cortex_m_quantized_depthwise_conv2d_params *params) {
  const int32_t channels = params->output.c;
  tile of = {channels, params->output.w};
  for (;;) {
    const int32_t read = columns_read(of.columns, params->stride_w);
    const int32_t each = (int32_t)sizeof(cortex_m_channel_mve) + 4 * read;
    // Words are written sixteen at a time.
    const int32_t most = (SCRATCH - 60) / each;
    if (most >= channels) {
      return of;
    }
    if (most >= 16) {
      of.channels = most & ~15;
      return of;
    }
    of.columns = (of.columns / 2 + 3) & ~3;
  }
}

/** Four rows of bytes and the steps from one vector of them to the next. */
typedef struct {
  const int8_t *at[4];
  int32_t step[4];
} rows;

/** Writes words of four rows, `count` of each; up to 60 bytes more than that. */
static __attribute__((noinline)) void interleave(rows *of, int32_t count, uint8_t *to) {
  register int32_t loops __asm__("lr") = count >> 4;
  // In assembly: GCC 15 keeps the pointers in memory. Not inlined: it needs every register.
  __asm__ volatile(
      "wls lr, %[loops], 2f\n"
      "1:\n\t"
      "vldrb.8 q0, [%[row_0]]\n\t"
      "add %[row_0], %[step_0]\n\t"
      "vldrb.8 q1, [%[row_1]]\n\t"
      "add %[row_1], %[step_1]\n\t"
      "vldrb.8 q2, [%[row_2]]\n\t"
      "add %[row_2], %[step_2]\n\t"
      "vldrb.8 q3, [%[row_3]]\n\t"
      "add %[row_3], %[step_3]\n\t"
      "vst40.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst41.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst42.8 {q0, q1, q2, q3}, [%[to]]\n\t"
      "vst43.8 {q0, q1, q2, q3}, [%[to]]!\n\t"
      "le lr, 1b\n"
      "2:\n\t"
      : [row_0] "+r"(of->at[0]), [row_1] "+r"(of->at[1]), [row_2] "+r"(of->at[2]),
        [row_3] "+r"(of->at[3]), [to] "+r"(to), [loops] "+r"(loops)
      : [step_0] "r"(of->step[0]), [step_1] "r"(of->step[1]), [step_2] "r"(of->step[2]),
        [step_3] "r"(of->step[3])
      : "q0", "q1", "q2", "q3", "memory");
  if ((count & 15) != 0) {
    const mve_pred16_t lanes = vctp8q((uint32_t)count & 15u);
    uint8x16x4_t words;
    for (int i = 0; i < 4; ++i) {
      words.val[i] = vldrbq_z_u8((const uint8_t *)of->at[i], lanes);
      of->at[i] += of->step[i];
    }
    vst4q_u8(to, words);
  }
}

/** The windows of the tile's channels, and how their sums become int8. */
static void load_channels(const int8_t *weight, const int32_t *kernel_sum,
                          const int32_t *multipliers, const int32_t *shifts, int32_t output_offset,
                          int32_t all, int32_t count, cortex_m_channel_mve *to) {
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
    vstrwq_scatter_offset_p_s32(&to->output_offset, each, vdupq_n_s32(output_offset), lanes);
    to += 4;
  }
}

/** `count` columns from x on of the four rows of the input from y on. */
static void load_rows(const int8_t *image, const cortex_m_quantized_depthwise_conv2d_params *params,
                      int32_t x, int32_t y, int32_t count, int32_t channels, uint8_t *words) {
  const int32_t all = params->output.c;
  const int8_t zero_point = (int8_t)-params->input_offset;
  int8_t outside[16];
  vst1q_s8(outside, vdupq_n_s8(zero_point));
  const int32_t left = x < 0 ? (-x < count ? -x : count) : 0;
  const int32_t beyond = x + count - params->input.w;
  const int32_t right = beyond < 0 ? 0 : beyond < count - left ? beyond : count - left;
  const int32_t inside = count - left - right;
  rows from;
  for (int i = 0; i < 4; ++i, ++y) {
    const int is_inside = y >= 0 && y < params->input.h;
    from.at[i] = is_inside ? image + (y * params->input.w + x + left) * all : outside;
    from.step[i] = is_inside ? 16 : 0;
  }
  words = (uint8_t *)cortex_m_fill_mve((int8_t *)words, zero_point, 4 * left * channels);
  if (channels == all) {
    interleave(&from, inside * channels, words);
  } else {
    const int32_t skip = all - ((channels + 15) & ~15);
    for (int32_t column = 0; column < inside; ++column) {
      interleave(&from, channels, words + 4 * column * channels);
      for (int i = 0; i < 4; ++i) {
        from.at[i] += from.step[i] != 0 ? skip : 0;
      }
    }
  }
  cortex_m_fill_mve((int8_t *)words + 4 * inside * channels, zero_point, 4 * right * channels);
}

static void clamp(const cortex_m_quantized_depthwise_conv2d_params *params, int8_t *values) {
  const int8x16_t minimum = vdupq_n_s8((int8_t)params->activation_min);
  const int8x16_t maximum = vdupq_n_s8((int8_t)params->activation_max);
  const cortex_m_dims of = params->output;
  for (int32_t left = of.n * of.h * of.w * of.c; left > 0; left -= 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)left);
    const int8x16_t value = vldrbq_z_s8(values, lanes);
    vstrbq_p_s8(values, vminq_s8(vmaxq_s8(value, minimum), maximum), lanes);
    values += 16;
  }
}

void cortex_m_quantized_depthwise_conv2d_3x3(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int8_t *output) {
  const cortex_m_dims to = params->output;
  if (params->stride_w > MOST_STRIDE || to.c > MOST_CHANNELS) {
    cortex_m_quantized_depthwise_conv2d_folded(input, weight, bias, kernel_sum, multipliers,
                                               shifts, params, scratch, output);
    return;
  }
  const int quads = params->stride_h == 1 && params->stride_w == 1 && (to.w + 4) * to.c < 65536;
  const int32_t together = quads ? 2 : 1;
  const tile most = tile_of(params);
  cortex_m_channel_mve *const table = scratch;
  for (int32_t channel = 0; channel < to.c; channel += most.channels) {
    const int32_t left = to.c - channel;
    const int32_t channels = left < most.channels ? left : most.channels;
    uint8_t *const words = (uint8_t *)(table + channels);
    load_channels(weight + channel, kernel_sum + channel, multipliers + channel, shifts + channel,
                  params->output_offset, to.c, channels, table);
    cortex_m_depthwise_rows_mve work = {
        .words = (int8_t *)words,
        .column = 4 * channels,
        .step = 4 * channels * params->stride_w,
        .channel = table,
        .channels = channels,
        .output_column = to.c,
        .output_row = to.w * to.c,
    };
    for (int32_t n = 0; n < to.n; ++n) {
      const int8_t *const image = input + n * params->input.h * params->input.w * to.c + channel;
      for (int32_t y = 0; y < to.h; y += together) {
        for (int32_t x = 0; x < to.w; x += most.columns) {
          work.output = output + ((n * to.h + y) * to.w + x) * to.c + channel;
          work.columns = to.w - x < most.columns ? to.w - x : most.columns;
          load_rows(image, params, x * params->stride_w - params->pad_w,
                    y * params->stride_h - params->pad_h,
                    (work.columns - 1) * params->stride_w + 3, channels, words);
          work.rows = to.h - y < together ? to.h - y : together;
          if (quads) {
            cortex_m_depthwise_quads_mve(&work);
          } else {
            cortex_m_depthwise_row_mve(&work);
          }
        }
      }
    }
  }
  if (params->activation_min > INT8_MIN || params->activation_max < INT8_MAX) {
    clamp(params, output);
  }
}
