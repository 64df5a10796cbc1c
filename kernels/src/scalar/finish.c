// SPDX-License-Identifier: Apache-2.0
#include "requantize.h"

#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1

#include <stddef.h>

#include "armv6m.h"

_Static_assert(offsetof(cortex_m_channel, kernel_sum) == 0 &&
                   offsetof(cortex_m_channel, multiplier) == 4 &&
                   offsetof(cortex_m_channel, right) == 8 &&
                   offsetof(cortex_m_output, rounding) == 0 &&
                   offsetof(cortex_m_output, minimum) == 4 &&
                   offsetof(cortex_m_output, maximum) == 8,
               "the assembly reads them in this order");

// Assembly because GCC 15 takes 55 instructions an output, this 45, and half the flash: its copy
// inlined into each kernel is 440 bytes.
__attribute__((naked)) void cortex_m_finish_quad(
    const int32_t *sums __attribute__((unused)),
    const cortex_m_channel *channel __attribute__((unused)),
    const cortex_m_output *output __attribute__((unused)), int32_t step __attribute__((unused)),
    int8_t *to __attribute__((unused))) {
  __asm__ volatile(
      ".syntax unified\n\t" CORTEX_M_SAVE
      "mov r12, r3\n\t"
      "ldr r7, [sp, #36]\n\t"
      "mov lr, r7\n\t"
      "ldmia r2!, {r3-r5}\n\t"
      "mov r9, r3\n\t"
      "mov r10, r4\n\t"
      "mov r11, r5\n\t"
      "ldmia r1!, {r2}\n\t"
      "ldmia r0!, {r3-r6}\n\t"
      "adds r3, r3, r2\n\t"
      "adds r4, r4, r2\n\t"
      "adds r5, r5, r2\n\t"
      "adds r6, r6, r2\n\t"
      "push {r3-r6}\n\t"
      "ldmia r1!, {r6, r7}\n\t"
      "uxth r5, r6\n\t"
      "lsrs r6, r6, #16\n\t"
      "movs r0, #64\n\t"
      "lsls r0, r0, #8\n\t"
      "mov r8, r0\n\t"
      "mov r1, lr\n\t"
      "ldr r0, [sp]\n\t" CORTEX_M_FINISH
      "ldr r0, [sp, #4]\n\t" CORTEX_M_FINISH
      "ldr r0, [sp, #8]\n\t" CORTEX_M_FINISH
      "ldr r0, [sp, #12]\n\t" CORTEX_M_FINISH
      "add sp, #16\n\t" CORTEX_M_RESTORE_AND_RETURN);
}

#endif
