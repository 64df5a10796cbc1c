// SPDX-License-Identifier: Apache-2.0
#include "extremum.h"
#include "../extremum_rows.h"

static void minimum(const int8_t *self, const int8_t *other, int32_t count, int8_t *output) {
  for (; count >= 4; count -= 4) {
    const int8x4_t a = cortex_m_four_at(self);
    const int8x4_t b = cortex_m_four_at(other);
    cortex_m_put_four(output, cortex_m_minimum_of_four(a, b));
    self += 4;
    other += 4;
    output += 4;
  }
  for (; count > 0; --count) {
    *output++ = *self < *other ? *self : *other;
    ++self;
    ++other;
  }
}

CORTEX_M_DEFINE_DENSE_EXTREMUM(minimum, minimum)
CORTEX_M_DEFINE_EXTREMUM(minimum_s32, int32_t, <)
