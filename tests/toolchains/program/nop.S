// SPDX-License-Identifier: Apache-2.0
#if !defined(__thumb__)
#error "Cortex-M runs Thumb code only"
#endif
    .syntax unified
    .section .text.nop, "ax"
    .global nop
    .type nop, %function
nop:
    bx lr
    .size nop, . - nop
