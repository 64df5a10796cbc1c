// SPDX-License-Identifier: Apache-2.0
// The formats firmware uses, in a stack of the default size.
#include "cortex_m/runtime.h"

#include <inttypes.h>
#include <limits.h>

static const char long_text[] =
    "----------------------------------------------------------------"
    "----------------------------------------------------------------"
    "----------------------------------------------------------------";

int main(void) {
  cortex_m_printf("[%d] [%i] [%u] [%x] [%X] [%c] [%s] [%%]\n", -42, INT_MIN, UINT_MAX, 0xbeefu,
                  0xBEEFu, 'c', "text");
  cortex_m_printf("[%5d] [%-5d] [%05d] [%+d] [%.3s] [%6.2s] [%#x] [%*d]\n", 42, 42, 42, 42, "abcdef",
                  "abcdef", 255u, 4, 7);
  cortex_m_printf("[%" PRId64 "] [%" PRIu64 "] [%" PRIx64 "] [%lu] [%zu] [%hhd]\n", INT64_MIN,
                  UINT64_MAX, UINT64_C(0x123456789abcdef), 4000000000ul, sizeof long_text,
                  (signed char)-1);
  const int length = cortex_m_printf("%s", long_text);
  cortex_m_printf("\nlength %d of %d\n", length, (int)sizeof long_text - 1);
  cortex_m_printf("stack %s\n", cortex_m_stack_used() < cortex_m_stack_bytes() ? "ok" : "FAILED");
  return 0;
}
