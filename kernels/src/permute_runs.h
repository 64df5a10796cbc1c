// SPDX-License-Identifier: Apache-2.0
/** What the permuting copies of all ISAs share. Private. */
#ifndef CORTEX_M_KERNELS_PERMUTE_RUNS_H
#define CORTEX_M_KERNELS_PERMUTE_RUNS_H

#include <stdint.h>

#include "cortex_m/kernels/copy.h"

/** Elements in a line, in the input as in the output. */
typedef struct {
  int32_t count;
  int32_t element_bytes;
  int32_t input_stride;  /**< in elements */
  int32_t output_stride;
} cortex_m_permute_run;

/** Copies one run; at least one element. */
typedef void cortex_m_copy_run(const cortex_m_permute_run *run, const uint8_t *input,
                               uint8_t *output);

/** As permute_copy.c does it, for runs that an ISA's own has nothing better for. */
void cortex_m_copy_run_singly(const cortex_m_permute_run *run, const uint8_t *input,
                              uint8_t *output);

/** Copies all runs by `copy`. */
void cortex_m_permute_runs(const void *input, const cortex_m_permute_copy_params *params,
                           cortex_m_copy_run *copy, void *output);

#endif  // CORTEX_M_KERNELS_PERMUTE_RUNS_H
