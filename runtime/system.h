// SPDX-License-Identifier: Apache-2.0
// System registers of the M profile, and what the compiled-for architecture has of them.
#ifndef CORTEX_M_RUNTIME_SYSTEM_H_
#define CORTEX_M_RUNTIME_SYSTEM_H_

#include <stdint.h>

#define CORTEX_M_REGISTER(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SYST_CSR CORTEX_M_REGISTER(0xE000E010u)
#define SYST_RVR CORTEX_M_REGISTER(0xE000E014u)
#define SYST_CVR CORTEX_M_REGISTER(0xE000E018u)
#define CPUID CORTEX_M_REGISTER(0xE000ED00u)
#define ICSR CORTEX_M_REGISTER(0xE000ED04u)
#define VTOR CORTEX_M_REGISTER(0xE000ED08u)
#define CCR CORTEX_M_REGISTER(0xE000ED14u)
#define SHCSR CORTEX_M_REGISTER(0xE000ED24u)
#define CFSR CORTEX_M_REGISTER(0xE000ED28u)
#define HFSR CORTEX_M_REGISTER(0xE000ED2Cu)
#define MMFAR CORTEX_M_REGISTER(0xE000ED34u)
#define BFAR CORTEX_M_REGISTER(0xE000ED38u)
#define CPACR CORTEX_M_REGISTER(0xE000ED88u)
#define MPU_TYPE CORTEX_M_REGISTER(0xE000ED90u)
#define MPU_CTRL CORTEX_M_REGISTER(0xE000ED94u)
#define MPU_RNR CORTEX_M_REGISTER(0xE000ED98u)
#define MPU_RBAR CORTEX_M_REGISTER(0xE000ED9Cu)
#define MPU_RASR CORTEX_M_REGISTER(0xE000EDA0u)
#define SFSR CORTEX_M_REGISTER(0xE000EDE4u)
#define SFAR CORTEX_M_REGISTER(0xE000EDE8u)

#define SYST_CSR_ENABLE (1u << 0)
#define SYST_CSR_TICKINT (1u << 1)
#define SYST_CSR_CLKSOURCE (1u << 2)
#define ICSR_PENDSTSET (1u << 26)
#define CCR_UNALIGN_TRP (1u << 3)
#define CCR_LOB (1u << 19)
#define SHCSR_MEMFAULTENA (1u << 16)
#define SHCSR_BUSFAULTENA (1u << 17)
#define SHCSR_USGFAULTENA (1u << 18)
#define SHCSR_SECUREFAULTENA (1u << 19)
#define MPU_TYPE_DREGION (0xFFu << 8)
#define MPU_CTRL_ENABLE (1u << 0)
#define MPU_CTRL_PRIVDEFENA (1u << 2)
#define CPACR_CP10_CP11 (0xFu << 20)

// Armv6-M and Armv8-M Baseline have HardFault alone; the Mainlines tell faults apart.
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#define CORTEX_M_MAINLINE 0
#else
#define CORTEX_M_MAINLINE 1
#endif

// A stack limit register, and with it the Security Extension's fault.
#if __ARM_ARCH >= 8
#define CORTEX_M_ARMV8 1
#else
#define CORTEX_M_ARMV8 0
#endif

#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
#define CORTEX_M_COPROCESSOR 1
#else
#define CORTEX_M_COPROCESSOR 0
#endif

// Whether the core is a Mainline one, whatever the image was compiled for: an emulator runs
// Armv6-M images on an M3 and Armv8-M Baseline images on an M33.
static inline int cortex_m_core_is_mainline(void) { return (CPUID >> 16 & 0xFu) == 0xFu; }

#endif  // CORTEX_M_RUNTIME_SYSTEM_H_
