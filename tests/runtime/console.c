// SPDX-License-Identifier: Apache-2.0
// What is written comes out as it is, whatever its length.
#include "cortex_m/runtime.h"

int main(void) {
  cortex_m_write("hello\n");
  cortex_m_write("");
  cortex_m_write("no new line, ");
  cortex_m_write("then one: % 100%s \\ \"\n");
  for (int line = 0; line < 40; ++line) {
    cortex_m_write(
        "0123456789012345678901234567890123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789012345678901234567890123456789\n");
  }
  cortex_m_write("end\n");
  return 0;
}
