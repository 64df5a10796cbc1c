// SPDX-License-Identifier: Apache-2.0
#ifndef CORTEX_M_RUNTIME_CORE_H_
#define CORTEX_M_RUNTIME_CORE_H_

// Sets up the core: stack guard, faults, floating-point and vector unit.
void cortex_m_core_set_up(void);

#endif  // CORTEX_M_RUNTIME_CORE_H_
