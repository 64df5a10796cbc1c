// SPDX-License-Identifier: Apache-2.0
// What a C library asks of the system below it: picolibc or newlib, neither with a heap. The linker
// script asks for this file by name: the C library comes last in the link, when the linker no longer
// looks here for what it needs. What is not called is dropped again.
#include "cortex_m/runtime.h"

#include <stddef.h>

#define STATUS_OF_SIGNAL 128
#define STATUS_OF_ABORT (STATUS_OF_SIGNAL + 6)

// Thread pointer of the one thread there is: errno lies relative to it. A C library's own version
// would want to be initialised.
void *__aeabi_read_tp(void);
__attribute__((naked)) void *__aeabi_read_tp(void) {
  __asm__ volatile(
      "  ldr r0, 1f\n"
      "  bx lr\n"
      "  .balign 4\n"
      "1: .word __cortex_m_thread_pointer\n");
}

_Noreturn void _exit(int status);
__attribute__((weak)) _Noreturn void _exit(int status) { cortex_m_exit(status); }

int _getpid(void);
__attribute__((weak)) int _getpid(void) { return 1; }

// How newlib's abort() ends.
int _kill(int process, int signal);
__attribute__((weak)) int _kill(int process, int signal) {
  (void)process;
  cortex_m_exit(STATUS_OF_SIGNAL + signal);
}

// assert(), with and without words: a C library's own would want a stderr.
_Noreturn void __assert_func(const char *file, int line, const char *function, const char *text);
__attribute__((weak)) _Noreturn void __assert_func(const char *file, int line, const char *function,
                                                   const char *text) {
  cortex_m_write("\nassertion failed: ");
  cortex_m_write(text);
  cortex_m_write(" in ");
  cortex_m_write(function != NULL ? function : "?");
  cortex_m_write(", ");
  cortex_m_write(file);
  cortex_m_printf(":%d\n", line);
  cortex_m_exit(STATUS_OF_ABORT);
}

_Noreturn void __assert_no_args(void);
__attribute__((weak)) _Noreturn void __assert_no_args(void) {
  cortex_m_write("\nassertion failed\n");
  cortex_m_exit(STATUS_OF_ABORT);
}

// newlib's formatter names the heap but uses it only for multibyte text.
void *_sbrk(ptrdiff_t bytes);
__attribute__((weak)) void *_sbrk(ptrdiff_t bytes) {
  (void)bytes;
  return (void *)-1;
}
