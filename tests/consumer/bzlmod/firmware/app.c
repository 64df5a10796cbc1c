// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/runtime.h"
#include "tiny.h"

int main(void) {
  for (int i = 0; i < TINY_INPUT_0_ELEMENTS; ++i) {
    tiny_input_0()[i] = 0.1f * (float)i;
  }
  tiny_run();
  cortex_m_printf("tiny on %s: first output in thousandths %d\n", CORTEX_M_CORE,
                  (int)(tiny_output_0()[0] * 1000.0f));
  return 0;
}
