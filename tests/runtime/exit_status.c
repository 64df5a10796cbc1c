// SPDX-License-Identifier: Apache-2.0
// Ends in the way its argument says: a number is main's result, the others end from within.
#undef NDEBUG

#include "cortex_m/runtime.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void nested(void) { cortex_m_exit(5); }

int main(void) {
  char line[96];
  if (cortex_m_host_command_line(line, sizeof line) < 0) {
    cortex_m_write("no command line\n");
    return 99;
  }
  const char *separator = strrchr(line, ' ');
  const char *way = separator != NULL ? separator + 1 : line;
  cortex_m_printf("way %s\n", way);
  if (strcmp(way, "exit") == 0) {
    exit(4);
  }
  if (strcmp(way, "abort") == 0) {
    abort();
  }
  if (strcmp(way, "nested") == 0) {
    nested();
  }
  assert(strcmp(way, "assert") != 0);
  return (int)strtol(way, NULL, 10);
}
