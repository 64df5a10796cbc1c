// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "tests/toolchains/program/multiply.h"

int main(void) {
  static const int16_t a[4] = {1, 2, 3, 4};
  int16_t b[4];
  memcpy(b, a, sizeof(b));
  nop();
  return (int)multiply(2.0f, 0.5f) + (int)dot(a, b, 4);
}
