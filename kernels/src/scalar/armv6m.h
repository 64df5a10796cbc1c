// SPDX-License-Identifier: Apache-2.0
/** Pieces of assembly for Armv6-M and Armv8-M Baseline. Private. */
#ifndef CORTEX_M_KERNELS_ARMV6M_SCALAR_H
#define CORTEX_M_KERNELS_ARMV6M_SCALAR_H

/** Keeps the caller's registers; 36 bytes of stack. */
#define CORTEX_M_SAVE    \
  "push {r4-r7, lr}\n\t" \
  "mov r4, r8\n\t"       \
  "mov r5, r9\n\t"       \
  "mov r6, r10\n\t"      \
  "mov r7, r11\n\t"      \
  "push {r4-r7}\n\t"

#define CORTEX_M_RESTORE_AND_RETURN \
  "pop {r4-r7}\n\t"                 \
  "mov r8, r4\n\t"                  \
  "mov r9, r5\n\t"                  \
  "mov r10, r6\n\t"                 \
  "mov r11, r7\n\t"                 \
  "pop {r4-r7, pc}\n\t"

/**
 * Adds the products in r6 and r7 to high and all (pairs.h) in r8 and r9, and in r10 and r11.
 * r12: 2^15.
 */
#define CORTEX_M_ACCUMULATE \
  "add r6, r12\n\t"         \
  "add r9, r6\n\t"          \
  "asrs r6, r6, #16\n\t"    \
  "add r8, r6\n\t"          \
  "add r7, r12\n\t"         \
  "add r11, r7\n\t"         \
  "asrs r7, r7, #16\n\t"    \
  "add r10, r7\n\t"

/**
 * cortex_m_finish (requantize.h) of r0, stored where r1 points, which goes on by r12.
 * r5, r6: the multiplier's lower and upper half. r7: right. r8: 2^14. r9: rounding. r10, r11:
 * minimum and maximum. r2 to r4 are free.
 */
#define CORTEX_M_FINISH       \
  "uxth r2, r0\n\t"           \
  "asrs r0, r0, #16\n\t"      \
  "movs r3, r2\n\t"           \
  "muls r3, r5\n\t"           \
  "lsrs r3, r3, #16\n\t"      \
  "movs r4, r0\n\t"           \
  "muls r4, r5\n\t"           \
  "adds r3, r3, r4\n\t"       \
  "muls r2, r6\n\t"           \
  "uxth r4, r3\n\t"           \
  "adds r2, r2, r4\n\t"       \
  "asrs r3, r3, #16\n\t"      \
  "muls r0, r6\n\t"           \
  "adds r0, r0, r3\n\t"       \
  "add r2, r8\n\t"            \
  "asrs r2, r2, #15\n\t"      \
  "lsls r0, r0, #1\n\t"       \
  "adds r0, r0, r2\n\t"       \
  "asrs r2, r0, #31\n\t"      \
  "adds r0, r0, r2\n\t"       \
  "asrs r0, r7\n\t"           \
  "add r0, r9\n\t"            \
  "asrs r0, r0, #1\n\t"       \
  "cmp r0, r10\n\t"           \
  "bge 8f\n\t"                \
  "mov r0, r10\n"             \
  "8:\n\t"                    \
  "cmp r0, r11\n\t"           \
  "ble 9f\n\t"                \
  "mov r0, r11\n"             \
  "9:\n\t"                    \
  "strb r0, [r1]\n\t"         \
  "add r1, r12\n\t"

#endif  // CORTEX_M_KERNELS_ARMV6M_SCALAR_H
