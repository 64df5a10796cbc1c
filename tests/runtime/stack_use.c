// SPDX-License-Identifier: Apache-2.0
// The stack's high-water mark follows the deepest use, and stays.
#include "cortex_m/runtime.h"

#define DEPTH 600u

__attribute__((noinline)) static uint32_t use_stack(uint32_t seed) {
  volatile uint8_t local[DEPTH];
  for (uint32_t index = 0; index < DEPTH; ++index) {
    local[index] = (uint8_t)(seed + index);
  }
  return local[seed % DEPTH];
}

int main(void) {
  const uint32_t total = cortex_m_stack_bytes();
  const uint32_t before = cortex_m_stack_used();
  const uint32_t value = use_stack(total);
  const uint32_t after = cortex_m_stack_used();
  const uint32_t again = cortex_m_stack_used();
  cortex_m_printf("stack of %u: %u, then %u (%u)\n", (unsigned)total, (unsigned)before,
                  (unsigned)after, (unsigned)value);
  const int ok = before > 0 && before < 200 && after >= DEPTH && after < DEPTH + before + 100 &&
                 again == after && after < total;
  cortex_m_printf("stack use %s\n", ok ? "ok" : "FAILED");
  return !ok;
}
