// SPDX-License-Identifier: Apache-2.0
// Calls to the debugger or emulator (Arm "Semihosting for AArch32 and AArch64").
#ifndef CORTEX_M_RUNTIME_SEMIHOSTING_H_
#define CORTEX_M_RUNTIME_SEMIHOSTING_H_

#include <stdint.h>

#define SEMIHOSTING_OPEN 0x01
#define SEMIHOSTING_CLOSE 0x02
#define SEMIHOSTING_WRITE0 0x04
#define SEMIHOSTING_READ 0x06
#define SEMIHOSTING_GET_CMDLINE 0x15
#define SEMIHOSTING_EXIT 0x18
#define SEMIHOSTING_EXIT_EXTENDED 0x20

// The breakpoint that is a call: `bkpt 0xAB`.
#define SEMIHOSTING_BREAKPOINT 0xBEABu

// Makes a call. Returns what the host returned, -1 when nobody answers.
int32_t cortex_m_semihosting_call(uint32_t operation, uintptr_t argument);

#endif  // CORTEX_M_RUNTIME_SEMIHOSTING_H_
