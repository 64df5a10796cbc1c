// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_RUNTIME_FAULT_H_
#define CORTEX_M_RUNTIME_FAULT_H_

#include <stdint.h>

// Stack the report needs.
#define CORTEX_M_FAULT_STACK_BYTES 256

// What the core stacks on entry to an exception.
struct cortex_m_frame {
  uint32_t r0, r1, r2, r3, r12, lr, pc, xpsr;
};

// Handler of every exception without another: see vectors.c.
void cortex_m_fault_entry(void);

// Reports a fault and ends the program. Returns only from a semihosting call nobody answers.
// `stack` is the main stack pointer at entry.
void cortex_m_fault(struct cortex_m_frame *frame, uint32_t exc_return, uint32_t stack);

#endif  // CORTEX_M_RUNTIME_FAULT_H_
