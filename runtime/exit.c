// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/runtime.h"
#include "runtime/semihosting.h"

#include <stdint.h>

#define STOPPED_RUN_TIME_ERROR 0x20023u
#define STOPPED_APPLICATION_EXIT 0x20026u

void cortex_m_exit(int status) {
  if (status < 0 || status > 255) {
    status = 255;
  }
  uint32_t block[2] = {STOPPED_APPLICATION_EXIT, (uint32_t)status};
  cortex_m_semihosting_call(SEMIHOSTING_EXIT_EXTENDED, (uintptr_t)block);
  // Reached if the host knows only the older call, which cannot say which failure it was.
  cortex_m_semihosting_call(SEMIHOSTING_EXIT,
                            status == 0 ? STOPPED_APPLICATION_EXIT : STOPPED_RUN_TIME_ERROR);
  for (;;) {
    __asm__ volatile("wfi");
  }
}
