// SPDX-License-Identifier: Apache-2.0
// Report of faults and of exceptions nobody handles.
#include "runtime/fault.h"

#include "cortex_m/runtime.h"
#include "runtime/semihosting.h"
#include "runtime/symbols.h"
#include "runtime/system.h"
#include "runtime/vectors.h"

#define EXCEPTION_HARD_FAULT 3u
#define EXCEPTION_SECURE_FAULT 7u

#define CFSR_MSTKERR (1u << 4)
#define CFSR_STKERR (1u << 12)
#define CFSR_STKOF (1u << 20)

struct cause {
  uint8_t bit;
  const char *text;
};

static const struct cause causes[] = {
    {0, "instruction fetch not permitted"},
    {1, "data access not permitted"},
    {3, "unstacking not permitted"},
    {5, "floating-point state not preserved"},
    {8, "instruction bus error"},
    {9, "data bus error"},
    {10, "data bus error (imprecise: pc is later)"},
    {11, "unstacking bus error"},
    {13, "floating-point state bus error"},
    {16, "undefined instruction"},
    {17, "no Thumb state"},
    {18, "invalid exception return"},
    {19, "no coprocessor (FPU or MVE off or absent)"},
    {24, "unaligned access"},
    {25, "division by zero"},
};

static const char *exception_name(uint32_t number) {
  static const char *const names[] = {
      "NMI", "HardFault", "MemManage", "BusFault", "UsageFault", "SecureFault",
  };
  const uint32_t index = number - 2;  // after the stack pointer and reset
  return index < sizeof names / sizeof names[0] ? names[index] : "exception without a handler";
}

static void write_hex(const char *name, uint32_t value) {
  char text[11] = "0x";
  for (int digit = 0; digit < 8; ++digit) {
    text[2 + digit] = "0123456789abcdef"[value >> (28 - 4 * digit) & 0xFu];
  }
  text[10] = '\0';
  cortex_m_write(name);
  cortex_m_write(text);
}

static int frame_is_readable(const struct cortex_m_frame *frame) {
  return (uintptr_t)frame % sizeof(uint32_t) == 0 &&
         (uintptr_t)frame >= (uintptr_t)__cortex_m_stack_limit &&
         (uintptr_t)(frame + 1) <= (uintptr_t)__cortex_m_ram_end;
}

static int is_stack_overflow(const struct cortex_m_frame *frame, uint32_t cfsr) {
  return (uintptr_t)frame < (uintptr_t)__cortex_m_stack_limit ||
         (cfsr & (CFSR_MSTKERR | CFSR_STKERR | CFSR_STKOF)) != 0;
}

static void write_causes(uint32_t cfsr) {
  for (uint32_t index = 0; index < sizeof causes / sizeof causes[0]; ++index) {
    if ((cfsr >> causes[index].bit & 1u) != 0) {
      cortex_m_write(": ");
      cortex_m_write(causes[index].text);
    }
  }
}

static void write_frame(const struct cortex_m_frame *frame) {
  write_hex("  pc ", frame->pc);
  write_hex("  lr ", frame->lr);
  write_hex("  xpsr ", frame->xpsr);
  write_hex("\n  r0 ", frame->r0);
  write_hex("  r1 ", frame->r1);
  write_hex("  r2 ", frame->r2);
  write_hex("  r3 ", frame->r3);
  write_hex("  r12 ", frame->r12);
  cortex_m_write("\n");
}

// A semihosting call with no debugger there. A real board goes on: the call answers -1.
static int skip_semihosting(struct cortex_m_frame *frame) {
  const uint32_t image = (uint32_t)(uintptr_t)&cortex_m_vectors;
  if (frame->pc - image >= CORTEX_M_SYMBOL_VALUE(__cortex_m_flash_bytes) ||
      *(const uint16_t *)(uintptr_t)frame->pc != SEMIHOSTING_BREAKPOINT) {
    return 0;
  }
  frame->r0 = UINT32_MAX;
  frame->pc += 2;
  return 1;
}

void cortex_m_fault(struct cortex_m_frame *frame, uint32_t exc_return, uint32_t stack) {
  const int mainline = cortex_m_core_is_mainline();
  const uint32_t cfsr = mainline ? CFSR : 0;
  uint32_t number;
  __asm__ volatile("mrs %0, ipsr" : "=r"(number));
  const int readable = frame_is_readable(frame);
  const int overflow = is_stack_overflow(frame, cfsr);

  if (number == EXCEPTION_HARD_FAULT && readable && !overflow && cfsr == 0 &&
      stack >= (uintptr_t)__cortex_m_stack_limit + CORTEX_M_FAULT_STACK_BYTES &&
      skip_semihosting(frame)) {
    return;
  }

  cortex_m_write("\nFAULT: ");
  cortex_m_write(exception_name(number));
  if (overflow) {
    cortex_m_write(": stack overflow");  // the other causes follow from it
  } else {
    write_causes(cfsr);
  }
  write_hex("\n  exception ", number);
  write_hex("  exc_return ", exc_return);
  write_hex("  sp ", stack);
  cortex_m_write("\n");
  if (readable && !overflow) {
    write_frame(frame);
  } else {
    cortex_m_write("  the registers could not be stacked\n");
  }
  if (mainline) {
    write_hex("  cfsr ", cfsr);
    write_hex("  hfsr ", HFSR);
    write_hex("  mmfar ", MMFAR);
    write_hex("  bfar ", BFAR);
    cortex_m_write("\n");
  }
  if (CORTEX_M_ARMV8 && number == EXCEPTION_SECURE_FAULT) {
    write_hex("  sfsr ", SFSR);
    write_hex("  sfar ", SFAR);
    cortex_m_write("\n");
  }
  cortex_m_exit(CORTEX_M_STATUS_FAULT);
}
