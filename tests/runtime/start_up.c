// SPDX-License-Identifier: Apache-2.0
// What C code may take for granted when main() begins.
#include "cortex_m/runtime.h"
#include "runtime/symbols.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint32_t initialised[3] = {1, 0x89ABCDEFu, 3};
static uint8_t initialised_byte = 7;
static uint32_t cleared[5];
static uint8_t cleared_byte;
static _Thread_local uint32_t thread_initialised = 0x12345678u;
static _Thread_local uint32_t thread_cleared;
static _Thread_local uint64_t thread_cleared_wide;
static int constructed;
static uint8_t arena_byte __attribute__((section(".arena.test")));
static uint8_t arena[48] __attribute__((aligned(16), section(".arena.test")));

__attribute__((constructor)) static void construct(void) { constructed = 1 + (int)cleared[0]; }

static int failures;

static void check(const char *what, int ok) {
  cortex_m_printf("%s %s\n", what, ok ? "ok" : "FAILED");
  failures += !ok;
}

// Hides a value from the optimiser.
static uint32_t read(const void *address) { return *(const volatile uint32_t *)address; }

int main(void) {
  uint64_t local;
  check("data", read(&initialised[0]) == 1 && read(&initialised[1]) == 0x89ABCDEFu &&
                    read(&initialised[2]) == 3 && *(volatile uint8_t *)&initialised_byte == 7);
  check("bss", read(&cleared[0]) == 0 && read(&cleared[4]) == 0 &&
                   *(volatile uint8_t *)&cleared_byte == 0);
  check("thread data", read(&thread_initialised) == 0x12345678u);
  check("thread bss", read(&thread_cleared) == 0 && read(&thread_cleared_wide) == 0);
  thread_cleared = 0xFFFFFFFFu;
  thread_cleared_wide = UINT64_MAX;
  check("apart", read(&thread_initialised) == 0x12345678u && read(&cleared[0]) == 0 &&
                     read(&initialised[2]) == 3);
  errno = 0;
  (void)strtol("99999999999999", NULL, 10);
  check("errno", errno == ERANGE && read(&initialised[0]) == 1 && read(&cleared[4]) == 0);
  check("constructor", constructed == 1);
  arena_byte = 1;
  memset(arena, 0, sizeof arena);
  check("arena", (uintptr_t)arena % 16 == 0);
  check("stack alignment", (uintptr_t)&local % 8 == 0);
  check("memory", cortex_m_flash_bytes() > 1000 && cortex_m_ram_bytes() >= 49 + 12 + 20 &&
                      cortex_m_ram_bytes() < 400);
  cortex_m_printf("start-up %s\n", failures ? "FAILED" : "ok");
  return failures != 0;
}
