// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_RUNTIME_COUNTER_H_
#define CORTEX_M_RUNTIME_COUNTER_H_

// Starts the counter. Weak: null in an image that does not count.
__attribute__((weak)) void cortex_m_counter_start(void);

#endif  // CORTEX_M_RUNTIME_COUNTER_H_
