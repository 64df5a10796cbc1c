// SPDX-License-Identifier: Apache-2.0
#include "run.h"

#include <arm_mve.h>
#include <stddef.h>

#include "products.h"
#include "requantize.h"

_Static_assert(offsetof(cortex_m_run, end) == 16 && offsetof(cortex_m_run, window) == 28 &&
                   offsetof(cortex_m_run, maximum) == 60,
               "the assembly knows the places");

// Two vectors of the input, q0 and q1, against four rows of weights.
#define BLOCK(multiply)              \
  "vldrb.8 q0, [r1], #16\n\t"        \
  "vldrb.8 q2, [r5], #16\n\t"        \
  multiply " r0, q0, q2\n\t"         \
  "vldrb.8 q1, [r3], #16\n\t"        \
  multiply " r8, q1, q2\n\t"         \
  "vldrb.8 q2, [r5], #16\n\t"        \
  multiply " r2, q0, q2\n\t"         \
  multiply " r10, q1, q2\n\t"        \
  "vldrb.8 q2, [r5], #16\n\t"        \
  multiply " r4, q0, q2\n\t"         \
  multiply " r12, q1, q2\n\t"        \
  "vldrb.8 q2, [r5], #16\n\t"        \
  multiply " r6, q0, q2\n\t"         \
  multiply " lr, q1, q2\n\t"

#define FIRST BLOCK("vmladav.s8")
#define MORE BLOCK("vmladava.s8")

/**
 * All output channels of pairs of pixels; moves the places in `of` on.
 *
 * In assembly: eight sums need every even register, which leaves six, and GCC 15 spills in the
 * innermost loop. A vector of weights serves two pixels, a vector of a pixel four channels.
 */
static __attribute__((noinline)) void convolve(cortex_m_run *of) {
  register cortex_m_run *at __asm__("r0") = of;
  __asm__ volatile(
      "push {r7, r11}\n\t"
      "mov r11, r0\n\t"
      "ldrd r4, r6, [r11, #56]\n\t"
      "vdup.32 q6, r4\n\t"
      "vdup.32 q7, r6\n"
      "0:\n\t"
      "ldr r6, [r11, #52]\n\t"
      "ldrd r0, r2, [r11, #40]\n\t"
      "ldr r4, [r11, #48]\n\t"
      "vctp.32 r6\n\t"
      "vpstt\n\t"
      "vldrwt.32 q3, [r0], #16\n\t"
      "vldrwt.32 q4, [r2], #16\n\t"
      "vpst\n\t"
      "vldrwt.32 q5, [r4], #16\n\t"
      "strd r0, r2, [r11, #40]\n\t"
      "str r4, [r11, #48]\n\t"
      "ldrd r1, r3, [r11, #28]\n\t"
      "ldr r7, [r11, #36]\n"
      "1:\n\t"
      "ldrd r5, r9, [r11, #20]\n\t"
      FIRST
      "lsrs r9, r9, #1\n\t"
      "bcc 2f\n\t"
      MORE
      "2:\n\t"
      "beq 4f\n"
      "3:\n\t"
      MORE
      MORE
      "subs r9, #1\n\t"
      "bne 3b\n"
      "4:\n\t"
      "vmov q0[2], q0[0], r0, r4\n\t"
      "vmov q0[3], q0[1], r2, r6\n\t"
      "vadd.i32 q0, q0, q3\n\t"
      "vmov q1[2], q1[0], r8, r12\n\t"
      "vqrdmulh.s32 q0, q0, q4\n\t"
      "vmov q1[3], q1[1], r10, lr\n\t"
      "vadd.i32 q1, q1, q3\n\t"
      "ldm r11, {r0, r2, r4, r6, r8}\n\t"
      "vqrdmulh.s32 q1, q1, q4\n\t"
      "vqdmlah.s32 q0, q0, r0\n\t"
      "add r1, r6\n\t"
      "vrshl.s32 q0, q0, q5\n\t"
      "vqdmlah.s32 q1, q1, r0\n\t"
      "vadd.i32 q0, q0, r2\n\t"
      "vrshl.s32 q1, q1, q5\n\t"
      "vmax.s32 q0, q0, q6\n\t"
      "vadd.i32 q1, q1, r2\n\t"
      "vmin.s32 q0, q0, q7\n\t"
      "vmax.s32 q1, q1, q6\n\t"
      "add r0, r7, r4\n\t"
      "vmin.s32 q1, q1, q7\n\t"
      "vpstt\n\t"
      "vstrbt.32 q0, [r7]\n\t"
      "vstrbt.32 q1, [r0]\n\t"
      "add r7, r0, r4\n\t"
      "add r3, r6\n\t"
      "cmp r7, r8\n\t"
      "bne 1b\n\t"
      // The next channels.
      "ldr r0, [r11, #36]\n\t"
      "add r8, #4\n\t"
      "str r8, [r11, #16]\n\t"
      "str r5, [r11, #20]\n\t"
      "adds r0, #4\n\t"
      "ldr r6, [r11, #52]\n\t"
      "str r0, [r11, #36]\n\t"
      "subs r6, #4\n\t"
      "str r6, [r11, #52]\n\t"
      "bgt.w 0b\n\t"
      "pop {r7, r11}\n\t"
      : "+r"(at)
      :
      : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc", "q0", "q1", "q2",
        "q3", "q4", "q5", "q6", "q7", "p0", "memory");
}

/** One pixel; reads no further than its window. */
static __attribute__((noinline)) void convolve_one(const cortex_m_run *of, int32_t taps,
                                                   const int8_t *window, int8_t *output) {
  const int32_t block = cortex_m_vectors_mve(taps) * CORTEX_M_MVE_BLOCK;
  const int32x4_t minimum = vdupq_n_s32(of->minimum);
  const int32x4_t maximum = vdupq_n_s32(of->maximum);
  const int8_t *weight = of->weight;
  for (int32_t channel = 0; channel < of->channels; channel += CORTEX_M_MVE_ROWS) {
    const mve_pred16_t lanes = cortex_m_rows_mve(of->channels, channel);
    int32x4_t value = vldrwq_z_s32(of->kernel_sum + channel, lanes);
    value = cortex_m_products_mve(window, weight, taps, value);
    value = cortex_m_requantize_right_mve(value, vldrwq_z_s32(of->multipliers + channel, lanes),
                                          vldrwq_z_s32(of->shifts + channel, lanes));
    value = vaddq_n_s32(value, of->output_offset);
    value = vminq_s32(vmaxq_s32(value, minimum), maximum);
    vstrbq_p_s32(output + channel, value, lanes);
    weight += block;
  }
}

void cortex_m_begin_runs_mve(const cortex_m_quantized_conv2d_params *params, const int8_t *weight,
                             const int32_t *kernel_sum, const int32_t *multipliers,
                             const int32_t *shifts, cortex_m_run *run) {
  run->one = 1;
  run->output_offset = params->output_offset;
  run->weight = weight;
  run->kernel_sum = kernel_sum;
  run->multipliers = multipliers;
  run->shifts = shifts;
  run->channels = params->output.c;
  run->minimum = params->activation_min;
  run->maximum = params->activation_max;
  run->taps = params->filter.h * params->filter.w * params->filter.c;
  run->vectors = cortex_m_vectors_mve(run->taps) - 1;
}

void cortex_m_run_mve(cortex_m_run *run, const cortex_m_pixels *pixels) {
  const int32_t paired = (pixels->padded < pixels->count ? pixels->padded : pixels->count) & ~1;
  if (paired > 0) {
    const int8_t *const weight = run->weight;
    const int32_t channels = run->channels;
    run->window = pixels->window;
    run->window_1 = pixels->window + run->window_step;
    run->output = pixels->output;
    run->end = pixels->output + paired * run->output_step;
    convolve(run);
    // The assembly has moved them on, the tables by whole vectors.
    const int32_t moved = (channels + 3) & ~3;
    run->weight = weight;
    run->channels = channels;
    run->kernel_sum -= moved;
    run->multipliers -= moved;
    run->shifts -= moved;
  }
  for (int32_t pixel = paired; pixel < pixels->count; ++pixel) {
    convolve_one(run, run->taps, pixels->window + pixel * run->window_step,
                 pixels->output + pixel * run->output_step);
  }
}
