// SPDX-License-Identifier: Apache-2.0
// What a call graph alone does not tell: recursion, and a call through a pointer to a function with a
// large frame.
#include "cortex_m/runtime.h"

#define DEPTH 6u
#define LARGE 500u

typedef uint32_t visitor(uint32_t depth);

uint32_t on_leaf(uint32_t depth);
uint32_t on_inner(uint32_t depth);
uint32_t visit(visitor *call, uint32_t depth);
uint32_t walk(uint32_t depth);

static visitor *volatile visitors[2] = {on_inner, on_leaf};

__attribute__((noinline)) uint32_t on_leaf(uint32_t depth) {
  volatile uint8_t local[LARGE];
  for (uint32_t index = 0; index < LARGE; ++index) {
    local[index] = (uint8_t)(depth + index);
  }
  return local[depth];
}

__attribute__((noinline)) uint32_t on_inner(uint32_t depth) { return depth; }

// Does something afterwards, so that the call is no jump.
__attribute__((noinline)) uint32_t visit(visitor *call, uint32_t depth) { return call(depth) + 1u; }

__attribute__((noinline)) uint32_t walk(uint32_t depth) {
  volatile uint32_t local[8];
  local[depth % 8u] = depth;
  const uint32_t below = depth + 1u < DEPTH ? walk(depth + 1u) : visit(visitors[1], depth);
  return below + local[depth % 8u] + visit(visitors[0], depth);
}

static void write_number(uint32_t number) {
  char text[11];
  char *digit = text + sizeof text - 1;
  *digit = '\0';
  do {
    *--digit = (char)('0' + number % 10u);
    number /= 10u;
  } while (number != 0);
  cortex_m_write(digit);
}

int main(void) {
  const uint32_t sum = walk(0);
  const uint32_t used = cortex_m_stack_used();
  cortex_m_write("stack used ");
  write_number(used);
  cortex_m_write("\n");
  return sum == 0;
}
