// SPDX-License-Identifier: Apache-2.0
#include "binary.h"

#define UNSIGNED_32(value) ((uint32_t)(value))
#define UNSIGNED_64(value) ((uint64_t)(value))

CORTEX_M_BINARY(add, s32, int32_t, int32_t,
                UNSIGNED_32(a) + UNSIGNED_32(params->alpha) * UNSIGNED_32(b))
CORTEX_M_BINARY(add, s64, int64_t, int64_t,
                UNSIGNED_64(a) + UNSIGNED_64(params->alpha) * UNSIGNED_64(b))
CORTEX_M_BINARY(sub, s32, int32_t, int32_t,
                UNSIGNED_32(a) - UNSIGNED_32(params->alpha) * UNSIGNED_32(b))
CORTEX_M_BINARY(sub, s64, int64_t, int64_t,
                UNSIGNED_64(a) - UNSIGNED_64(params->alpha) * UNSIGNED_64(b))
CORTEX_M_BINARY(mul, s32, int32_t, int32_t, UNSIGNED_32(a) * UNSIGNED_32(b))
CORTEX_M_BINARY(mul, s64, int64_t, int64_t, UNSIGNED_64(a) * UNSIGNED_64(b))
CORTEX_M_BINARY(minimum, s64, int64_t, int64_t, a < b ? a : b)
CORTEX_M_BINARY(maximum, s64, int64_t, int64_t, a > b ? a : b)
// Of -1 apart, because the smallest integer divided by it overflows.
CORTEX_M_BINARY(fmod, s64, int64_t, int64_t, b == 0 || b == -1 ? 0 : a % b)
CORTEX_M_BINARY(logical_and, u8, uint8_t, uint8_t, a != 0 && b != 0)
CORTEX_M_BINARY(logical_or, u8, uint8_t, uint8_t, a != 0 || b != 0)
CORTEX_M_BINARY(logical_xor, u8, uint8_t, uint8_t, (a != 0) != (b != 0))
