// SPDX-License-Identifier: Apache-2.0
#include "pairs.h"

static inline void make_pairs(const int8_t *first, const int8_t *second, int32_t count,
                              int32_t words, int32_t *pairs) {
  for (; count >= 4; count -= 4) {
    pairs[0] = first[0] + second[0] * 65536;
    pairs[words] = first[1] + second[1] * 65536;
    pairs[2 * words] = first[2] + second[2] * 65536;
    pairs[3 * words] = first[3] + second[3] * 65536;
    first += 4;
    second += 4;
    pairs += 4 * words;
  }
  for (; count > 0; --count) {
    *pairs = *first++ + *second++ * 65536;
    pairs += words;
  }
}

void cortex_m_make_pairs(const int8_t *first, const int8_t *second, int32_t count,
                         int32_t words, int32_t *pairs) {
  if (words == 1) {
    make_pairs(first, second, count, 1, pairs);
  } else {
    make_pairs(first, second, count, 2, pairs);
  }
}

void cortex_m_make_padded_pairs(const int8_t *run, int32_t factor, int32_t rest, int32_t count,
                                int32_t words, int32_t *pairs) {
  if (factor == 0) {
    for (; count > 0; --count) {
      *pairs = rest;
      pairs += words;
    }
    return;
  }
  for (; count > 0; --count) {
    *pairs = *run++ * factor + rest;
    pairs += words;
  }
}
