// SPDX-License-Identifier: Apache-2.0
// An application handles exceptions by defining their handlers, and interrupts by adding a table.
#include "cortex_m/runtime.h"
#include "runtime/system.h"

#define NVIC_ISER CORTEX_M_REGISTER(0xE000E100u)
#define NVIC_ISPR CORTEX_M_REGISTER(0xE000E200u)
#define INTERRUPT 3u

static volatile int supervisor_calls;
static volatile int interrupts;

void SVC_Handler(void);
void SVC_Handler(void) { supervisor_calls = supervisor_calls + 1; }

static void handle_interrupt(void) { interrupts = interrupts + 1; }

__attribute__((section(".vectors.interrupts"), used)) static void (*const table[])(void) = {
    0, 0, 0, handle_interrupt,
};

int main(void) {
  __asm__ volatile("svc #0" ::: "memory");
  NVIC_ISER = 1u << INTERRUPT;
  NVIC_ISPR = 1u << INTERRUPT;
  __asm__ volatile("dsb\n\tisb" ::: "memory");
  cortex_m_printf("supervisor calls %d, interrupts %d\n", supervisor_calls, interrupts);
  return supervisor_calls != 1 || interrupts != 1;
}
