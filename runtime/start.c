// SPDX-License-Identifier: Apache-2.0
// From reset to main().
#include "cortex_m/runtime.h"
#include "runtime/core.h"
#include "runtime/counter.h"
#include "runtime/memory.h"
#include "runtime/symbols.h"
#include "runtime/vectors.h"

#include <stdint.h>

int main(void);

// Volatile keeps the compiler from turning the loops into calls of the C library (which may use
// the stack being painted) or into vector code (before the vector unit is on).
static void copy_words(volatile uint32_t *to, const uint32_t *end, const uint32_t *from) {
  while (to < end) {
    *to++ = *from++;
  }
}

static void fill_words(volatile uint32_t *to, const uint32_t *end, uint32_t value) {
  while (to < end) {
    *to++ = value;
  }
}

// Not inlined: its prologue may save floating-point registers, which have to be on by then.
__attribute__((noinline)) static _Noreturn void run(void) {
  for (void (*const *function)(void) = __cortex_m_init_array_start;
       function < __cortex_m_init_array_end; ++function) {
    (*function)();
  }
  if (cortex_m_counter_start != 0) {
    cortex_m_counter_start();
  }
  cortex_m_exit(main());
}

_Noreturn void Reset_Handler(void) {
  uint32_t *stack;
  __asm__ volatile("mov %0, sp" : "=r"(stack));
  fill_words(__cortex_m_stack_limit, stack, CORTEX_M_STACK_PAINT);
  cortex_m_core_set_up();
  copy_words(__cortex_m_data_start, __cortex_m_data_end, __cortex_m_data_load);
  fill_words(__cortex_m_bss_start, __cortex_m_bss_end, 0);
  run();
}
