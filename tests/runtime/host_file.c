// SPDX-License-Identifier: Apache-2.0
// Reads the file its argument names, in two ways, and prints its length and sum.
#include "cortex_m/runtime.h"

#include <string.h>

int main(void) {
  char line[160];
  char small[8];
  static uint8_t buffer[1500];
  if (cortex_m_host_command_line(small, sizeof small) != -1) {
    cortex_m_write("a command line too long for the buffer FAILED\n");
    return 1;
  }
  const int length = cortex_m_host_command_line(line, sizeof line);
  if (length < 0 || length != (int)strlen(line)) {
    cortex_m_write("command line FAILED\n");
    return 1;
  }
  const char *separator = strrchr(line, ' ');
  const char *path = separator != NULL ? separator + 1 : line;
  const int handle = cortex_m_host_open(path);
  if (handle < 0) {
    cortex_m_printf("cannot open %s\n", path);
    return 2;
  }
  uint32_t total = 0;
  uint32_t sum = 0;
  int read;
  do {
    read = cortex_m_host_read(handle, buffer, sizeof buffer);
    for (int index = 0; index < read; ++index) {
      sum += buffer[index];
    }
    total += (uint32_t)(read < 0 ? 0 : read);
  } while (read == (int)sizeof buffer);
  const int at_end = cortex_m_host_read(handle, buffer, 4);
  const int nothing = cortex_m_host_read(handle, buffer, 0);
  cortex_m_host_close(handle);
  const int closed = cortex_m_host_read(handle, buffer, 4);
  cortex_m_printf("%u bytes, sum %u, at the end %d, nothing %d\n", (unsigned)total, (unsigned)sum,
                  at_end, nothing);
  // Some hosts answer a read that fails like one at the end.
  return read < 0 || at_end != 0 || nothing != 0 || closed > 0;
}
