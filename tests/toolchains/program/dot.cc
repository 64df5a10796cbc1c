// SPDX-License-Identifier: Apache-2.0
#include "tests/toolchains/program/multiply.h"

int32_t dot(const int16_t *a, const int16_t *b, int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count; ++i) sum += a[i] * b[i];
  return sum;
}
