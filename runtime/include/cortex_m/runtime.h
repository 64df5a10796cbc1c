// SPDX-License-Identifier: Apache-2.0
// What the runtime gives an application: console, exit, host files, counters and memory use.
// An application defines `int main(void)`; its return value is the exit status.
#ifndef CORTEX_M_RUNTIME_H_
#define CORTEX_M_RUNTIME_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#define CORTEX_M_NORETURN [[noreturn]]
#else
#define CORTEX_M_NORETURN _Noreturn
#endif

// Exit status after a fault or an exception without a handler.
#define CORTEX_M_STATUS_FAULT 70

// Longest text one cortex_m_printf() shows; what is longer is cut and ends in "...".
#define CORTEX_M_PRINTF_CHARACTERS 127

// Shows a text on the board's console.
void cortex_m_write(const char *text);

// What a board with console = "custom" leaves to the application to define; it is also called from
// faults. On other boards: the board's console.
void cortex_m_console_write(const char *text);

// Formats like printf and shows the result on the console. Integers, characters and strings;
// floating point is left out to keep the C library's formatter small. 64-bit integers need picolibc
// or the large newlib: newlib-nano's formatter has none.
// Returns the length of the whole text, or a negative number if the format is faulty.
int cortex_m_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Ends the program; the emulator leaves with this status. A status a host cannot show (outside
// 0..255) becomes 255, so that it is never taken for success.
CORTEX_M_NORETURN void cortex_m_exit(int status);

// Instructions executed since start-up, when the emulator runs with `-icount shift=0`; its
// resolution is one tick of SysTick (31 to 250 instructions, see the board). On a real board:
// nanoseconds. Uses SysTick and its exception.
uint64_t cortex_m_instructions(void);

// Bytes reserved for the stack, and how many of them have been in use at some time.
uint32_t cortex_m_stack_bytes(void);
uint32_t cortex_m_stack_used(void);

// Bytes the image occupies in flash (vectors, code, constants, initial values of data).
uint32_t cortex_m_flash_bytes(void);

// Bytes of static RAM (data, bss, arena), without the stack.
uint32_t cortex_m_ram_bytes(void);

// Files and command line of the host, through semihosting.

// Copies the command line, arguments separated by a space, as a C string.
// Returns its length, or -1 if there is none or it does not fit.
int cortex_m_host_command_line(char *buffer, size_t bytes);

// Opens a file for reading. Returns a handle, or -1.
int cortex_m_host_open(const char *path);

// Reads up to `bytes` bytes. Returns how many were read (fewer only at the end), or -1. Semihosting
// lets a host answer a failed read like one at the end: check the number against what is due.
int cortex_m_host_read(int handle, void *buffer, size_t bytes);

void cortex_m_host_close(int handle);

#ifdef __cplusplus
}
#endif

#endif  // CORTEX_M_RUNTIME_H_
