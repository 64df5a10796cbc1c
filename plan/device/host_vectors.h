// SPDX-License-Identifier: Apache-2.0
/*
 * A .vectors file on the host, read through semihosting: it may be larger than the device's memory.
 * What goes wrong is said on the console.
 */
#ifndef CORTEX_M_HOST_VECTORS_H_
#define CORTEX_M_HOST_VECTORS_H_

#include <stdbool.h>
#include <stdint.h>

#include "cortex_m/model.h"
#include "cortex_m/vectors.h"

enum { HOST_COMMAND_LINE_BYTES = 512 };

/* An open file. Keep it where it was opened: the reader holds its address. */
typedef struct {
  cortex_m_vectors vectors;
  int handle;
} host_vectors;

/*
 * Reads the command line into `line` (HOST_COMMAND_LINE_BYTES bytes). Returns its last word, which
 * is cut off, or null if there is none. Words before it: host_last_word(line).
 */
const char *host_command_line(char *line);

/* Cuts the last word off a line and returns it; null if the line is empty. */
const char *host_last_word(char *line);

/* Opens a file and checks that it is about tensors such as the model's. */
bool host_vectors_open(host_vectors *file, const char *path, const cortex_m_model *model);

void host_vectors_close(host_vectors *file);

/* Takes the current vector's inputs into the model's; returns a CORTEX_M_VECTORS_ status. */
int host_vectors_take_inputs(host_vectors *file, const cortex_m_model *model);

#endif  // CORTEX_M_HOST_VECTORS_H_
