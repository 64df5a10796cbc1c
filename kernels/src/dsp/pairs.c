// SPDX-License-Identifier: Apache-2.0
#include "pairs.h"
#include "../optimized.h"

#include <arm_acle.h>
#include <string.h>

// In assembly, because GCC 15 uses no LDRD here, does not fold the rotation and does not keep all
// values in registers. Every instruction is 4 bytes long, so that the loop can be entered in its
// middle.
#define UNROLL 4

#define VECTOR_PAIR(w, e, b)               \
  "ldrd %[u], %[v], [%[" w "]], #8\n"      \
  "smlad %[" b "], %[i], %[u], %[" b "]\n" \
  "uxtb16 %[u], %[u]\n"                    \
  "smlad %[" b "], %[j], %[v], %[" b "]\n" \
  "uxtb16 %[v], %[v]\n"                    \
  "smlad %[" e "], %[i], %[u], %[" e "]\n" \
  "smlad %[" e "], %[j], %[v], %[" e "]\n"
#define VECTOR_GROUP            \
  "ldr.w %[i], [%[x]], #4\n"    \
  "sxtb16 %[j], %[i], ror #8\n" \
  "sxtb16 %[i], %[i]\n"         \
  VECTOR_PAIR("w0", "e0", "b0") \
  VECTOR_PAIR("w1", "e1", "b1")
#define VECTOR_GROUP_BYTES 68

/** Four inputs + 128 each, summed up. */
static inline uint32_t add_four(const int8_t *input, uint32_t sum) {
  uint8x4_t four;
  memcpy(&four, input, sizeof four);
  return __usada8(four ^ 0x80808080u, 0, sum);
}

int32_t cortex_m_pair_start_dsp(const int8_t *input, int32_t inputs) {
  uint32_t sum = 0;
  int32_t left = inputs;
  // Unrolled by hand, because GCC 15 does not at -O2.
  for (; left >= 16; left -= 16) {
    sum = add_four(input, sum);
    sum = add_four(input + 4, sum);
    sum = add_four(input + 8, sum);
    sum = add_four(input + 12, sum);
    input += 16;
  }
  for (; left >= 4; left -= 4) {
    sum = add_four(input, sum);
    input += 4;
  }
  for (; left > 0; --left) {
    sum += (uint32_t)(*input++ + 128);
  }
  return ((int32_t)sum - 128 * inputs) * -128;
}

void cortex_m_dot_vector_dsp(const int8_t *input, const int8_t *pair_0, const int8_t *pair_1,
                             int32_t inputs, int32_t start, cortex_m_pair_sums sums[2]) {
  int32_t even_0 = start;
  int32_t both_0 = start;
  int32_t even_1 = start;
  int32_t both_1 = start;
  uint32_t groups = (uint32_t)inputs / 4;
  uint32_t last = 0;
  for (;;) {
    if (groups != 0) {
      uint32_t u = -groups % UNROLL * VECTOR_GROUP_BYTES;
      uint32_t v;
      uint32_t i;
      uint32_t j;
      uint32_t rounds = (groups + UNROLL - 1) / UNROLL;
      __asm__ volatile(
          ".balign 4\n"
          "add pc, %[u]\n"
          "nop\n"
          "1:\n" VECTOR_GROUP VECTOR_GROUP VECTOR_GROUP VECTOR_GROUP
          "subs %[n], #1\n"
          "bne 1b\n"
          : [x] "+r"(input), [w0] "+r"(pair_0), [w1] "+r"(pair_1), [n] "+l"(rounds),
            [e0] "+r"(even_0), [b0] "+r"(both_0), [e1] "+r"(even_1), [b1] "+r"(both_1),
            [u] "+&r"(u), [v] "=&r"(v), [i] "=&r"(i), [j] "=&r"(j)
          :
          : "cc", "memory");
    }
    inputs &= 3;
    if (inputs == 0) {
      break;
    }
    // The last inputs are copied: the word they lie in may reach past the tensor.
    memcpy(&last, input, (size_t)inputs);
    input = (const int8_t *)&last;
    inputs = 0;
    groups = 1;
  }
  sums[0] = (cortex_m_pair_sums){even_0, both_0};
  sums[1] = (cortex_m_pair_sums){even_1, both_1};
}
