// SPDX-License-Identifier: Apache-2.0
// The floating-point and vector units are on, and start in the default mode.
#include "cortex_m/runtime.h"

#include <string.h>

#if defined(__ARM_FEATURE_MVE)
#include <arm_mve.h>

// A tail-predicated loop: also tests the vector length predicate the unit starts with.
static int32_t dot(const int8_t *left, const int8_t *right, int32_t count) {
  int32_t sum = 0;
  for (int32_t index = 0; index < count; index += 16) {
    const mve_pred16_t some = vctp8q((uint32_t)(count - index));
    sum = vmladavaq_p_s8(sum, vldrbq_z_s8(left + index, some), vldrbq_z_s8(right + index, some),
                         some);
  }
  return sum;
}
#else
static int32_t dot(const int8_t *left, const int8_t *right, int32_t count) {
  int32_t sum = 0;
  for (int32_t index = 0; index < count; ++index) {
    sum += left[index] * right[index];
  }
  return sum;
}
#endif

static uint32_t bits(float value) {
  uint32_t result;
  memcpy(&result, &value, sizeof result);
  return result;
}

int main(void) {
  static const int8_t left[21] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, -1, -2, -3, 127, -128, 1, 2, 3, 4, 5, 6};
  static const int8_t right[21] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2};
  volatile float third = 1.0f;
  third /= 3.0f;
  // Flushed to zero outside the default mode.
  volatile float subnormal = 1.0e-38f;
  subnormal /= 16.0f;
  const int32_t sum = dot(left, right, 21);
  cortex_m_printf("third %08x subnormal %08x dot %d\n", (unsigned)bits(third),
                  (unsigned)bits(subnormal), (int)sum);
  return !(bits(third) == 0x3eaaaaabu && bits(subnormal) == 0x0006ce3fu && sum == 90);
}
