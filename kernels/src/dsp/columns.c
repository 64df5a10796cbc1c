// SPDX-License-Identifier: Apache-2.0
#include "columns.h"

#include <arm_acle.h>
#include <string.h>

static inline void append_word(cortex_m_column *column, uint32_t bytes) {
  const int16x2_t even = __sxtb16((int8x4_t)bytes);
  int16x2_t odd;
  // GCC 15 does not fold the rotation into the instruction.
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(odd) : "r"(bytes));
  column->next[0] = (uint32_t)even;
  column->next[1] = (uint32_t)odd;
  column->next += 4;
  column->sum = __smlad(even, 0x00010001, column->sum);
  column->sum = __smlad(odd, 0x00010001, column->sum);
}

/** One LDR, which needs no alignment. */
static inline uint32_t word_at(const int8_t *bytes) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  return word;
}

static inline void append_byte(cortex_m_column *column, int8_t byte) {
  column->pending = column->pending >> 8 | (uint32_t)(uint8_t)byte << 24;
  if (++column->count == 4) {
    append_word(column, column->pending);
    column->count = 0;
  }
}

void cortex_m_append_dsp(cortex_m_column *column, const int8_t *bytes, int32_t count,
                         int32_t step) {
  cortex_m_column to = *column;  // in registers
  while (to.count != 0 && count > 0) {
    append_byte(&to, *bytes++);
    --count;
  }
  if (step == 0) {
    for (; count >= 4; count -= 4) {
      append_word(&to, word_at(bytes));
    }
  } else {
    // Unrolled by hand, because GCC 15 does not at -O2.
    for (; count >= 16; count -= 16) {
      append_word(&to, word_at(bytes));
      append_word(&to, word_at(bytes + 4));
      append_word(&to, word_at(bytes + 8));
      append_word(&to, word_at(bytes + 12));
      bytes += 16;
    }
    for (; count >= 4; count -= 4) {
      append_word(&to, word_at(bytes));
      bytes += 4;
    }
  }
  for (; count > 0; --count) {
    append_byte(&to, *bytes++);
  }
  *column = to;
}

// In assembly, because GCC 15 does not use STRD with write-back.
#define APPEND_WORD                \
  "ldr %[a], [%[from]], #4\n"      \
  "sxtb16 %[b], %[a]\n"            \
  "sxtb16 %[a], %[a], ror #8\n"    \
  "smlad %[s], %[b], %[o], %[s]\n" \
  "smlad %[s], %[a], %[o], %[s]\n" \
  "strd %[b], %[a], [%[to]], #16\n"
#define APPEND(words)                                                                       \
  __asm__ volatile(words                                                                    \
                   : [from] "+r"(bytes), [to] "+r"(next), [s] "+r"(sum), [a] "=&r"(a),      \
                     [b] "=&r"(b)                                                           \
                   : [o] "r"(0x00010001)                                                    \
                   : "memory")

void cortex_m_append_words_dsp(cortex_m_column *column, const int8_t *bytes, int32_t count) {
  uint32_t *next = column->next;
  int32_t sum = column->sum;
  uint32_t a;
  uint32_t b;
  for (; count >= 16; count -= 16) {
    APPEND(APPEND_WORD APPEND_WORD APPEND_WORD APPEND_WORD);
  }
  for (; count > 0; count -= 4) {
    APPEND(APPEND_WORD);
  }
  column->next = next;
  column->sum = sum;
}

int32_t cortex_m_finish_column_dsp(cortex_m_column *column) {
  while (column->count != 0) {
    append_byte(column, 0);
  }
  return column->sum * -128;
}
