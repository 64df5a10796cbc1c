// SPDX-License-Identifier: Apache-2.0
/** Copies and fills of bytes with MVE; each returns where it ends. Private. */
#ifndef CORTEX_M_KERNELS_COPY_MVE_H
#define CORTEX_M_KERNELS_COPY_MVE_H

#include <stdint.h>

// In assembly: GCC 15 makes no tail-predicated loops of intrinsics with a count that may be 0.

static inline __attribute__((always_inline)) int8_t *cortex_m_copy_mve(int8_t *to,
                                                                       const int8_t *from,
                                                                       int32_t count) {
  int8_t *at = to;
  __asm__ volatile(
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n\t"
      "vldrb.8 q0, [%[from]], #16\n\t"
      "vstrb.8 q0, [%[at]], #16\n\t"
      "letp lr, 1b\n"
      "2:\n\t"
      : [at] "+r"(at), [from] "+r"(from)
      : [count] "r"(count)
      : "lr", "q0", "memory");
  return to + count;
}

static inline __attribute__((always_inline)) int8_t *cortex_m_fill_mve(int8_t *to, int32_t value,
                                                                       int32_t count) {
  int8_t *at = to;
  __asm__ volatile(
      "vdup.8 q0, %[value]\n\t"
      "wlstp.8 lr, %[count], 2f\n"
      "1:\n\t"
      "vstrb.8 q0, [%[at]], #16\n\t"
      "letp lr, 1b\n"
      "2:\n\t"
      : [at] "+r"(at)
      : [value] "r"(value), [count] "r"(count)
      : "lr", "q0", "memory");
  return to + count;
}

#endif  // CORTEX_M_KERNELS_COPY_MVE_H
