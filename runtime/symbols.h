// SPDX-License-Identifier: Apache-2.0
// Symbols the linker script defines. Board parameters come this way too, as addresses, so that
// one build of the runtime serves every board.
#ifndef CORTEX_M_RUNTIME_SYMBOLS_H_
#define CORTEX_M_RUNTIME_SYMBOLS_H_

#include <stdint.h>

extern uint32_t __cortex_m_stack_limit[];  // lowest address of the stack
extern uint32_t __cortex_m_stack_top[];
extern const uint32_t __cortex_m_data_load[];
extern uint32_t __cortex_m_data_start[];
extern uint32_t __cortex_m_data_end[];
extern uint32_t __cortex_m_bss_start[];
extern uint32_t __cortex_m_bss_end[];
extern uint32_t __cortex_m_ram_end[];
extern void (*const __cortex_m_init_array_start[])(void);
extern void (*const __cortex_m_init_array_end[])(void);

// Numbers: only the address means anything.
extern const char __cortex_m_flash_bytes[];
extern const char __cortex_m_ram_bytes[];
extern const char __cortex_m_guard_bytes[];  // region below the stack that the MPU forbids
extern const char __cortex_m_guard_rasr[];
extern const char __cortex_m_systick_hz[];
extern const char __cortex_m_console_base[];
extern const char __cortex_m_console_divisor[];

#define CORTEX_M_SYMBOL_VALUE(symbol) ((uint32_t)(uintptr_t)(symbol))

#endif  // CORTEX_M_RUNTIME_SYMBOLS_H_
