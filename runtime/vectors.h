// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_RUNTIME_VECTORS_H_
#define CORTEX_M_RUNTIME_VECTORS_H_

#include <stdint.h>

// The core's own part of the vector table. Interrupts of a chip may follow it: the linker script
// places the section `.vectors.interrupts` right behind.
struct cortex_m_vector_table {
  const uint32_t *stack_top;
  void (*handlers[15])(void);
};

extern const struct cortex_m_vector_table cortex_m_vectors;

_Noreturn void Reset_Handler(void);

#endif  // CORTEX_M_RUNTIME_VECTORS_H_
