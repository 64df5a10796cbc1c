// SPDX-License-Identifier: Apache-2.0
// The instruction counter agrees with loops of known length, short and long, within one tick.
#include "cortex_m/runtime.h"
#include "runtime/symbols.h"
#include "tests/runtime/busy.h"

static uint32_t instructions_of(uint32_t rounds) {
  const uint64_t start = cortex_m_instructions();
  busy(rounds);
  return (uint32_t)(cortex_m_instructions() - start);
}

int main(void) {
  // Rounded up, and the instructions of reading the counter itself.
  const uint32_t tick = 1000000000u / CORTEX_M_SYMBOL_VALUE(__cortex_m_systick_hz) + 1;
  const uint32_t reading = 700;
  const uint32_t rounds[] = {1, 10, 1000, 100000};
  int failed = 0;
  for (unsigned index = 0; index < sizeof rounds / sizeof rounds[0]; ++index) {
    const uint32_t expected = BUSY_INSTRUCTIONS_PER_ROUND * rounds[index];
    const uint32_t got = instructions_of(rounds[index]);
    cortex_m_printf("loop of %u instructions: counted %u\n", (unsigned)expected, (unsigned)got);
    if (got + tick < expected || got > expected + tick + reading) {
      failed = 1;
    }
  }
  cortex_m_printf("counter %s\n", failed ? "FAILED" : "ok");
  return failed;
}
