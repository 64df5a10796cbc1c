// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_RUNTIME_MEMORY_H_
#define CORTEX_M_RUNTIME_MEMORY_H_

// What start-up fills the unused stack with.
#define CORTEX_M_STACK_PAINT 0xA5C3A5C3u

#endif  // CORTEX_M_RUNTIME_MEMORY_H_
