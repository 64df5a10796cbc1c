// SPDX-License-Identifier: Apache-2.0
#include <arm_mve.h>

#include "../extremum_rows.h"

static void minimum(const int8_t *self, const int8_t *other, int32_t count, int8_t *output) {
  for (; count > 0; count -= 16) {
    const mve_pred16_t lanes = vctp8q((uint32_t)count);
    const int8x16_t a = vldrbq_z_s8(self, lanes);
    vstrbq_p_s8(output, vminq_s8(a, vldrbq_z_s8(other, lanes)), lanes);
    self += 16;
    other += 16;
    output += 16;
  }
}

CORTEX_M_DEFINE_DENSE_EXTREMUM(minimum, minimum)
CORTEX_M_DEFINE_EXTREMUM(minimum_s32, int32_t, <)
