// SPDX-License-Identifier: Apache-2.0
#include "extremum_rows.h"

CORTEX_M_DEFINE_EXTREMUM(minimum, int8_t, <)
CORTEX_M_DEFINE_EXTREMUM(minimum_s32, int32_t, <)
