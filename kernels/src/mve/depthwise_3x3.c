// SPDX-License-Identifier: Apache-2.0
#include "depthwise_3x3.h"

#include <arm_mve.h>
#include <stddef.h>

_Static_assert(offsetof(cortex_m_channel_mve, kernel_sum) == 16 &&
                   sizeof(cortex_m_channel_mve) == 32,
               "the assembly knows the places");

_Static_assert(offsetof(cortex_m_depthwise_walk_mve, step) == 12 &&
                   offsetof(cortex_m_depthwise_walk_mve, channels) == 36 &&
                   offsetof(cortex_m_depthwise_walk_mve, columns) == 48,
               "the assembly knows the places");

// Requantizes vectors q6 (and q7) with the scalars of the channel at r11.
#define SCALARS                   \
  "ldrd r0, r2, [r11, #16]\n\t"   \
  "ldrd r4, r6, [r11, #24]\n\t"   \
  "mov r8, #1\n\t"
#define REQUANTIZE(q)                         \
  "vadd.i32 " q ", " q ", r0\n\t"             \
  "vqrdmulh.s32 " q ", " q ", r2\n\t"         \
  "vqdmlah.s32 " q ", " q ", r8\n\t"          \
  "vrshl.s32 " q ", r4\n\t"
// int32 at even int16 (and others at odd ones) to int8 at even bytes, within the bounds if those
// are not int8's.
#define NARROW                        \
  "vqadd.s16 q6, q6, r6\n\t"          \
  "lsls r6, r6, #16\n\t"              \
  "vqmovnb.s16 q6, q6\n\t"            \
  "bcc 7f\n\t"                        \
  "ldr r0, [sp]\n\t"                  \
  "ldrd r2, r4, [r0, #40]\n\t"        \
  "vdup.8 q7, r2\n\t"                 \
  "vmax.s8 q6, q6, q7\n\t"            \
  "vdup.8 q7, r4\n\t"                 \
  "vmin.s8 q6, q6, q7\n"              \
  "7:\n\t"                            \
  "vpst\n\t"                          \
  "vstrbt.16 q6, [r3, q5]\n\t"

// The walk is at r0. Where a channel starts, and where the next one will.
#define CHANNEL                       \
  "ldrd r1, r3, [r0]\n\t"             \
  "vldrw.u32 q0, [r11]\n\t"           \
  "adds r2, r1, #4\n\t"               \
  "adds r4, r3, #1\n\t"               \
  "strd r2, r4, [r0]\n\t"
#define NEXT_CHANNEL                  \
  "ldr r2, [r0, #36]\n\t"             \
  "add r11, #32\n\t"                  \
  "subs r2, #1\n\t"                   \
  "str r2, [r0, #36]\n\t"             \
  "bne.w 0b\n\t"

// Four columns of four rows against the window at their four places.
#define QUAD(a, b, c, d)              \
  "vldrw.u32 q6, [r1, q4]\n\t"        \
  "vmladav.s8 " a ", q6, q0\n\t"      \
  "vmladav.s8 " b ", q6, q1\n\t"      \
  "add r1, r9\n\t"                    \
  "vmladav.s8 " c ", q6, q2\n\t"      \
  "vmladav.s8 " d ", q6, q3\n\t"

/**
 * Outputs of 2 x 2 pixels, two at a time; of the rest one.
 *
 * In assembly: eight sums need every even register.
 */
void cortex_m_depthwise_quads_mve(cortex_m_depthwise_walk_mve *of) {
  register cortex_m_depthwise_walk_mve *at __asm__("r0") = of;
  __asm__ volatile(
      "push {r7, r11}\n\t"
      "push {r0}\n\t"
      "vldrw.u32 q4, [r0, #48]\n\t"
      "vldrw.u32 q5, [r0, #64]\n\t"
      "ldrd r11, r9, [r0, #8]\n\t"
      "ldr r7, [r0, #16]\n"
      "0:\n\t"
      CHANNEL
      "ldrd r5, r2, [r0, #20]\n\t"
      "movs r6, #0\n\t"
      "vmov q1, q0\n\t"
      "vshlc q1, r6, #32\n\t"
      "vshl.i32 q2, q0, #8\n\t"
      "vmsr p0, r2\n\t"
      "vshl.i32 q3, q1, #8\n\t"
      "cmp r5, #0\n\t"
      "beq.w 2f\n"
      "1:\n\t"
      QUAD("r0", "r2", "r4", "r6")
      QUAD("r8", "r10", "r12", "lr")
      "vmov q6[2], q6[0], r0, r4\n\t"
      "vmov q6[3], q6[1], r2, r6\n\t"
      "vmov q7[2], q7[0], r8, r12\n\t"
      "vmov q7[3], q7[1], r10, lr\n\t"
      SCALARS
      REQUANTIZE("q6")
      REQUANTIZE("q7")
      "vqmovnb.s32 q6, q6\n\t"
      "vqmovnt.s32 q6, q7\n\t"
      NARROW
      "subs r5, #1\n\t"
      "add r3, r7\n\t"
      "bne.w 1b\n"
      "2:\n\t"
      "ldr r0, [sp]\n\t"
      "ldr r4, [r0, #28]\n"
      "3:\n\t"
      "cbz r4, 4f\n\t"
      "vmsr p0, r4\n\t"
      QUAD("r0", "r2", "r4", "r6")
      "vmov q6[2], q6[0], r0, r4\n\t"
      "vmov q6[3], q6[1], r2, r6\n\t"
      SCALARS
      REQUANTIZE("q6")
      "vqmovnb.s32 q6, q6\n\t"
      NARROW
      "ldr r0, [sp]\n\t"
      "cbnz r5, 4f\n\t"
      "add r3, r3, r7, lsr #1\n\t"
      "ldr r4, [r0, #32]\n\t"
      "movs r5, #1\n\t"
      "b 3b\n"
      "4:\n\t"
      NEXT_CHANNEL
      "pop {r0}\n\t"
      "pop {r7, r11}\n\t"
      : "+r"(at)
      :
      : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "cc", "q0", "q1", "q2",
        "q3", "q4", "q5", "q6", "q7", "p0", "memory");
}

// One window.
#define WINDOW(a)                     \
  "vldrw.u32 q6, [r1, q4]\n\t"        \
  "add r1, r9\n\t"                    \
  "vmladav.s8 " a ", q6, q0\n\t"

/** Windows any step apart, four at a time. */
void cortex_m_depthwise_row_mve(cortex_m_depthwise_walk_mve *of) {
  register cortex_m_depthwise_walk_mve *at __asm__("r0") = of;
  __asm__ volatile(
      "push {r7, r11}\n\t"
      "push {r0}\n\t"
      "vldrw.u32 q4, [r0, #48]\n\t"
      "vldrw.u32 q5, [r0, #64]\n\t"
      "ldrd r11, r9, [r0, #8]\n\t"
      "ldr r7, [r0, #16]\n"
      "0:\n\t"
      CHANNEL
      "ldrd r5, r2, [r0, #20]\n\t"
      "ldr r10, [r0, #28]\n\t"
      "vmsr p0, r2\n\t"
      "cbz r5, 2f\n"
      "1:\n\t"
      WINDOW("r0")
      WINDOW("r2")
      WINDOW("r4")
      WINDOW("r6")
      "vmov q6[2], q6[0], r0, r4\n\t"
      "vmov q6[3], q6[1], r2, r6\n\t"
      SCALARS
      REQUANTIZE("q6")
      "vqmovnb.s32 q6, q6\n\t"
      NARROW
      "add r3, r7\n\t"
      "subs r5, #1\n\t"
      "bgt 1b\n"
      "2:\n\t"
      "movs r5, #0\n\t"
      "vmsr p0, r10\n\t"
      "cmp r10, #0\n\t"
      "mov r10, #0\n\t"
      "bne 1b\n\t"
      "ldr r0, [sp]\n\t"
      NEXT_CHANNEL
      "pop {r0}\n\t"
      "pop {r7, r11}\n\t"
      : "+r"(at)
      :
      : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "lr", "cc", "q0", "q4", "q5", "q6",
        "q7", "p0", "memory");
}

void cortex_m_depthwise_prepare_mve(const cortex_m_depthwise_shape_mve *of,
                                    cortex_m_depthwise_walk_mve *to) {
  const int32_t column = 4 * of->channels;
  vst1q_u32(to->columns, vmulq_n_u32(vidupq_n_u32(0, 1), (uint32_t)column));
  to->step = column * (of->quads ? 2 : of->stride);
  to->output_step = 4 * of->output_column;
  to->loops = of->columns >> 2;
  const int32_t rest = of->columns & 3;
  const uint16x8_t lane = vidupq_n_u16(0, 1);
  const uint16x8_t half = vshrq_n_u16(lane, 1);
  // Lane 2 i is output i of the first quad, lane 2 i + 1 of the second; i: row i / 2, column i % 2.
  // Of a row the outputs are in even lanes.
  const uint16x8_t y = of->quads ? vshrq_n_u16(lane, 2) : vdupq_n_u16(0);
  const uint16x8_t quad = vshlq_n_u16(vandq_u16(lane, vdupq_n_u16(1)), 1);
  const uint16x8_t x = of->quads ? vorrq_u16(vandq_u16(half, vdupq_n_u16(1)), quad) : half;
  vst1q_u16(to->outputs, vaddq_u16(vmulq_n_u16(x, (uint16_t)of->output_column),
                                   vmulq_n_u16(y, (uint16_t)of->output_row)));
  const int16x8_t beside = vreinterpretq_s16_u16(x);
  const mve_pred16_t even = 0x3333;
  if (of->quads) {
    const mve_pred16_t rows = vcmpltq_n_s16(vreinterpretq_s16_u16(y), (int16_t)of->rows);
    to->lanes = rows;
    to->rest[0] = rows & even & vcmpltq_n_s16(beside, (int16_t)rest);
    to->rest[1] = rows & even & vcmpltq_n_s16(beside, (int16_t)(rest - 2));
  } else {
    to->lanes = even;
    to->rest[0] = even & vcmpltq_n_s16(beside, (int16_t)rest);
  }
}
