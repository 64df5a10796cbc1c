// SPDX-License-Identifier: Apache-2.0
#include "permute_runs.h"

void cortex_m_permute_copy(const void *input, const cortex_m_permute_copy_params *params,
                           void *output) {
  cortex_m_permute_runs(input, params, cortex_m_copy_run_singly, output);
}
