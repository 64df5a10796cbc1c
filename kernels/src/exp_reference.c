// SPDX-License-Identifier: Apache-2.0
#include "exp_reference.h"

#include <stdint.h>
#include <string.h>

// With z = 32 x / ln 2 = n + r, n the nearest integer: exp(x) = 2^(n / 32) * 2^(r / 32), and the
// second factor is 1 + LINEAR r + QUADRATIC r^2 + CUBIC r^3. The reference does not always round
// correctly, because of this polynomial: the coefficients have to be its own.
#define STEPS UINT64_C(0x171547652b82fe)     // 32 / ln 2, times 2^47
#define LINEAR UINT64_C(0x58b90bfc314b580)   // times 2^64, as the next two
#define QUADRATIC UINT64_C(0xf5fe7287d627a)
#define CUBIC UINT64_C(0x1c6af84b9124)

#define FRACTION 50  // fraction bits of z

/** 2^(i / 32), times 2^52. */
static const uint64_t roots[32] = {
    UINT64_C(0x10000000000000), UINT64_C(0x1059b0d3158574), UINT64_C(0x10b5586cf9890f),
    UINT64_C(0x111301d0125b51), UINT64_C(0x1172b83c7d517b), UINT64_C(0x11d4873168b9aa),
    UINT64_C(0x12387a6e756238), UINT64_C(0x129e9df51fdee1), UINT64_C(0x1306fe0a31b715),
    UINT64_C(0x1371a7373aa9cb), UINT64_C(0x13dea64c123422), UINT64_C(0x144e086061892d),
    UINT64_C(0x14bfdad5362a27), UINT64_C(0x15342b569d4f82), UINT64_C(0x15ab07dd485429),
    UINT64_C(0x16247eb03a5585), UINT64_C(0x16a09e667f3bcd), UINT64_C(0x171f75e8ec5f74),
    UINT64_C(0x17a11473eb0187), UINT64_C(0x182589994cce13), UINT64_C(0x18ace5422aa0db),
    UINT64_C(0x193737b0cdc5e5), UINT64_C(0x19c49182a3f090), UINT64_C(0x1a5503b23e255d),
    UINT64_C(0x1ae89f995ad3ad), UINT64_C(0x1b7f76f2fb5e47), UINT64_C(0x1c199bdd85529c),
    UINT64_C(0x1cb720dcef9069), UINT64_C(0x1d5818dcfba487), UINT64_C(0x1dfc97337b9b5f),
    UINT64_C(0x1ea4afa2a490da), UINT64_C(0x1f50765b6e4540),
};

/** The upper half of a * b. */
static uint64_t multiply_high(uint64_t a, uint64_t b) {
  const uint64_t a_low = a & 0xffffffffu;
  const uint64_t a_high = a >> 32;
  const uint64_t b_low = b & 0xffffffffu;
  const uint64_t b_high = b >> 32;
  const uint64_t low = (a_low * b_low >> 32) + (a_high * b_low & 0xffffffffu);
  const uint64_t middle = low + a_low * b_high;  // below 2^64: the two terms of low are below 2^32
  return a_high * b_high + (a_high * b_low >> 32) + (middle >> 32);
}

static float from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/** mantissa * 2^(exponent - 62) as a float; the mantissa is at least 2^61. */
static float to_float(uint64_t mantissa, int32_t exponent) {
  int32_t top = 61;
  while (top < 63 && mantissa >> (top + 1) != 0) {
    ++top;
  }
  exponent += top - 62;
  int32_t dropped = top - 23;
  uint32_t bits = 0;  // of the exponent, less the mantissa's leading one
  if (exponent >= -126) {
    bits = (uint32_t)(exponent + 126) << 23;
  } else {
    dropped += -126 - exponent;
    if (dropped > 63) {
      return 0.0f;
    }
  }
  const uint64_t kept = mantissa >> dropped;
  const uint64_t rest = mantissa & ((UINT64_C(1) << dropped) - 1u);
  const uint64_t half = UINT64_C(1) << (dropped - 1);
  bits += (uint32_t)kept + (rest > half || (rest == half && (kept & 1u) != 0) ? 1u : 0u);
  return from_bits(bits);
}

float cortex_m_exp_reference(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  const int32_t exponent = (int32_t)(bits >> 23 & 0xffu) - 127;
  if (exponent < -27) {
    return 1.0f;
  }
  if (exponent > 6) {
    return 0.0f;
  }
  // -z, exact but for bits far below the last one that matters.
  const uint64_t mantissa = (bits & 0x7fffffu) | 0x800000u;
  const int32_t right = 47 - FRACTION + 23 - exponent;  // 14 .. 47
  const uint64_t high = mantissa * (STEPS >> 32);
  const uint64_t low = mantissa * (STEPS & 0xffffffffu);
  const uint64_t z = (right <= 32 ? high << (32 - right) : high >> (right - 32)) + (low >> right);

  const uint64_t n = (z + (UINT64_C(1) << (FRACTION - 1))) >> FRACTION;
  const int64_t minus_r = (int64_t)(z - (n << FRACTION));
  const uint64_t r = (uint64_t)(minus_r < 0 ? -minus_r : minus_r) << (64 - FRACTION);
  const uint64_t r_2 = multiply_high(r, r);
  const uint64_t even = multiply_high(QUADRATIC, r_2);
  const uint64_t odd = multiply_high(r, LINEAR + multiply_high(CUBIC, r_2));
  const uint64_t one = UINT64_C(1) << 63;
  const uint64_t power = one + (even >> 1) + (minus_r < 0 ? odd >> 1 : 0u - (odd >> 1));

  const uint32_t index = (0u - (uint32_t)n) & 31u;
  const int32_t scale = -(int32_t)((uint32_t)n + index) / 32;
  return to_float(multiply_high(power, roots[index] << 11), scale);
}
