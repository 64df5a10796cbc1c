// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/quantize.h"
#include "float_bits.h"
#include "support.h"

static int8_t quantize(float value, const cortex_m_quantize_per_tensor_params *params) {
  return cortex_m_round_to_int8(value * params->inverse_scale, params->zero_point,
                                params->quant_min, params->quant_max);
}

#if CORTEX_M_SOFT_FLOAT

// An addition and a multiplication by the library take 50 (Armv7-M) to 120 (Armv6-M) instructions.
// In integers the product is known to within a small interval; nearly always all of it rounds to
// the same integer.

/**
 * The product of two mantissas (24 bits from bit 31 down) / 2^33, rounded down; less than 2^31, and
 * too small by less than PRODUCT_ERROR.
 */
#if __ARM_ARCH_ISA_THUMB == 1
#define PRODUCT_ERROR ((1u << 16) + 1u)
static inline uint32_t multiply(uint32_t a, uint32_t b) { return ((a >> 16) * (b >> 16)) >> 1; }
#else
#define PRODUCT_ERROR 1u
static inline uint32_t multiply(uint32_t a, uint32_t b) {
  return (uint32_t)(((uint64_t)a * b) >> 33);
}
#endif

/** By how much rounding the product to 24 bits may move it. */
#define ROUNDING_ERROR 64u

static inline uint32_t mantissa(uint32_t bits) { return (bits << 8) | 0x80000000u; }

void cortex_m_quantize_per_tensor(const float *input,
                                  const cortex_m_quantize_per_tensor_params *params,
                                  int8_t *output) {
  const uint32_t factor_bits = cortex_m_bits_of(params->inverse_scale);
  const int32_t factor_exponent = cortex_m_exponent(factor_bits);
  const uint32_t factor = mantissa(factor_bits);
  // value * inverse_scale = multiply() / 2^right. Within these bounds zeros and denormal values get
  // a right above 31, infinities and NaN one below 1; beyond them every value does.
  const int ordinary = factor_exponent >= 28 && factor_exponent <= 200;
  const int32_t right_of_1 = ordinary ? 283 - factor_exponent : 0;
  const float *const end = input + params->count;
  while (input != end) {
    const float value = *input++;
    const uint32_t bits = cortex_m_bits_of(value);
    const int32_t right = right_of_1 - cortex_m_exponent(bits);
    uint32_t rounded = 0;
    if (right <= 31) {
      if (right < 1) {
        *output++ = quantize(value, params);
        continue;
      }
      const uint32_t low =
          multiply(mantissa(bits), factor) + (1u << (right - 1)) - ROUNDING_ERROR;
      rounded = low >> right;
      if ((low + PRODUCT_ERROR + 2u * ROUNDING_ERROR) >> right != rounded) {
        *output++ = quantize(value, params);
        continue;
      }
    }
    const int32_t nearest = (int32_t)bits < 0 ? -(int32_t)rounded : (int32_t)rounded;
    *output++ = cortex_m_clamp(nearest, params->zero_point, params->quant_min, params->quant_max);
  }
}

#else

void cortex_m_quantize_per_tensor(const float *input,
                                  const cortex_m_quantize_per_tensor_params *params,
                                  int8_t *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = quantize(input[i], params);
  }
}

#endif
