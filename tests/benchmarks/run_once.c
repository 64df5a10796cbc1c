// SPDX-License-Identifier: Apache-2.0
// Nothing but a model: what kernels, runtime and plan take of the flash.
#include "model_under_test.h"

int main(void) {
  model_under_test_run();
  return 0;
}
