// SPDX-License-Identifier: Apache-2.0
/*
 * A QEMU plugin that records when a kernel reads and writes each byte of its buffers.
 *
 *   -plugin tracer.so,out=TRACE
 *
 * The case runner tells where the buffers of a call lie (tests/kernels/case_trace.h). TRACE, in int32,
 * per call:
 *   counts   in bytes: stores outside of output, scratch and stack; loads of scratch before it was
 *            written; loads of the output before it was written
 *   sizes    bytes of the output and of each input
 *   times    of each byte of the output: of its first store, and of its last; of each byte of each
 *            input: of its last load
 * A time is the number of an access in its call, from 1; 0 is never.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kernels/case_trace.h"
#include "tools/profile/qemu_plugin.h"

int qemu_plugin_version = QEMU_PLUGIN_API;

/* In the order in which the runner tells of them. */
enum { POOL, STACK, OUTPUT, SCRATCH, INPUT = SCRATCH + 2, REGIONS = INPUT + CASE_TRACE_INPUTS };

/* Stores this far below the runner's own variables are the kernel's stack. */
enum { STACK_BYTES = 16384 };

struct region {
  uint32_t start;
  uint32_t bytes;
};

enum { STRAY_STORES, EARLY_SCRATCH, EARLY_OUTPUT, COUNTS };

static struct {
  uint64_t word; /* where the runner writes what it tells; 0 if not known */
  uint32_t before;
  int told; /* of both numbers of each region; -1: nothing is being told */
  bool active;
  int32_t now;
  struct region region[REGIONS];
  int32_t count[COUNTS];
  int32_t *first; /* by byte of the pool: the first store, */
  int32_t *last;  /* the last store, */
  int32_t *load;  /* and the last load */
} state = {.told = -1};

static FILE *output;

static bool contains(struct region region, uint64_t address) {
  return address >= region.start && address - region.start < region.bytes;
}

static int32_t *cleared(int32_t *list, uint32_t count) {
  list = realloc(list, count * sizeof *list);
  if (list == NULL) {
    fputs("tracer: out of memory\n", stderr);
    exit(1);
  }
  memset(list, 0, count * sizeof *list);
  return list;
}

static void begin(void) {
  const uint32_t bytes = state.region[POOL].bytes;
  state.first = cleared(state.first, bytes);
  state.last = cleared(state.last, bytes);
  state.load = cleared(state.load, bytes);
  memset(state.count, 0, sizeof state.count);
  state.now = 0;
  state.active = true;
}

static void write_times(const int32_t *times, struct region of) {
  fwrite(times + (of.start - state.region[POOL].start), sizeof *times, of.bytes, output);
}

static void end(void) {
  const struct region none = {state.region[POOL].start, 0};
  int32_t sizes[1 + CASE_TRACE_INPUTS];
  sizes[0] = (int32_t)state.region[OUTPUT].bytes;
  for (uint32_t i = 0; i < CASE_TRACE_INPUTS; ++i) {
    sizes[1 + i] = (int32_t)state.region[INPUT + i].bytes;
  }
  fwrite(state.count, sizeof state.count[0], COUNTS, output);
  fwrite(sizes, sizeof sizes[0], 1 + CASE_TRACE_INPUTS, output);
  write_times(state.first, state.region[OUTPUT]);
  write_times(state.last, state.region[OUTPUT]);
  for (uint32_t i = 0; i < CASE_TRACE_INPUTS; ++i) {
    write_times(state.load, sizes[1 + i] != 0 ? state.region[INPUT + i] : none);
  }
  state.active = false;
}

/* A store to the runner's word, or one that shows which word it is. */
static void hear(uint64_t address, uint32_t value) {
  if (value == CASE_TRACE_SECOND && state.before == CASE_TRACE_FIRST) {
    state.word = address;
    state.told = 0;
    state.active = false;
  } else if (address == state.word && state.told >= 0) {
    struct region *region = &state.region[state.told / 2];
    *(state.told % 2 == 0 ? &region->start : &region->bytes) = value;
    if (++state.told == 2 * REGIONS) {
      state.told = -1;
      begin();
    }
  } else if (address == state.word && value == CASE_TRACE_END && state.active) {
    end();
  }
  state.before = value;
}

static bool is_scratch(uint64_t address) {
  return contains(state.region[SCRATCH], address) || contains(state.region[SCRATCH + 1], address);
}

static bool is_input(uint64_t address) {
  bool found = false;
  for (int i = INPUT; i < REGIONS; ++i) {
    found |= contains(state.region[i], address);
  }
  return found;
}

static void stored(uint64_t address) {
  const struct region stack = {state.region[STACK].start - STACK_BYTES, STACK_BYTES};
  if (!contains(state.region[OUTPUT], address) && !is_scratch(address)) {
    state.count[STRAY_STORES] += !contains(stack, address);
    return;
  }
  const uint64_t at = address - state.region[POOL].start;
  if (state.first[at] == 0) {
    state.first[at] = state.now;
  }
  state.last[at] = state.now;
}

static void loaded(uint64_t address) {
  if (!contains(state.region[POOL], address)) {
    return;
  }
  const uint64_t at = address - state.region[POOL].start;
  state.load[at] = state.now;
  if (state.first[at] == 0) {
    state.count[EARLY_SCRATCH] += is_scratch(address);
    state.count[EARLY_OUTPUT] += contains(state.region[OUTPUT], address) && !is_input(address);
  }
}

static void accessed(unsigned int core, qemu_plugin_meminfo_t access, uint64_t address,
                     void *data) {
  const uint64_t bytes = UINT64_C(1) << qemu_plugin_mem_size_shift(access);
  const bool is_store = qemu_plugin_mem_is_store(access);
  (void)core;
  (void)data;
  if (is_store && bytes == 4) {
    const bool was_active = state.active;
    hear(address, qemu_plugin_mem_get_value(access).data.u32);
    if (was_active != state.active || address == state.word) {
      return;
    }
  }
  if (!state.active) {
    return;
  }
  ++state.now;
  for (uint64_t i = 0; i < bytes; ++i) {
    if (is_store) {
      stored(address + i);
    } else {
      loaded(address + i);
    }
  }
}

static void translated(struct qemu_plugin_tb *block, void *data) {
  (void)data;
  for (size_t i = 0; i < qemu_plugin_tb_n_insns(block); ++i) {
    qemu_plugin_register_vcpu_mem_cb(qemu_plugin_tb_get_insn(block, i), accessed,
                                     QEMU_PLUGIN_NO_REGISTERS, QEMU_PLUGIN_READ_OR_WRITE, NULL);
  }
}

static void finish(void *data) {
  (void)data;
  fclose(output);
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  (void)info;
  output = argc == 1 && strncmp(argv[0], "out=", 4) == 0 ? fopen(argv[0] + 4, "wb") : NULL;
  if (output == NULL) {
    fputs("tracer: out=FILE cannot be written\n", stderr);
    return 1;
  }
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated, NULL);
  qemu_plugin_register_atexit_cb(id, finish, NULL);
  return 0;
}
