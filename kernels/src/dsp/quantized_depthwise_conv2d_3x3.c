// SPDX-License-Identifier: Apache-2.0
#include <arm_acle.h>
#include <stdint.h>

#include "cortex_m/kernels/convolution.h"
#include "requantize.h"
#include "../optimized.h"

/** Channels computed together: the bytes of a word. */
#define LANES 4

/** Columns of the input that lie sorted on the stack at a time, and one that may be written too. */
#define COLUMNS 15

/**
 * Two rows of the input under a strip of outputs, sorted by channel: word x of a channel has its
 * elements of the upper and the lower row, so that one SMLAD does two taps.
 */
typedef uint32_t row_pair[LANES][COLUMNS];

/** What a channel's outputs are made with, in the order in which the assembly loads it. */
typedef struct {
  int32_t start;     /**< twice the kernel sum */
  uint32_t upper[3]; /**< by column: twice the weights of the window's first and second row */
  uint32_t lower[3]; /**< and of its second and third row */
  cortex_m_requantization_dsp to;
} lane;

/** Where a strip's outputs go, two columns at a time, in the order that the assembly loads. */
typedef struct {
  int8_t *output;
  int32_t row_step;    /**< to the second row; 0 if there is none */
  int32_t column_step; /**< to the second column of the first pair */
  const lane *end;     /**< of the channels */
  int32_t pairs;       /**< of columns */
  int32_t last_step;   /**< to the second column of the last pair; 0 if there is none */
} strip;

/** The input under a strip. */
typedef struct {
  const int8_t *image; /**< the group's first channel of row 0, in the first column inside */
  int32_t before;      /**< columns outside to the left */
  int32_t inside;
  int32_t after;       /**< columns outside to the right */
  uint32_t zeros;      /**< the input's zero point in every byte */
} area;

// In assembly, because 14 values are alive in the loops, and GCC 15 loads operands one by one.
#define BEGIN                \
  "push {r4-r11, lr}\n"      \
  "ldmia r3, {r4-r9}\n"      \
  "push {r4-r9}\n"           \
  "1:\n"                     \
  "ldmia r2!, {r3-r6}\n" /* start, upper */
#define REQUANTIZE(to, from)          \
  "smmlar " to ", " from ", r4, r5\n" \
  "add " to ", " to ", " from ", asr #31\n"
#define SATURATE(value)            \
  "asr " value ", " value ", r6\n" \
  "ssat " value ", #8, " value ", asr #1\n"
// The next channel, or the next two columns.
#define END(columns)                       \
  "str r7, [sp]\n"                         \
  "ldr r10, [sp, #12]\n"                   \
  "add r0, %[pitch]\n"                     \
  "add r1, %[pitch]\n"                     \
  "cmp r2, r10\n"                          \
  "bne 1b\n"                               \
  "ldr r4, [sp, #16]\n"                    \
  "sub r0, %[pitch] * 4 - " columns " * 4\n" \
  "sub r1, %[pitch] * 4 - " columns " * 4\n" \
  "subs r4, #1\n"                          \
  "beq 2f\n"                               \
  "str r4, [sp, #16]\n"                    \
  "add r7, r7, r9, lsl #1\n"               \
  "sub r7, #4\n"                           \
  "str r7, [sp]\n"                         \
  "sub r2, %[lanes]\n"                     \
  "cmp r4, #1\n"                           \
  "itt eq\n"                               \
  "ldreq r9, [sp, #20]\n"                  \
  "streq r9, [sp, #8]\n"                   \
  "b 1b\n"                                 \
  "2:\n"                                   \
  "add sp, #24\n"                          \
  "pop {r4-r11, pc}\n"
#define OPERANDS [pitch] "i"(sizeof(row_pair) / LANES), [lanes] "i"(sizeof(lane[LANES]))

/**
 * Stride 1: two rows of a strip of outputs from four rows of the input; two rows and columns of one
 * channel at a time.
 */
__attribute__((naked, noinline)) static void output_two_rows(
    const uint32_t *upper __attribute__((unused)), const uint32_t *lower __attribute__((unused)),
    const lane *lanes __attribute__((unused)), const strip *to __attribute__((unused))) {
  __asm__ volatile(
      BEGIN
      "ldmia r0, {r7-r10}\n"
      "smlad r11, r7, r4, r3\n"
      "smlad r12, r8, r4, r3\n"
      "smlatb lr, r7, r4, r3\n"
      "smlatb r3, r8, r4, r3\n"
      "smlad r11, r8, r5, r11\n"
      "smlad r12, r9, r5, r12\n"
      "smlatb lr, r8, r5, lr\n"
      "smlatb r3, r9, r5, r3\n"
      "smlad r11, r9, r6, r11\n"
      "smlad r12, r10, r6, r12\n"
      "smlatb lr, r9, r6, lr\n"
      "smlatb r3, r10, r6, r3\n"
      "ldmia r2!, {r4-r6}\n"  // lower
      "ldmia r1, {r7-r10}\n"
      "smlabt r11, r7, r4, r11\n"
      "smlabt r12, r8, r4, r12\n"
      "smlad lr, r7, r4, lr\n"
      "smlad r3, r8, r4, r3\n"
      "smlabt r11, r8, r5, r11\n"
      "smlabt r12, r9, r5, r12\n"
      "smlad lr, r8, r5, lr\n"
      "smlad r3, r9, r5, r3\n"
      "smlabt r11, r9, r6, r11\n"
      "smlabt r12, r10, r6, r12\n"
      "smlad lr, r9, r6, lr\n"
      "smlad r3, r10, r6, r3\n"
      "ldmia r2!, {r4-r6}\n"  // to
      "ldmia sp, {r7-r9}\n"   // output, row_step, column_step
      REQUANTIZE("r10", "r3")
      REQUANTIZE("r3", "lr")
      REQUANTIZE("lr", "r12")
      REQUANTIZE("r12", "r11")
      SATURATE("r10")
      SATURATE("r3")
      SATURATE("lr")
      SATURATE("r12")
      // The first output last: where there is no second one both go to the same place.
      "add r8, r7\n"
      "strb r10, [r8, r9]\n"
      "strb r3, [r8]\n"
      "strb lr, [r7, r9]\n"
      "strb r12, [r7], #1\n"
      END("2")
      :
      : OPERANDS);
}

/** Stride 2: a row of a strip of outputs from three rows of the input; two columns at a time. */
__attribute__((naked, noinline)) static void output_row(
    const uint32_t *upper __attribute__((unused)), const uint32_t *lower __attribute__((unused)),
    const lane *lanes __attribute__((unused)), const strip *to __attribute__((unused))) {
  __asm__ volatile(
      BEGIN
      "ldmia r0, {r7-r11}\n"
      "smlad r12, r7, r4, r3\n"
      "smlad r3, r9, r4, r3\n"
      "smlad r12, r8, r5, r12\n"
      "smlad r3, r10, r5, r3\n"
      "smlad r12, r9, r6, r12\n"
      "smlad r3, r11, r6, r3\n"
      "ldmia r2!, {r4-r6}\n"  // lower
      "ldmia r1, {r7-r11}\n"
      "smlabt r12, r7, r4, r12\n"
      "smlabt r3, r9, r4, r3\n"
      "smlabt r12, r8, r5, r12\n"
      "smlabt r3, r10, r5, r3\n"
      "smlabt r12, r9, r6, r12\n"
      "smlabt r3, r11, r6, r3\n"
      "ldmia r2!, {r4-r6}\n"  // to
      "ldmia sp, {r7-r9}\n"   // output, row_step, column_step
      REQUANTIZE("r10", "r3")
      REQUANTIZE("r3", "r12")
      SATURATE("r10")
      SATURATE("r3")
      "strb r10, [r7, r9]\n"
      "strb r3, [r7], #1\n"
      END("4")
      :
      : OPERANDS);
}

/** Sorts count > 0 pixels of two rows by channel, two at a time: one alone is written twice. */
__attribute__((noinline)) static void sort_pixels(const int8_t *upper, int32_t upper_step,
                                                  const int8_t *lower, int32_t lower_step,
                                                  int32_t count, uint32_t *to) {
  if (count == 1) {
    upper_step = 0;
    lower_step = 0;
  }
  int32_t pairs = count & 1;
  for (int32_t part = 0; part < 2; ++part) {
    for (; pairs > 0; --pairs) {
      uint32_t a;
      uint32_t b;
      uint32_t c;
      uint32_t d;
      uint32_t t;
      // In assembly, because GCC 15 folds no rotation and finds neither PKHTB nor STRD.
      __asm__ volatile(
          "ldr %[a], [%[upper]]\n"
          "ldr %[b], [%[lower]]\n"
          "ldr %[c], [%[upper], %[upper_step]]\n"
          "ldr %[d], [%[lower], %[lower_step]]\n"
          "pkhbt %[t], %[a], %[b], lsl #16\n"
          "pkhtb %[b], %[b], %[a], asr #16\n"
          "pkhbt %[a], %[c], %[d], lsl #16\n"
          "pkhtb %[d], %[d], %[c], asr #16\n"
          "sxtb16 %[c], %[t], ror #8\n"
          "sxtb16 %[t], %[t]\n"
          "str %[c], [%[to], %[pitch]]\n"
          "sxtb16 %[c], %[a]\n"
          "sxtb16 %[a], %[a], ror #8\n"
          "str %[a], [%[to], %[pitch] + 4]\n"
          "sxtb16 %[a], %[b], ror #8\n"
          "sxtb16 %[b], %[b]\n"
          "str %[b], [%[to], %[pitch] * 2]\n"
          "sxtb16 %[b], %[d], ror #8\n"
          "sxtb16 %[d], %[d]\n"
          "str %[d], [%[to], %[pitch] * 2 + 4]\n"
          "strd %[a], %[b], [%[to], %[pitch] * 3]\n"
          "strd %[t], %[c], [%[to]], #8\n"
          : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [t] "=&r"(t), [to] "+r"(to)
          : [upper] "r"(upper), [lower] "r"(lower), [upper_step] "r"(upper_step),
            [lower_step] "r"(lower_step), [pitch] "i"(sizeof(row_pair) / LANES)
          : "memory");
      upper += 2 * upper_step;
      lower += 2 * lower_step;
    }
    if (part == 0 && count % 2 != 0) {
      // The second pixel of an odd number of pixels is sorted with the first and with the third.
      upper -= upper_step;
      lower -= lower_step;
      --to;
    }
    pairs = count / 2;
  }
}

/** Marks columns of two rows as outside. */
static void sort_zeros(const area *under, int32_t count, uint32_t *to) {
  const int8_t *const zeros = (const int8_t *)&under->zeros;
  if (count > 0) {
    sort_pixels(zeros, 0, zeros, 0, count, to);
  }
}

/** Sorts two input rows from y on under a strip, without the columns outside. */
static void sort_rows(const cortex_m_quantized_depthwise_conv2d_params *params, const area *under,
                      int32_t y, row_pair rows) {
  const int32_t channels = params->input.c;
  const int32_t row_size = params->input.w * channels;
  const int8_t *upper = (const int8_t *)&under->zeros;
  const int8_t *lower = upper;
  int32_t upper_step = 0;
  int32_t lower_step = 0;
  if (y >= 0 && y < params->input.h) {
    upper = under->image + y * row_size;
    upper_step = channels;
  }
  if (y >= -1 && y + 1 < params->input.h) {
    lower = under->image + (y + 1) * row_size;
    lower_step = channels;
  }
  uint32_t *const to = rows[0] + under->before;
  if (under->inside > 0) {
    sort_pixels(upper, upper_step, lower, lower_step, under->inside, to);
  }
  if (under->inside == 1) {
    sort_zeros(under, under->after > 0, to + 1);
  }
}

static void fill_lanes(const int8_t *weight, int32_t channels, const int32_t *kernel_sum,
                       const int32_t *multipliers, const int32_t *shifts, int32_t unit,
                       row_pair *rows, lane *lanes) {
  const int32_t row = 3 * channels;
  sort_pixels(weight, channels, weight + row, channels, 3, rows[0][0]);
  sort_pixels(weight + row, channels, weight + 2 * row, channels, 3, rows[1][0]);
  for (int32_t i = 0; i < LANES; ++i) {
    lanes->start = *kernel_sum++ * 2;
    for (int32_t column = 0; column < 3; ++column) {
      const int16x2_t upper = (int16x2_t)rows[0][i][column];
      const int16x2_t lower = (int16x2_t)rows[1][i][column];
      lanes->upper[column] = (uint32_t)__sadd16(upper, upper);
      lanes->lower[column] = (uint32_t)__sadd16(lower, lower);
    }
    lanes->to = cortex_m_requantization(*multipliers++, *shifts++, unit);
    ++lanes;
  }
}

/** A strip of outputs of a group of channels, from the top of the image to its bottom. */
static void output_strip(const cortex_m_quantized_depthwise_conv2d_params *params,
                         const area *under, row_pair *rows, const lane *lanes, strip *to) {
  const int32_t row_size = params->output.w * params->output.c;
  int8_t *output = to->output;
  uint32_t upper = 0;
  int32_t y = -params->pad_h;
  for (int32_t i = 0; i < 2; ++i) {
    sort_zeros(under, under->before, rows[i][0]);
    sort_zeros(under, under->after, rows[i][0] + under->before + under->inside);
  }
  sort_rows(params, under, y, rows[upper]);
  for (int32_t left = params->output.h; left > 0;) {
    y += 2;
    sort_rows(params, under, y, rows[upper ^ 1u]);
    to->output = output;
    if (params->stride_w == 1) {
      to->row_step = left > 1 ? row_size : 0;
      output_two_rows(rows[upper][0], rows[upper ^ 1u][0], lanes, to);
      output += row_size;
      --left;
    } else {
      output_row(rows[upper][0], rows[upper ^ 1u][0], lanes, to);
    }
    output += row_size;
    --left;
    upper ^= 1u;
  }
}

static inline int32_t at_most(int32_t value, int32_t limit) {
  return value < limit ? value : limit;
}

static inline int32_t at_least(int32_t value, int32_t limit) {
  return value > limit ? value : limit;
}

void cortex_m_quantized_depthwise_conv2d_3x3(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int8_t *output) {
  (void)bias;
  (void)scratch;
  const int32_t channels = params->output.c;
  const int32_t stride = params->stride_w;
  const int32_t width = params->output.w;
  const int32_t image_size = params->input.h * params->input.w * channels;
  const int32_t output_size = params->output.h * width * channels;
  // Pairs of columns that fit: the first column of a pair reads 3, the second stride more.
  const int32_t most = stride == 1 ? COLUMNS - 3 : (COLUMNS - 2) / 4 * 2;
  for (int32_t next = 0; next < channels; next += LANES) {
    // The last group begins earlier where channels do not fill it.
    const int32_t channel = next + LANES <= channels ? next : channels - LANES;
    row_pair rows[2];
    lane lanes[LANES];
    fill_lanes(weight + channel, channels, kernel_sum + channel, multipliers + channel,
               shifts + channel, 2 * params->output_offset + 1, rows, lanes);
    for (int32_t n = 0; n < params->output.n; ++n) {
      for (int32_t x = 0; x < width; x += most) {
        const int32_t count = width - x < most ? width - x : most;
        const int32_t pairs = (count + 1) / 2;
        const int32_t last_step = count % 2 == 0 ? channels : 0;
        strip to = {output + n * output_size + x * channels + channel,
                    0,
                    pairs == 1 ? last_step : channels,
                    lanes + LANES,
                    pairs,
                    last_step};
        const int32_t first = x * stride - params->pad_w;
        const int32_t columns = (2 * pairs - 1) * stride + 3;
        area under;
        under.before = at_most(at_least(-first, 0), columns);
        under.after = at_most(at_least(first + columns - params->input.w, 0), columns);
        under.inside = columns - under.before - under.after;
        under.image = input + n * image_size + (first + under.before) * channels + channel;
        under.zeros = (uint32_t)(-params->input_offset & 0xff) * 0x01010101u;
        output_strip(params, &under, rows, lanes, &to);
      }
    }
  }
  const int32_t outputs = params->output.n * output_size;
  cortex_m_limit_dsp(output, outputs, params->activation_min, params->activation_max);
}
