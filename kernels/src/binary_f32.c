// SPDX-License-Identifier: Apache-2.0
#include <math.h>

#include "binary.h"

CORTEX_M_BINARY(add, f32, float, float, a + params->alpha * b)
CORTEX_M_BINARY(sub, f32, float, float, a - params->alpha * b)
CORTEX_M_BINARY(mul, f32, float, float, a *b)
CORTEX_M_BINARY(div, f32, float, float, a / b)
CORTEX_M_BINARY(minimum, f32, float, float, a < b || a != a ? a : b)
CORTEX_M_BINARY(maximum, f32, float, float, a > b || a != a ? a : b)
CORTEX_M_BINARY(pow, f32, float, float, powf(a, b))
CORTEX_M_BINARY(fmod, f32, float, float, fmodf(a, b))
