// SPDX-License-Identifier: Apache-2.0
// Instruction counter: SysTick counts the emulator's virtual time, which under `-icount shift=0`
// passes by one nanosecond per instruction. (QEMU's DWT cycle counter reads 0.)
#include "runtime/counter.h"

#include "cortex_m/runtime.h"
#include "runtime/symbols.h"
#include "runtime/system.h"

#define PERIOD_BITS 24
#define PERIOD_MASK 0xFFFFFFu

static volatile uint32_t periods;

void SysTick_Handler(void);
void SysTick_Handler(void) { periods = periods + 1; }

void cortex_m_counter_start(void) {
  SYST_RVR = PERIOD_MASK;
  SYST_CVR = 0;
  SYST_CSR = SYST_CSR_CLKSOURCE | SYST_CSR_TICKINT | SYST_CSR_ENABLE;
}

static uint64_t ticks(void) {
  uint32_t masked;
  __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(masked)::"memory");
  uint32_t counter = SYST_CVR;
  uint32_t wraps = periods;
  if ((ICSR & ICSR_PENDSTSET) != 0) {
    // It wrapped and its exception waits, perhaps because the caller masks interrupts.
    counter = SYST_CVR;
    ++wraps;
  }
  __asm__ volatile("msr primask, %0" ::"r"(masked) : "memory");
  // It counts down, and the tick that reaches 0 is the one that raises the exception.
  return (uint64_t)wraps << PERIOD_BITS | ((0u - counter) & PERIOD_MASK);
}

uint64_t cortex_m_instructions(void) {
  const uint32_t nanoseconds = 1000000000u;
  const uint32_t hz = CORTEX_M_SYMBOL_VALUE(__cortex_m_systick_hz);
  const uint64_t now = ticks();
  // In two parts, because now * nanoseconds overflows after some minutes.
  return now / hz * nanoseconds + now % hz * nanoseconds / hz;
}
