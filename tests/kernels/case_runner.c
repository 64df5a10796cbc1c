// SPDX-License-Identifier: Apache-2.0
/**
 * Runs kernel cases from a file and compares every output bit with the expected one.
 *
 * The file (kernel_cases/case_file.py writes it) is named by the last word of the command line. Per case the
 * runner lays out parameters, inputs, scratch and output in one pool with guards between them, runs
 * the kernel, and reports the first wrong element, or the first region other than output and
 * scratch that changed. The scratch has as many bytes as the kernel states that it needs, which have
 * to be those the plan compiler reckons with. An input may lie over the output, as far as a plan may
 * place it; the result has to be the same. Ends with "N passed, M failed"; the status is 0 when none
 * failed.
 *
 * A file that announces STREAM cases is a pipe: the runner answers each case with "passed" or
 * "failed" as it comes, until the pipe ends.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "case_trace.h"
#include "cortex_m/runtime.h"
#include "operators.h"

#define POOL_BYTES (192u * 1024u)
#define GUARD_BYTES 32u
#define MOST_BUFFERS CASE_TRACE_INPUTS
#define MOST_STORED 8u
#define MOST_REPORTS 20
#define ISAS 3u
#define NO_BUFFER 0xffffffffu
#define STREAM 0xffffffffu

#ifndef CORTEX_M_ISA
#define CORTEX_M_ISA "scalar"  // the host's
#endif

typedef struct {
  char magic[4];
  uint32_t cases;
} file_header;

/**
 * Where a tensor goes: its size, and how far off 16-byte alignment it is placed. An input that lies
 * differently for each ISA is in the file more than once; `isas` has a bit for each it is for.
 */
typedef struct {
  uint32_t bytes;
  uint32_t misalignment;
  uint32_t isas;
} tensor_header;

/** How one ISA's kernel is called: in which of its ways, and where an input lies over the output. */
typedef struct {
  int32_t tile;
  uint32_t scratch;    /* bytes the plan compiler reckons with, if tile is not 0 */
  uint32_t overlapped; /* which input; NO_BUFFER: none */
  int32_t delta;       /* from the output's start to that input's, in bytes */
} call_header;

typedef struct {
  char operator_name[48];
  char description[128];
  uint32_t isas; /* a bit for each whose kernel can do it */
  uint32_t params_bytes;
  uint32_t scratch_planned; /* not 0: there is a scratch even if the kernel needs none */
  uint32_t output_element_bytes;
  uint32_t stored;
  uint32_t tolerance_bytes; /* 0: every bit has to be right */
  call_header call[ISAS];
  tensor_header buffer[MOST_STORED];
  tensor_header output;
} case_header;

/**
 * A part of the pool. `hash` covers all bytes the kernel may not write from here to the next region:
 * the data, unless `written`, and the guard.
 */
typedef struct {
  const char *name;
  uint8_t *data;
  uint32_t bytes;
  int written;
  uint32_t hash;
} region;

/** The output, and the input that shares bytes with it; null if none does. */
typedef struct {
  uint8_t *output;
  const uint8_t *input;
  uint32_t input_bytes;
} overlay;

static uint8_t pool[POOL_BYTES] __attribute__((aligned(16)));
static uint32_t pool_used;
static region regions[MOST_BUFFERS + MOST_SCRATCHES + 5];
static uint32_t region_count;

static int file;

/**
 * Written for who watches from outside (tests/overlap): before a call what case_trace.h lists, and
 * CASE_TRACE_END after it.
 */
static volatile uint32_t told;

static int read_exactly(void *buffer, uint32_t bytes) {
  uint8_t *target = buffer;
  while (bytes != 0) {
    const int count = cortex_m_host_read(file, target, bytes);
    if (count <= 0) {
      return 0;
    }
    target += count;
    bytes -= (uint32_t)count;
  }
  return 1;
}

/** Passes over what the file has for another ISA. */
static int skip(uint32_t bytes) {
  uint8_t skipped[64];
  for (bytes = (bytes + 7u) & ~7u; bytes != 0;) {
    const uint32_t count = bytes < sizeof skipped ? bytes : (uint32_t)sizeof skipped;
    if (!read_exactly(skipped, count)) {
      return 0;
    }
    bytes -= count;
  }
  return 1;
}

/** The number of the ISA this runner is compiled for. */
static uint32_t own_isa(void) {
  static const char *const isas[ISAS] = {"scalar", "dsp", "mve"};
  uint32_t number = 0;
  while (strcmp(isas[number], CORTEX_M_ISA) != 0) {
    ++number;
  }
  return number;
}

/** Takes the next part of the pool; null when it is full. */
static uint8_t *place(const char *name, uint32_t bytes, uint32_t misalignment, int written) {
  const uint32_t start = ((pool_used + 15u) & ~15u) + misalignment;
  if (bytes > POOL_BYTES || start + bytes + GUARD_BYTES > POOL_BYTES) {
    return NULL;
  }
  memset(pool + pool_used, 0xa5, start - pool_used);
  memset(pool + start + bytes, 0xa5, GUARD_BYTES);
  pool_used = start + bytes + GUARD_BYTES;
  regions[region_count++] = (region){name, pool + start, bytes, written, 0};
  return pool + start;
}

/** Fills a part of the pool from the file, which pads to a multiple of 8; null if it cannot. */
static uint8_t *fill(uint8_t *data, uint32_t bytes) {
  uint8_t padding[8];
  if (data == NULL || !read_exactly(data, bytes) || !read_exactly(padding, -bytes & 7u)) {
    return NULL;
  }
  return data;
}

/** As place, and filled. */
static uint8_t *load(const char *name, uint32_t bytes, uint32_t misalignment) {
  return fill(place(name, bytes, misalignment, 0), bytes);
}

/**
 * Lays an input and the output into one part of the pool, and fills the input. The regions stand in
 * the order of their addresses; what follows one up to the next is covered by the hash of the first.
 *
 * Returns: the input; null when the pool is full or the file ends.
 */
static uint8_t *load_overlapped(const char *name, uint32_t bytes, const case_header *header,
                                int32_t delta, overlay *shared) {
  const uint32_t before = delta < 0 ? 0u - (uint32_t)delta : 0u;
  const uint32_t after = delta < 0 ? 0u : (uint32_t)delta;
  const uint32_t ends[] = {before + header->output.bytes, after + bytes};
  // The output is misaligned as the case says, the input by the distance.
  const uint32_t misalignment = (header->output.misalignment - before) & 15u;
  const uint32_t first = region_count;
  uint8_t *data = place(name, ends[0] > ends[1] ? ends[0] : ends[1], misalignment, 0);
  if (data == NULL) {
    return NULL;
  }
  *shared = (overlay){data + before, data + after, bytes};
  const region written = {"the output", shared->output, header->output.bytes, 1, 0};
  if (before != 0) {
    regions[region_count++] = written;
  } else {
    regions[first] = written;
  }
  return fill(data + after, bytes);
}

static uint32_t hash_of(uint32_t index) {
  const region *r = &regions[index];
  const uint8_t *byte = r->written ? r->data + r->bytes : r->data;
  const uint8_t *end = index + 1 < region_count ? regions[index + 1].data : pool + pool_used;
  uint32_t hash = 2166136261u;
  while (byte != end) {
    hash = (hash ^ *byte++) * 16777619u;
  }
  return hash;
}

static int32_t element(const uint8_t *data, uint32_t bytes) {
  if (bytes == 1) {
    return (int8_t)data[0];
  }
  int32_t value = 0;
  memcpy(&value, data, bytes < sizeof value ? bytes : sizeof value);
  return value;
}

/** The start of a failure's line; in parts, because the console cuts a long printf. */
static void write_failure(const case_header *header, uint32_t number) {
  cortex_m_printf("FAIL case %u %s (", (unsigned)number, header->operator_name);
  cortex_m_write(header->description);
  cortex_m_write("): ");
}

/** Whether a float is as far from the expected one as it may be; any NaN is as good as another. */
static int is_close(const uint8_t *output, const uint8_t *expected, const uint8_t *tolerance) {
  float got;
  float wanted;
  float allowed;
  memcpy(&got, output, sizeof got);
  memcpy(&wanted, expected, sizeof wanted);
  memcpy(&allowed, tolerance, sizeof allowed);
  if (wanted != wanted) {
    return got != got;
  }
  const float error = got > wanted ? got - wanted : wanted - got;
  return allowed > 0.0f && (got == wanted || error <= allowed);
}

/** Prints what is wrong with the output; 0 if it is right. */
static int compare(const case_header *header, uint32_t number, const uint8_t *output,
                   const uint8_t *expected, const uint8_t *tolerance, int report) {
  const uint32_t size = header->output_element_bytes;
  for (uint32_t i = 0; i < header->output.bytes; i += size) {
    if (memcmp(output + i, expected + i, size) != 0 &&
        (tolerance == NULL || !is_close(output + i, expected + i, tolerance + i))) {
      if (report) {
        write_failure(header, number);
        cortex_m_printf("element %u: expected %d, got %d%s\n", (unsigned)(i / size),
                        (int)element(expected + i, size), (int)element(output + i, size),
                        size == 4 ? " (as bits)" : "");
      }
      return 1;
    }
  }
  for (uint32_t i = 0; i < region_count; ++i) {
    if (hash_of(i) != regions[i].hash) {
      if (report) {
        write_failure(header, number);
        cortex_m_printf("wrote outside its output, %s %s\n",
                        regions[i].written ? "after" : "in or after", regions[i].name);
      }
      return 1;
    }
  }
  return 0;
}

static const operator_entry *find_operator(const char *name) {
  for (const operator_entry *entry = operators; entry->name != NULL; ++entry) {
    if (strcmp(entry->name, name) == 0) {
      return entry;
    }
  }
  return NULL;
}

/** What a case came to. */
enum { PASSED, FAILED, OTHER_ISA, UNUSABLE, NO_CASE };

static int skip_case(const case_header *header) {
  int rest = skip(header->params_bytes);
  for (uint32_t i = 0; rest && i < header->stored; ++i) {
    rest = header->buffer[i].bytes == NO_BUFFER || skip(header->buffer[i].bytes);
  }
  rest = rest && skip(header->output.bytes) && skip(header->tolerance_bytes);
  return rest ? OTHER_ISA : NO_CASE;
}

/**
 * Loads the inputs that are for this ISA, null ones among them, and the output with the input that
 * lies over it; -1 if they do not fit, or are more than a kernel takes.
 */
static int load_buffers(const case_header *header, const void **buffers, overlay *shared) {
  static const char *const names[MOST_BUFFERS] = {"input 0", "input 1", "input 2",
                                                  "input 3", "input 4", "input 5"};
  const call_header *call = &header->call[own_isa()];
  const uint32_t isa = 1u << own_isa();
  uint32_t count = 0;
  for (uint32_t i = 0; i < header->stored; ++i) {
    const tensor_header *tensor = &header->buffer[i];
    if ((tensor->isas & isa) == 0) {
      if (!skip(tensor->bytes)) {
        return -1;
      }
      continue;
    }
    if (count == MOST_BUFFERS) {
      return -1;
    }
    if (tensor->bytes != NO_BUFFER) {
      buffers[count] = count == call->overlapped
                           ? load_overlapped(names[count], tensor->bytes, header, call->delta, shared)
                           : load(names[count], tensor->bytes, tensor->misalignment);
      if (buffers[count] == NULL) {
        return -1;
      }
    }
    ++count;
  }
  return (int)count;
}

static void tell(const void *data, uint32_t bytes) {
  told = (uint32_t)(uintptr_t)data;
  told = bytes;
}

static void tell_inputs(const case_header *header, const void *const *buffers) {
  uint32_t count = 0;
  for (uint32_t i = 0; i < header->stored; ++i) {
    if ((header->buffer[i].isas & 1u << own_isa()) != 0) {
      tell(buffers[count], buffers[count] == NULL ? 0 : header->buffer[i].bytes);
      ++count;
    }
  }
  for (; count < MOST_BUFFERS; ++count) {
    tell(NULL, 0);
  }
}

static int run_case(uint32_t number, int report) {
  static const char *const scratch_names[MOST_SCRATCHES] = {"the scratch", "the second scratch"};
  case_header header;
  if (!read_exactly(&header, sizeof header)) {
    return NO_CASE;
  }
  if (header.stored > MOST_STORED) {
    cortex_m_printf("case %u: malformed case file\n", (unsigned)number);
    return UNUSABLE;
  }
  if ((header.isas & 1u << own_isa()) == 0) {
    return skip_case(&header);
  }
  const operator_entry *entry = find_operator(header.operator_name);
  if (entry == NULL) {
    cortex_m_printf("case %u: no operator %s in this runner\n", (unsigned)number,
                    header.operator_name);
    return UNUSABLE;
  }
  if (entry->params_bytes != header.params_bytes) {
    cortex_m_printf("case %u %s: %u bytes of parameters, the kernel takes %u\n", (unsigned)number,
                    entry->name, (unsigned)header.params_bytes, (unsigned)entry->params_bytes);
    return UNUSABLE;
  }

  const call_header *call = &header.call[own_isa()];
  const void *buffers[MOST_BUFFERS] = {0};
  overlay shared = {NULL, NULL, 0};
  pool_used = 0;
  region_count = 0;
  int placed = place("the start", 0, 0, 0) != NULL;
  const uint8_t *params = load("the parameters", header.params_bytes, 0);
  placed = placed && params != NULL;
  const int loaded = placed ? load_buffers(&header, buffers, &shared) : -1;
  if (loaded >= 0 && (uint32_t)loaded != entry->buffers) {
    cortex_m_printf("case %u %s: %d inputs, the kernel takes %u\n", (unsigned)number, entry->name,
                    loaded, (unsigned)entry->buffers);
    return UNUSABLE;
  }
  placed = loaded >= 0;
  const uint8_t *expected =
      placed ? load("the expected output", header.output.bytes, 0) : NULL;
  const uint8_t *tolerance = NULL;
  if (expected != NULL && header.tolerance_bytes != 0) {
    tolerance = load("the tolerance", header.tolerance_bytes, 0);
    placed = tolerance != NULL && header.tolerance_bytes == header.output.bytes;
  }
  void *scratches[MOST_SCRATCHES] = {0};
  uint32_t scratch_bytes[MOST_SCRATCHES] = {0};
  for (uint32_t i = 0; placed && i < MOST_SCRATCHES && entry->scratch_bytes[i] != NULL; ++i) {
    const uint32_t bytes = entry->scratch_bytes[i](params, call->tile);
    if (call->tile != 0 && bytes != call->scratch) {
      write_failure(&header, number);
      cortex_m_printf("tile %d: %u B of scratch, the plan reckons with %u B\n", (int)call->tile,
                      (unsigned)bytes, (unsigned)call->scratch);
      return FAILED;
    }
    if (bytes != 0 || header.scratch_planned != 0) {
      uint8_t *scratch = place(scratch_names[i], bytes, 0, 1);
      placed = scratch != NULL;
      if (placed) {
        memset(scratch, 0xc3, bytes);
      }
      scratches[i] = scratch;
      scratch_bytes[i] = bytes;
    }
  }
  uint8_t *const output =
      shared.output != NULL
          ? shared.output
          : place("the output", header.output.bytes, header.output.misalignment, 1);
  if (!placed || expected == NULL || output == NULL) {
    cortex_m_printf("case %u: truncated case file, or more than %u bytes\n", (unsigned)number,
                    POOL_BYTES);
    return UNUSABLE;
  }
  for (uint32_t i = 0; i < header.output.bytes; ++i) {
    if ((uintptr_t)(output + i) - (uintptr_t)shared.input >= shared.input_bytes) {
      output[i] = (uint8_t)~expected[i];  // so that a byte left out is always wrong
    }
  }
  for (uint32_t i = 0; i < region_count; ++i) {
    regions[i].hash = hash_of(i);
  }
  told = CASE_TRACE_FIRST;
  told = CASE_TRACE_SECOND;
  tell(pool, POOL_BYTES);
  tell(&header, sizeof header);  // on the stack
  tell(output, header.output.bytes);
  for (uint32_t i = 0; i < MOST_SCRATCHES; ++i) {
    tell(scratches[i], scratch_bytes[i]);
  }
  tell_inputs(&header, buffers);
  entry->run(params, buffers, scratches, call->tile, output);
  told = CASE_TRACE_END;
  return compare(&header, number, output, expected, tolerance, report) == 0 ? PASSED : FAILED;
}

int main(void) {
  char command_line[512];
  const char *path = command_line;
  if (cortex_m_host_command_line(command_line, sizeof command_line) < 0) {
    cortex_m_write("no command line\n");
    return 2;
  }
  for (const char *c = command_line; *c != '\0'; ++c) {
    if (*c == ' ') {
      path = c + 1;
    }
  }
  file = cortex_m_host_open(path);
  if (file < 0) {
    cortex_m_printf("cannot open the case file '%s'\n", path);
    return 2;
  }
  file_header header;
  if (!read_exactly(&header, sizeof header) || memcmp(header.magic, "CMK4", 4) != 0) {
    cortex_m_printf("'%s' is not a case file\n", path);
    return 2;
  }
  const int streamed = header.cases == STREAM;
  int passed = 0;
  int failed = 0;
  for (uint32_t number = 0; number != header.cases; ++number) {
    const int result = run_case(number, streamed || failed < MOST_REPORTS);
    if (result == NO_CASE && streamed) {
      break;
    }
    if (result == NO_CASE) {
      cortex_m_printf("case %u: truncated case file\n", (unsigned)number);
    }
    if (result == UNUSABLE || result == NO_CASE) {
      return 2;
    }
    passed += result == PASSED;
    failed += result == FAILED;
    if (streamed) {
      cortex_m_write(result == FAILED ? "failed\n" : "passed\n");
    }
  }
  cortex_m_host_close(file);
  cortex_m_printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
