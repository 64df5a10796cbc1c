// SPDX-License-Identifier: Apache-2.0
// Runs a model once and reports its RAM, in `name value` lines; the application itself has no data
// of its own.

#include "cortex_m/runtime.h"
#include "model_under_test.h"

static void report(const char *name, uint32_t value) {
  cortex_m_printf("%s %u\n", name, (unsigned)value);
}

int main(void) {
  model_under_test_run();
  // Before anything is printed: formatting takes more stack than the model.
  const uint32_t stack = cortex_m_stack_used();
  cortex_m_printf("core %s\nisa %s\n", CORTEX_M_CORE, CORTEX_M_ISA);
  report("static", cortex_m_ram_bytes());
  report("stack", stack);
  return 0;
}
