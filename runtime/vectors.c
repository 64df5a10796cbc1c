// SPDX-License-Identifier: Apache-2.0
// Vector table. Every handler but Reset is weak: an application defines its own by the same name.
#include "runtime/vectors.h"

#include "runtime/fault.h"
#include "runtime/symbols.h"

// Finds the stacked registers and calls the report in C. If the stack is what failed, the report
// runs on an empty one: nothing goes back to the program then.
__attribute__((naked)) void cortex_m_fault_entry(void) {
  __asm__ volatile(
      "  .syntax unified\n"
      "  mov r1, lr\n"  // EXC_RETURN, bit 2: the registers are on the process stack
      "  mrs r0, msp\n"
      "  mov r2, r0\n"
      "  movs r3, #4\n"
      "  tst r1, r3\n"
      "  beq 1f\n"
      "  mrs r0, psp\n"
      "1:\n"
      "  ldr r3, 3f\n"
      "  cmp r2, r3\n"
      "  bhs 2f\n"
      "  ldr r3, 4f\n"
      "  msr msp, r3\n"
      "2:\n"
      "  push {r2, lr}\n"
      "  bl %c1\n"
      "  pop {r2, pc}\n"
      "  .balign 4\n"
      "3: .word __cortex_m_stack_limit + %c0\n"
      "4: .word __cortex_m_stack_top\n" ::"i"(CORTEX_M_FAULT_STACK_BYTES),
      "i"(cortex_m_fault));
}

#define WEAK_HANDLER(name) \
  void name(void);         \
  void name(void) __attribute__((weak, alias("cortex_m_fault_entry")))

WEAK_HANDLER(NMI_Handler);
WEAK_HANDLER(HardFault_Handler);
WEAK_HANDLER(MemManage_Handler);
WEAK_HANDLER(BusFault_Handler);
WEAK_HANDLER(UsageFault_Handler);
WEAK_HANDLER(SecureFault_Handler);
WEAK_HANDLER(SVC_Handler);
WEAK_HANDLER(DebugMon_Handler);
WEAK_HANDLER(PendSV_Handler);
WEAK_HANDLER(SysTick_Handler);

__attribute__((section(".vectors.core"), used)) const struct cortex_m_vector_table
    cortex_m_vectors = {
        __cortex_m_stack_top,
        {
            Reset_Handler,
            NMI_Handler,
            HardFault_Handler,
            MemManage_Handler,
            BusFault_Handler,
            UsageFault_Handler,
            SecureFault_Handler,
            0,
            0,
            0,
            SVC_Handler,
            DebugMon_Handler,
            0,
            PendSV_Handler,
            SysTick_Handler,
        },
};
