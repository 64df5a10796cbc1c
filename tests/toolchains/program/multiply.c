// SPDX-License-Identifier: Apache-2.0
#include "tests/toolchains/program/multiply.h"

float multiply(float a, float b) { return a * b; }
