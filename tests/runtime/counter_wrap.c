// SPDX-License-Identifier: Apache-2.0
// The instruction counter stays right when the 24 bits of SysTick wrap: over many wraps, and at one
// with and without interrupts masked.
#include "cortex_m/runtime.h"
#include "runtime/symbols.h"
#include "tests/runtime/busy.h"

#define READINGS 3000u

static uint64_t period(void) {
  return ((uint64_t)1000000000u << 24) / CORTEX_M_SYMBOL_VALUE(__cortex_m_systick_hz);
}

// Reads all around the next wrap: time never goes back and never jumps.
static int check_wrap(int masked) {
  const uint64_t now = cortex_m_instructions();
  const uint64_t wrap = (now / period() + 1) * period();
  busy((uint32_t)((wrap - now) / BUSY_INSTRUCTIONS_PER_ROUND) - 200u);
  if (masked) {
    __asm__ volatile("cpsid i");
  }
  uint64_t previous = cortex_m_instructions();
  const uint64_t first = previous;
  uint64_t longest = 0;
  int backwards = 0;
  for (unsigned reading = 0; reading < READINGS || previous < wrap; ++reading) {
    const uint64_t next = cortex_m_instructions();
    backwards += next < previous;
    longest = next - previous > longest ? next - previous : longest;
    previous = next;
  }
  __asm__ volatile("cpsie i");
  const uint64_t after = cortex_m_instructions();
  const int ok = first < wrap && previous >= wrap && !backwards && longest < 2000 &&
                 after >= previous && after < previous + 2000;
  cortex_m_printf("wrap with interrupts %s: from %llu to %llu, longest step %u: %s\n",
                  masked ? "masked" : "on", (unsigned long long)(first - wrap + period()),
                  (unsigned long long)(previous - wrap), (unsigned)longest, ok ? "ok" : "FAILED");
  return ok;
}

int main(void) {
  const uint32_t rounds = 5000000u;
  const uint64_t expected = (uint64_t)BUSY_INSTRUCTIONS_PER_ROUND * rounds;
  const uint64_t start = cortex_m_instructions();
  busy(rounds);
  const uint64_t got = cortex_m_instructions() - start;
  // Beside reading the counter there are the exceptions at the wraps, some instructions each.
  const int ok = got + 300 >= expected && got < expected + 1000;
  cortex_m_printf("loop of %llu instructions: counted %llu: %s\n", (unsigned long long)expected,
                  (unsigned long long)got, ok ? "ok" : "FAILED");
  const int wraps_ok = check_wrap(0) & check_wrap(1);
  cortex_m_printf("counter wrap %s\n", ok && wraps_ok ? "ok" : "FAILED");
  return !(ok && wraps_ok);
}
