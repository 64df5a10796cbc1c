// SPDX-License-Identifier: Apache-2.0
/**
 * Of each two channels the image is made in bands of `tile` rows, each band in strips of columns
 * from top to bottom (cortex_m_plan.ways.dsp). Rows that bands share are sorted for each.
 */
#include <arm_acle.h>
#include <stdint.h>

#include "cortex_m/kernels/convolution.h"
#include "requantize.h"
#include "../optimized.h"

/** Channels computed together: more would need as much more stack. */
#define LANES 2

/** Columns of the input that lie sorted on the stack at a time. */
#define COLUMNS 14

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
  "sub r0, %[back] - " columns " * 4\n"     \
  "sub r1, %[back] - " columns " * 4\n"     \
  "subs r4, #1\n"                          \
  "beq 2f\n"                               \
  "str r4, [sp, #16]\n"                    \
  "add r7, r7, r9, lsl #1\n"               \
  "sub r7, %[count]\n"                     \
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
#define OPERANDS                                                              \
  [pitch] "i"(sizeof(row_pair) / LANES), [back] "i"(sizeof(row_pair)),        \
      [lanes] "i"(sizeof(lane[LANES])), [count] "i"(LANES)

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

// In assembly, because GCC 15 folds no rotation and finds neither PKHBT nor STRD. Leaves a .. d.
#define SORT_TWO                                   \
  "ldrh %[a], [%[upper]]\n"                        \
  "ldrh %[b], [%[lower]]\n"                        \
  "ldrh %[c], [%[upper], %[upper_step]]\n"         \
  "ldrh %[d], [%[lower], %[lower_step]]\n"         \
  "pkhbt %[a], %[a], %[b], lsl #16\n"              \
  "pkhbt %[c], %[c], %[d], lsl #16\n"              \
  "sxtb16 %[b], %[a], ror #8\n"                    \
  "sxtb16 %[d], %[c], ror #8\n"                    \
  "sxtb16 %[a], %[a]\n"                            \
  "sxtb16 %[c], %[c]\n"                            \
  "strd %[b], %[d], [%[to], %[pitch]]\n"

/** Sorts count > 0 pixels of two rows by channel, two at a time: one alone is written twice. */
__attribute__((noinline)) static void sort_pixels(const int8_t *upper, int32_t upper_step,
                                                  const int8_t *lower, int32_t lower_step,
                                                  int32_t count, uint32_t *to) {
  uint32_t a;
  uint32_t b;
  uint32_t c;
  uint32_t d;
  __asm__ volatile(
      "cmp %[count], #1\n"
      "itt eq\n"
      "moveq %[upper_step], #0\n"
      "moveq %[lower_step], #0\n"
      "lsrs %[count], %[count], #1\n"
      "bcc 1f\n"
      // The second pixel of an odd number of pixels is sorted with the first and with the third.
      SORT_TWO
      "strd %[a], %[c], [%[to]], #4\n"
      "add %[upper], %[upper_step]\n"
      "add %[lower], %[lower_step]\n"
      "cbz %[count], 2f\n"
      "1:\n"
      SORT_TWO
      "strd %[a], %[c], [%[to]], #8\n"
      "add %[upper], %[upper], %[upper_step], lsl #1\n"
      "add %[lower], %[lower], %[lower_step], lsl #1\n"
      "subs %[count], #1\n"
      "bne 1b\n"
      "2:\n"
      : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [to] "+r"(to),
        [upper] "+r"(upper), [lower] "+r"(lower), [upper_step] "+r"(upper_step),
        [lower_step] "+r"(lower_step), [count] "+l"(count)
      : [pitch] "i"(sizeof(row_pair) / LANES)
      : "cc", "memory");
}

/** Marks columns of two rows as outside, two at least. */
static void sort_zeros(const area *under, int32_t count, uint32_t *to) {
  const int8_t *const zeros = (const int8_t *)&under->zeros;
  sort_pixels(zeros, 0, zeros, 0, count, to);
}

/** Sorts the input rows y and y + 1 under a strip, without the columns outside. */
static inline void sort_rows(const cortex_m_quantized_depthwise_conv2d_params *params,
                             const area *under, int32_t y, uint32_t *rows) {
  const int32_t channels = params->input.c;
  const int32_t row_size = params->input.w * channels;
  const int8_t *upper = (const int8_t *)&under->zeros;
  const int8_t *lower = upper;
  int32_t upper_step = 0;
  int32_t lower_step = 0;
  if ((uint32_t)y < (uint32_t)params->input.h) {
    upper = under->image + y * row_size;
    upper_step = channels;
  }
  if ((uint32_t)(y + 1) < (uint32_t)params->input.h) {
    lower = under->image + (y + 1) * row_size;
    lower_step = channels;
  }
  uint32_t *to = rows + under->before;
  if (under->inside > 1) {
    sort_pixels(upper, upper_step, lower, lower_step, under->inside, to);
  } else if (under->inside == 1) {
    // It is written twice, then one of the two is outside again.
    const int32_t left = under->before > 1;
    to -= left;
    sort_pixels(upper, upper_step, lower, lower_step, 1, to);
    sort_zeros(under, 1, left ? to - 1 : to + 1);
  }
}

/** Two channels of the call. */
typedef struct {
  const cortex_m_quantized_depthwise_conv2d_params *params;
  int32_t channel; /**< the first one */
  const int8_t *input;
  int8_t *output;
  row_pair rows[2];
  lane lanes[LANES];
} group;

// Not inlined, as output_strip: what one needs on the stack is free when the other runs.
__attribute__((noinline)) static void fill_lanes(const int8_t *weight, const int32_t *kernel_sum,
                                                 const int32_t *multipliers,
                                                 const int32_t *shifts, group *of) {
  const int32_t channels = of->params->output.c;
  weight += of->channel;
  kernel_sum += of->channel;
  multipliers += of->channel;
  shifts += of->channel;
  const int32_t row = 3 * channels;
  sort_pixels(weight, channels, weight + row, channels, 3, of->rows[0][0]);
  sort_pixels(weight + row, channels, weight + 2 * row, channels, 3, of->rows[1][0]);
  for (int32_t i = 0; i < LANES; ++i) {
    lane *const to = of->lanes + i;
    to->start = kernel_sum[i] * 2;
    for (int32_t column = 0; column < 3; ++column) {
      const int16x2_t upper = (int16x2_t)of->rows[0][i][column];
      const int16x2_t lower = (int16x2_t)of->rows[1][i][column];
      to->upper[column] = (uint32_t)__sadd16(upper, upper);
      to->lower[column] = (uint32_t)__sadd16(lower, lower);
    }
    to->to = cortex_m_requantization(multipliers[i], shifts[i],
                                     2 * of->params->output_offset + 1);
  }
}

static inline int32_t at_most(int32_t value, int32_t limit) {
  return value < limit ? value : limit;
}

static inline int32_t at_least(int32_t value, int32_t limit) {
  return value > limit ? value : limit;
}

/** Most columns of a strip that fit: the first column of a pair reads 3, the second stride more. */
static inline int32_t columns_of_strip(int32_t stride) {
  return stride == 1 ? COLUMNS - 2 : (COLUMNS - 1) / 4 * 2;
}

/** A strip of outputs of image n from column x on, from row `top` down to before row `bottom`. */
__attribute__((noinline)) static void output_strip(group *of, int32_t n, int32_t top,
                                                   int32_t bottom, int32_t x) {
  const cortex_m_quantized_depthwise_conv2d_params *const params = of->params;
  const int32_t channels = params->output.c;
  const int32_t stride = params->stride_w;
  const int32_t count = at_most(columns_of_strip(stride), params->output.w - x);
  strip to;
  to.end = of->lanes + LANES;
  to.pairs = (count + 1) / 2;
  to.last_step = count % 2 == 0 ? channels : 0;
  to.column_step = to.pairs == 1 ? to.last_step : channels;
  const int32_t first = x * stride - params->pad_w;
  const int32_t columns = (2 * to.pairs - 1) * stride + 3;
  area under;
  under.before = at_most(at_least(-first, 0), columns);
  under.after = at_most(at_least(first + columns - params->input.w, 0), columns);
  under.inside = columns - under.before - under.after;
  under.image =
      of->input + of->channel +
      (n * params->input.h * params->input.w + first + under.before) * channels;
  under.zeros = (uint32_t)(-params->input_offset & 0xff) * 0x01010101u;
  for (int32_t i = 0; i < 2; ++i) {
    // What is too much is overwritten by columns inside.
    uint32_t *const row = of->rows[i][0];
    if (under.before > 0) {
      sort_zeros(&under, under.before, row);
    }
    if (under.after > 0) {
      sort_zeros(&under, under.after, row + columns - at_least(under.after, 2));
    }
  }
  to.output = of->output + of->channel +
              ((n * params->output.h + top) * params->output.w + x) * channels;
  int32_t y = top * stride - params->pad_h;
  uint32_t *lower = of->rows[0][0];
  uint32_t *upper = of->rows[1][0];
  sort_rows(params, &under, y, upper);
  for (;;) {
    y += 2;
    sort_rows(params, &under, y, lower);
    const int32_t row_size = params->output.w * params->output.c;
    ++top;
    if (params->stride_w == 1) {
      to.row_step = top < bottom ? row_size : 0;
      output_two_rows(upper, lower, of->lanes, &to);
      to.output += row_size;
      ++top;
    } else {
      output_row(upper, lower, of->lanes, &to);
    }
    if (top >= bottom) {
      break;
    }
    to.output += row_size;
    uint32_t *const next = upper;
    upper = lower;
    lower = next;
  }
}

void cortex_m_quantized_depthwise_conv2d_3x3(
    const int8_t *input, const int8_t *weight, const int32_t *bias, const int32_t *kernel_sum,
    const int32_t *multipliers, const int32_t *shifts,
    const cortex_m_quantized_depthwise_conv2d_params *params, void *scratch, int32_t tile,
    int8_t *output) {
  (void)bias;
  (void)scratch;
  const int32_t channels = params->output.c;
  const int32_t height = params->output.h;
  group of;
  of.params = params;
  of.input = input;
  of.output = output;
  for (int32_t next = 0; next < channels; next += LANES) {
    // The last group begins earlier where channels do not fill it.
    of.channel = at_most(next, channels - LANES);
    fill_lanes(weight, kernel_sum, multipliers, shifts, &of);
    for (int32_t n = 0; n < params->output.n; ++n) {
      for (int32_t top = 0; top < height; top += tile) {
        for (int32_t x = 0; x < params->output.w;
             x += columns_of_strip(params->stride_w)) {
          output_strip(&of, n, top, at_most(top + tile, height), x);
        }
      }
    }
  }
  cortex_m_limit_dsp(output, params->output.n * height * params->output.w * channels,
                     params->activation_min, params->activation_max);
}
