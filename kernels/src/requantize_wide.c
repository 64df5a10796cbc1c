// SPDX-License-Identifier: Apache-2.0
#include "support.h"

int32_t cortex_m_requantize_wide(int64_t value, int32_t multiplier, int32_t shift) {
  const uint32_t left = shift > 0 ? (uint32_t)shift : 0u;
  const uint32_t right = shift < 0 ? (uint32_t)-shift : 0u;
  const uint64_t shifted = (uint64_t)value << left;
  const uint64_t product = shifted * (uint64_t)(int64_t)multiplier + (UINT64_C(1) << 30);
  const int64_t result = (int64_t)product >> 31;
  const uint64_t mask = (UINT64_C(1) << right) - 1u;
  const uint64_t remainder = (uint64_t)result & mask;
  const int64_t floor = result >> right;
  const uint64_t threshold = (mask >> 1) + (floor < 0 ? 1u : 0u);
  return (int32_t)(uint32_t)((uint64_t)floor + (remainder > threshold ? 1u : 0u));
}
