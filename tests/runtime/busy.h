// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_RUNTIME_BUSY_H_
#define TESTS_RUNTIME_BUSY_H_

#include <stdint.h>

#define BUSY_INSTRUCTIONS_PER_ROUND 1000u

// Executes BUSY_INSTRUCTIONS_PER_ROUND * rounds instructions (at least one round), give or take the
// call. Long rounds, because the emulator spends its time at branches.
__attribute__((noinline)) static void busy(uint32_t rounds) {
  __asm__ volatile(
      ".syntax unified\n"
      "1:\n"
      ".rept 997\n"
      "nop\n"
      ".endr\n"
      "subs %0, #1\n"
      "beq 2f\n"
      "b 1b\n"
      "2:\n"
      : "+l"(rounds)::"cc");
}

#endif  // TESTS_RUNTIME_BUSY_H_
