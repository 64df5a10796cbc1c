// SPDX-License-Identifier: Apache-2.0
/** The kernels the case runner knows. A new operator is one entry in operators.c. */
#ifndef TESTS_KERNELS_OPERATORS_H
#define TESTS_KERNELS_OPERATORS_H

#include <stdint.h>

#define MOST_SCRATCHES 2

typedef struct {
  const char *name;
  uint32_t params_bytes;
  uint32_t buffers; /**< inputs, in the order of the kernel's arguments */
  /** What the kernel states that it needs for these parameters; null for each it does not take. */
  uint32_t (*scratch_bytes[MOST_SCRATCHES])(const void *params, int32_t tile);
  void (*run)(const void *params, const void *const *buffers, void *const *scratches, int32_t tile,
              void *output);
} operator_entry;

/** Ends with an entry whose name is null. */
extern const operator_entry operators[];

#endif  // TESTS_KERNELS_OPERATORS_H
