// SPDX-License-Identifier: Apache-2.0
#ifndef TESTS_TOOLCHAINS_PROGRAM_MULTIPLY_H_
#define TESTS_TOOLCHAINS_PROGRAM_MULTIPLY_H_

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

float multiply(float a, float b);
int32_t dot(const int16_t *a, const int16_t *b, int32_t count);
void nop(void);

#ifdef __cplusplus
}
#endif

#endif  // TESTS_TOOLCHAINS_PROGRAM_MULTIPLY_H_
