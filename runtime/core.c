// SPDX-License-Identifier: Apache-2.0
#include "runtime/core.h"

#include "runtime/symbols.h"
#include "runtime/system.h"
#include "runtime/vectors.h"

// The stack lies at the bottom of RAM, so that one that overflows leaves RAM instead of overwriting
// data. On Armv8-M the core itself watches the limit. Before that, where nothing is mapped below
// RAM the access faults; elsewhere (other people's RAM, the MPS2 boards' reserved addresses) it
// takes the MPU, if there is one, to make it fault.
static void guard_stack(void) {
#if CORTEX_M_ARMV8
  __asm__ volatile("msr msplim, %0" ::"r"(__cortex_m_stack_limit));
#else
  if ((MPU_TYPE & MPU_TYPE_DREGION) != 0) {
    MPU_RNR = 0;
    MPU_RBAR = CORTEX_M_SYMBOL_VALUE(__cortex_m_stack_limit) -
               CORTEX_M_SYMBOL_VALUE(__cortex_m_guard_bytes);
    MPU_RASR = CORTEX_M_SYMBOL_VALUE(__cortex_m_guard_rasr);
    MPU_CTRL = MPU_CTRL_ENABLE | MPU_CTRL_PRIVDEFENA;
  }
#endif
}

static void enable_faults(void) {
#if CORTEX_M_MAINLINE
  SHCSR |= SHCSR_MEMFAULTENA | SHCSR_BUSFAULTENA | SHCSR_USGFAULTENA;
#if CORTEX_M_ARMV8
  SHCSR |= SHCSR_SECUREFAULTENA;
#endif
#endif
#ifndef __ARM_FEATURE_UNALIGNED
  // The core this is compiled for faults on an unaligned access: so must a larger one.
  if (cortex_m_core_is_mainline()) {
    CCR |= CCR_UNALIGN_TRP;
  }
#endif
}

void cortex_m_core_set_up(void) {
#if CORTEX_M_MAINLINE || CORTEX_M_ARMV8
  VTOR = (uint32_t)(uintptr_t)&cortex_m_vectors;
#endif
  guard_stack();
  enable_faults();
#if defined(__ARM_FEATURE_MVE)
  CCR |= CCR_LOB;
#endif
#if CORTEX_M_COPROCESSOR
  CPACR |= CPACR_CP10_CP11;
#endif
  __asm__ volatile("dsb\n\tisb" ::: "memory");
}
