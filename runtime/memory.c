// SPDX-License-Identifier: Apache-2.0
#include "runtime/memory.h"

#include "cortex_m/runtime.h"
#include "runtime/symbols.h"

uint32_t cortex_m_stack_bytes(void) {
  return CORTEX_M_SYMBOL_VALUE(__cortex_m_stack_top) -
         CORTEX_M_SYMBOL_VALUE(__cortex_m_stack_limit);
}

uint32_t cortex_m_stack_used(void) {
  const volatile uint32_t *word = __cortex_m_stack_limit;
  while (word < __cortex_m_stack_top && *word == CORTEX_M_STACK_PAINT) {
    ++word;
  }
  return (uint32_t)((uintptr_t)__cortex_m_stack_top - (uintptr_t)word);
}

uint32_t cortex_m_flash_bytes(void) { return CORTEX_M_SYMBOL_VALUE(__cortex_m_flash_bytes); }

uint32_t cortex_m_ram_bytes(void) { return CORTEX_M_SYMBOL_VALUE(__cortex_m_ram_bytes); }
