// SPDX-License-Identifier: Apache-2.0
/**
 * Runs the same stored program twice: embedded whole, with its own report, and its constants alone,
 * with the report of another release.
 */
#include <string.h>

#include "cortex_m/runtime.h"
#include "older.h"
#include "stored.h"

int main(void) {
  for (int i = 0; i < STORED_INPUT_0_ELEMENTS; ++i) {
    stored_input_0()[i] = older_input_0()[i] = (float)i / 16.0f - 1.0f;
  }
  stored_run();
  older_run();
  const size_t bytes = STORED_OUTPUT_0_ELEMENTS * sizeof(float);
  const int differ = memcmp(stored_output_0(), older_output_0(), bytes);
  cortex_m_printf("the outputs are %s\n", differ != 0 ? "different" : "equal");
  return differ != 0;
}
