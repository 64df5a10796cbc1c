// SPDX-License-Identifier: Apache-2.0
// One inference, and how much stack it took: shown without the C library's formatter, which would
// take more.
#include "cortex_m/runtime.h"
#include "model_under_test.h"

static void write_number(uint32_t number) {
  char text[11];
  char *digit = text + sizeof text - 1;
  *digit = '\0';
  do {
    *--digit = (char)('0' + number % 10u);
    number /= 10u;
  } while (number != 0);
  cortex_m_write(digit);
}

int main(void) {
  model_under_test_run();
  const uint32_t used = cortex_m_stack_used();
  cortex_m_write("stack used ");
  write_number(used);
  cortex_m_write("\n");
  return 0;
}
