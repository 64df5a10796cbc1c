// SPDX-License-Identifier: Apache-2.0
#include "plan/device/host_vectors.h"

#include <inttypes.h>
#include <string.h>

#include "cortex_m/runtime.h"

static int32_t read_host(void *context, void *buffer, uint32_t bytes) {
  return cortex_m_host_read(*(int *)context, buffer, bytes);
}

const char *host_last_word(char *line) {
  if (line[0] == '\0') {
    return NULL;
  }
  char *space = strrchr(line, ' ');
  if (space == NULL) {
    return line;
  }
  *space = '\0';
  return space + 1;
}

const char *host_command_line(char *line) {
  if (cortex_m_host_command_line(line, HOST_COMMAND_LINE_BYTES) <= 0) {
    return NULL;
  }
  return host_last_word(line);
}

/* Whether the file is about tensors such as the model's. */
static bool fits(const cortex_m_vectors *vectors, const cortex_m_model *model) {
  if (vectors->input_count != (uint32_t)model->input_count ||
      vectors->output_count != (uint32_t)model->output_count) {
    cortex_m_printf("%s: the vectors have %" PRIu32 " inputs and %" PRIu32 " outputs, ",
                    model->name, vectors->input_count, vectors->output_count);
    cortex_m_printf("the model has %" PRId32 " and %" PRId32 "\n", model->input_count,
                    model->output_count);
    return false;
  }
  for (uint32_t i = 0; i < vectors->input_count + vectors->output_count; ++i) {
    const bool is_input = i < vectors->input_count;
    const cortex_m_tensor *tensor =
        is_input ? &model->inputs[i] : &model->outputs[i - vectors->input_count];
    if (tensor->bytes != vectors->bytes[i]) {
      cortex_m_printf("%s: %s %" PRIu32 " has %" PRIu32 " bytes, in the vectors %" PRIu32 "\n",
                      model->name, is_input ? "input" : "output",
                      is_input ? i : i - vectors->input_count, tensor->bytes, vectors->bytes[i]);
      return false;
    }
  }
  return true;
}

bool host_vectors_open(host_vectors *file, const char *path, const cortex_m_model *model) {
  if (path == NULL) {
    cortex_m_printf("%s: no vectors: name the .vectors file on the semihosting command line\n",
                    model->name);
    return false;
  }
  file->handle = cortex_m_host_open(path);
  if (file->handle < 0) {
    /* Apart, because a path may be longer than one printf shows. */
    cortex_m_printf("%s: no vectors: cannot open ", model->name);
    cortex_m_write(path);
    cortex_m_write("\n");
    return false;
  }
  const int status = cortex_m_vectors_open(&file->vectors, read_host, &file->handle);
  if (status != CORTEX_M_VECTORS_OK) {
    cortex_m_printf("%s: vectors: %s\n", model->name, cortex_m_vectors_message(status));
  } else if (fits(&file->vectors, model)) {
    return true;
  }
  host_vectors_close(file);
  return false;
}

void host_vectors_close(host_vectors *file) { cortex_m_host_close(file->handle); }

int host_vectors_take_inputs(host_vectors *file, const cortex_m_model *model) {
  for (int32_t i = 0; i < model->input_count; ++i) {
    const cortex_m_tensor *input = &model->inputs[i];
    const int status = cortex_m_vectors_get(&file->vectors, input->data, input->bytes);
    if (status != CORTEX_M_VECTORS_OK) {
      return status;
    }
  }
  return CORTEX_M_VECTORS_OK;
}
