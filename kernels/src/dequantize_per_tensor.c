// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/quantize.h"
#include "float_bits.h"

static void dequantize(const int8_t *input, const cortex_m_dequantize_per_tensor_params *params,
                       float *output) {
  const float scale = params->scale;
#pragma GCC unroll 4
  for (int32_t i = 0; i < params->count; ++i) {
    output[i] = (float)(input[i] - params->zero_point) * scale;
  }
}

#if CORTEX_M_SOFT_FLOAT

/** value shifted left until its top bit is set, and how far; value is not below 2^23. */
static inline uint32_t normalize(uint32_t value, uint32_t *left) {
#if __ARM_ARCH_ISA_THUMB == 1
  uint32_t shift = 0;
  if (value >> 28 == 0u) {
    value <<= 4;
    shift = 4;
  }
  if (value >> 30 == 0u) {
    value <<= 2;
    shift += 2;
  }
  while ((int32_t)value >= 0) {
    value <<= 1;
    ++shift;
  }
  *left = shift;
  return value;
#else
  *left = (uint32_t)__builtin_clz(value);
  return value << *left;
#endif
}

void cortex_m_dequantize_per_tensor(const int8_t *input,
                                    const cortex_m_dequantize_per_tensor_params *params,
                                    float *output) {
  const uint32_t scale_bits = cortex_m_bits_of(params->scale);
  const int32_t exponent = cortex_m_exponent(scale_bits);
  if ((int32_t)scale_bits < 0 || exponent < 16 || exponent > 240) {
    dequantize(input, params, output);
    return;
  }
  // At most 255 times 24 bits: the product is exact in 32 bits and is rounded once, by hand.
  const uint32_t mantissa = (scale_bits & 0x7fffffu) | 0x800000u;
  for (int32_t i = 0; i < params->count; ++i) {
    const int32_t value = input[i] - params->zero_point;
    uint32_t bits = 0;
    if (value != 0) {
      uint32_t left;
      const uint32_t product = normalize((uint32_t)(value < 0 ? -value : value) * mantissa, &left);
      // The mantissa's top bit is where the exponent's lowest one is; a carry belongs there too.
      bits = ((uint32_t)exponent + 7u - left) << 23;
      bits += (product >> 8) + (((product & 0xffu) + 0x7fu + ((product >> 8) & 1u)) >> 8);
      bits |= (uint32_t)value & 0x80000000u;
    }
    output[i] = cortex_m_float_of(bits);
  }
}

#else

void cortex_m_dequantize_per_tensor(const int8_t *input,
                                    const cortex_m_dequantize_per_tensor_params *params,
                                    float *output) {
  dequantize(input, params, output);
}

#endif
