// SPDX-License-Identifier: Apache-2.0
// A run function as a plan has one, whose steps execute known numbers of instructions, loads and
// stores. The numbers are in test_counts.py.
#include <stdint.h>

#include "cortex_m/runtime.h"
#include "runtime/system.h"

void known_run(void);
void known_step_0(void);
void known_step_1(void);
void known_step_2(void);
void known_step_3(void);
void known_step_4(void);
void shared(void);

// 4 + 16000 * 2 instructions.
__attribute__((naked, noinline)) void known_step_0(void) {
  __asm__ volatile(
      ".syntax unified\n"
      "movs r0, #250\n"
      "lsls r0, r0, #6\n"
      "1:\n"
      "subs r0, #1\n"
      "bne 1b\n"
      "nop\n"
      "bx lr\n");
}

// Ten rounds of loads and stores of each width, and of lists.
__attribute__((naked, noinline)) void known_step_1(void) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r4, r5, r6, lr}\n"
      "sub sp, #16\n"
      "movs r4, #10\n"
      "1:\n"
      "mov r0, sp\n"
      "ldrb r1, [r0, #1]\n"
      "ldrh r1, [r0, #2]\n"
      "ldr r1, [r0, #4]\n"
      "strb r1, [r0, #1]\n"
      "strh r1, [r0, #2]\n"
      "str r1, [r0, #4]\n"
      "ldmia r0!, {r1, r2, r3, r5}\n"
      "mov r0, sp\n"
      "stmia r0!, {r1, r2, r3}\n"
      "subs r4, #1\n"
      "bne 1b\n"
      "add sp, #16\n"
      "pop {r4, r5, r6, pc}\n");
}

// Leaves through a function that another step calls: the instructions belong to who called.
__attribute__((naked, noinline)) void shared(void) {
  __asm__ volatile(
      ".syntax unified\n"
      "nop\n"
      "nop\n"
      "bx lr\n");
}

__attribute__((naked, noinline)) void known_step_2(void) {
  __asm__ volatile(
      ".syntax unified\n"
      "push {r3, lr}\n"
      "bl shared\n"
      "bl shared\n"
      "pop {r3, pc}\n");
}

__attribute__((naked, noinline)) void known_step_3(void) {
  __asm__ volatile(
      ".syntax unified\n"
      "ldr r0, =shared\n"
      "bx r0\n"
      ".ltorg\n");
}

// Skipped instructions; pairs; vectors: whole, of a tail, gathered.
__attribute__((naked, noinline)) void known_step_4(void) {
  __asm__ volatile(
      ".syntax unified\n"
#if CORTEX_M_MAINLINE
      "cmp sp, #0\n"
      "it eq\n"
      "ldreq r0, [sp]\n"
      "sub sp, #32\n"
      "ldrd r0, r1, [sp]\n"
      "strd r0, r1, [sp]\n"
#if defined(__ARM_FEATURE_MVE)
      "mov r2, lr\n"
      "mov r0, sp\n"
      "vldrw.u32 q0, [r0]\n"
      "vstrb.8 q0, [r0]\n"
      "movs r1, #20\n"
      "dlstp.8 lr, r1\n"
      "1:\n"
      "vldrb.u8 q0, [r0]\n"
      "letp lr, 1b\n"
      "vmov.i32 q0, #4\n"
      "vldrw.u32 q1, [r0, q0]\n"
      "mov lr, r2\n"
#endif
      "add sp, #32\n"
#endif
      "bx lr\n");
}

__attribute__((noinline)) void known_run(void) {
  known_step_0();
  known_step_1();
  known_step_2();
  known_step_3();
  known_step_4();
}

int main(void) {
  known_run();
  // With interrupts all along: they belong to no step.
  SYST_RVR = 50;
  SYST_CVR = 0;
  known_run();
  SYST_RVR = 0xFFFFFF;
  SYST_CVR = 0;
  const uint64_t start = cortex_m_instructions();
  const uint64_t before = cortex_m_instructions();
  known_run();
  const uint64_t after = cortex_m_instructions();
  const uint32_t reading = (uint32_t)(before - start);
  cortex_m_printf("counted %u\n", (unsigned)((uint32_t)(after - before) - reading));
  return 0;
}
