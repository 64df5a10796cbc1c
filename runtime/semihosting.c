// SPDX-License-Identifier: Apache-2.0
#include "runtime/semihosting.h"

int32_t cortex_m_semihosting_call(uint32_t operation, uintptr_t argument) {
  register uintptr_t r0 __asm__("r0") = operation;
  register uintptr_t r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
  return (int32_t)r0;
}
