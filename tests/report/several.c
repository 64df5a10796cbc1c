// SPDX-License-Identifier: Apache-2.0
// Runs two models, so that they are linked.
#include "left.h"
#include "right.h"

int main(void) {
  left_run();
  right_run();
  return 0;
}
