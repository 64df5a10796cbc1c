// SPDX-License-Identifier: Apache-2.0
/* cortex_m_quantize() and cortex_m_dequantize() against the kernels, which PyTorch checks. */
#include <stdint.h>
#include <string.h>

#include "cortex_m/kernels/quantize.h"
#include "cortex_m/model.h"
#include "cortex_m/runtime.h"

enum { ROUNDS = 64, VALUES = 128 };

static int failed;
static uint32_t state = 1;

static uint32_t random_bits(void) {
  state = state * 1664525U + 1013904223U;
  return state;
}

static float float_of(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/* Any bits, NaN and infinities among them; ties; values around those that saturate. */
static float real_of(uint32_t kind, float scale) {
  const float integer = (float)(int32_t)(random_bits() >> 23) - 256.0F;
  switch (kind % 3U) {
    case 0:
      return float_of(random_bits());
    case 1:
      return (integer + 0.5F) * scale;
    default:
      return integer * scale * 1.25F;
  }
}

static void check(int holds, float real, float scale, int32_t zero_point) {
  if (!holds && ++failed <= 3) {
    uint32_t bits[2];
    memcpy(&bits[0], &real, sizeof real);
    memcpy(&bits[1], &scale, sizeof scale);
    cortex_m_printf("0x%08x, scale 0x%08x, zero point %d\n", (unsigned)bits[0], (unsigned)bits[1],
                    (int)zero_point);
  }
}

static void compare(float scale, int32_t zero_point) {
  static float real[VALUES];
  static int8_t integers[VALUES];
  static float back[VALUES];
  for (uint32_t i = 0; i < VALUES; ++i) {
    real[i] = real_of(i, scale);
  }
  const cortex_m_quantize_per_tensor_params quantize = {
      .count = VALUES,
      .inverse_scale = (float)(1.0 / (double)scale),
      .zero_point = zero_point,
      .quant_min = -128,
      .quant_max = 127};
  cortex_m_quantize_per_tensor(real, &quantize, integers);
  const cortex_m_dequantize_per_tensor_params dequantize = {
      .count = VALUES, .scale = scale, .zero_point = zero_point};
  cortex_m_dequantize_per_tensor(integers, &dequantize, back);
  for (uint32_t i = 0; i < VALUES; ++i) {
    check(cortex_m_quantize(real[i], scale, zero_point) == integers[i], real[i], scale,
          zero_point);
    check(cortex_m_dequantize(integers[i], scale, zero_point) == back[i], back[i], scale,
          zero_point);
  }
}

int main(void) {
  for (int32_t i = 0; i < ROUNDS; ++i) {
    /* Powers of two, for which ties are exact, and any scale from 2^-15 to 2^4. */
    const uint32_t exponent = 112U + random_bits() % 20U;
    const uint32_t mantissa = i < ROUNDS / 2 ? 0U : random_bits() >> 9;
    compare(float_of(exponent << 23 | mantissa), (int32_t)(random_bits() >> 24) - 128);
  }
  cortex_m_printf("model: %d failed\n", failed);
  return failed != 0;
}
