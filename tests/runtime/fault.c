// SPDX-License-Identifier: Apache-2.0
// Commits the fault its argument names. What comes back says so and exits with status 3.
#include "cortex_m/runtime.h"
#include "runtime/system.h"

#include <string.h>

// In the part of the system region left to vendors: none of the boards has anything there.
#define UNMAPPED 0xE0200000u

static const char text[] __attribute__((aligned(8))) = "some constant text";

static void undefined(void) { __asm__ volatile("udf #7"); }

static void unaligned(void) {
  const char *address = text + 1;
  uint32_t value;
  __asm__ volatile("ldr %0, [%1]" : "=l"(value) : "l"(address) : "memory");
  cortex_m_printf("unaligned word: 0x%x\n", (unsigned)value);
}

// Faults on every core.
static void unaligned_multiple(void) {
  register const char *address __asm__("r2") = text + 1;
  __asm__ volatile("ldmia r2!, {r0, r1}" : "+r"(address)::"r0", "r1", "memory");
}

static void unmapped_read(void) { (void)CORTEX_M_REGISTER(UNMAPPED); }

static void call(uint32_t address) {
  void (*volatile function)(void) = (void (*)(void))(uintptr_t)address;
  function();
}

static void unmapped_call(void) { call(UNMAPPED | 1u); }

// A null function pointer has no Thumb bit.
static void null_call(void) { call(0); }

__attribute__((noinline)) static uint32_t recurse(uint32_t depth) {
  volatile uint32_t local[8];
  local[depth % 8] = depth;
  return depth == UINT32_MAX ? 0 : recurse(depth + 1) + local[depth % 8];
}

static void overflow(void) { cortex_m_printf("%u\n", (unsigned)recurse(0)); }

// One frame far larger than the stack, written from its far end.
__attribute__((noinline)) static void overflow_leap(void) {
  volatile uint8_t local[6000];
  local[0] = 1;
  cortex_m_printf("%u\n", (unsigned)local[0]);
}

static void supervisor_call(void) { __asm__ volatile("svc #0"); }

#if CORTEX_M_COPROCESSOR
static void coprocessor(void) {
  CPACR &= ~CPACR_CP10_CP11;
  __asm__ volatile("dsb\n\tisb\n\tvmov.f32 s0, #1.0" ::: "s0", "memory");
}
#endif

static const struct {
  const char *name;
  void (*commit)(void);
} faults[] = {
    {"undefined", undefined},
    {"unaligned", unaligned},
    {"unaligned_multiple", unaligned_multiple},
    {"unmapped_read", unmapped_read},
    {"unmapped_call", unmapped_call},
    {"null_call", null_call},
    {"overflow", overflow},
    {"overflow_leap", overflow_leap},
    {"supervisor_call", supervisor_call},
#if CORTEX_M_COPROCESSOR
    {"coprocessor", coprocessor},
#endif
};

int main(void) {
  char line[96];
  if (cortex_m_host_command_line(line, sizeof line) < 0) {
    cortex_m_write("no command line\n");
    return 2;
  }
  const char *separator = strrchr(line, ' ');
  const char *name = separator != NULL ? separator + 1 : line;
  for (unsigned index = 0; index < sizeof faults / sizeof faults[0]; ++index) {
    if (strcmp(name, faults[index].name) == 0) {
      cortex_m_printf("committing %s\n", name);
      faults[index].commit();
      cortex_m_printf("%s came back\n", name);
      return 3;
    }
  }
  cortex_m_printf("no fault named %s\n", name);
  return 2;
}
