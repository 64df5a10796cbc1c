// SPDX-License-Identifier: Apache-2.0
/*
 * A QEMU plugin that counts what a model's run function executes, step by step.
 *
 *   -plugin counter.so,map=MAP,out=COUNTS
 *
 * MAP, one line each, numbers in hexadecimal:
 *   run START END     a run function, from its first byte to behind its last
 *   step START        the function of a step; belongs to the run above
 *   ignore START END  code that belongs to nothing: an interrupt's handler
 *
 * Each `run` and `step` line is a bucket, numbered from 0. What is executed between entry and
 * return of a run function counts for the step called last, or for the run itself where its own
 * code executes. COUNTS, numbers in decimal:
 *   run BUCKET INSTRUCTIONS...     a finished run: instructions of its buckets
 *   unfinished BUCKET              a run that had not returned when the emulator ended
 *   block BUCKET START INSTRUCTIONS TIMES LEFT
 *                                  straight code: how often it was executed, and how often what
 *                                  followed was not the next address (a taken branch)
 *   access BUCKET ADDRESS LOADS LOAD_BYTES STORES STORE_BYTES
 *                                  what an instruction read and wrote; one access has 4 bytes at most
 *
 * QEMU calls back per block and per access. The blocks of a Cortex-M end at every branch, and the
 * runtime's single core needs no locks.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

int qemu_plugin_version = QEMU_PLUGIN_API;

enum { HASH_SIZE = 4096, CALLS = 256, NONE = -1 };

struct range {
  uint64_t start;
  uint64_t end;
};

/* `run` is the bucket of the run it belongs to: for a run function, its own. */
struct bucket {
  struct range code;
  int run;
};

struct access {
  uint64_t loads;
  uint64_t load_bytes;
  uint64_t stores;
  uint64_t store_bytes;
};

/* An instruction that accesses memory; `by_bucket` is made when it first does. */
struct instruction {
  struct instruction *next;
  uint64_t address;
  struct access *by_bucket;
};

struct times {
  uint64_t executed;
  uint64_t left;
};

struct block {
  struct block *next;
  uint64_t start;
  uint64_t end;
  size_t instructions;
  bool is_ignored;
  bool ends_in_call;
  bool is_step; /* some step starts here */
  int run;      /* bucket of the run function the block is part of, or NONE */
  struct times *by_bucket;
};

static struct bucket *buckets;
static int bucket_count;
static struct range *ignored;
static int ignored_count;

static struct block *blocks[HASH_SIZE];
static struct instruction *instructions[HASH_SIZE];

static FILE *output;

/* Where the program is. `run` is NONE outside of run functions, else its bucket; `current` the
 * bucket that counts; `last` the block executed last. */
static struct {
  int run;
  int current;
  uint64_t return_address;
  const struct block *last;
  struct times *last_times;
  uint64_t *counted; /* instructions of this run, by bucket */
} state = {.run = NONE, .current = NONE};

/* Return addresses of the calls that led here, while no run function executes. */
static uint64_t calls[CALLS];
static int call_count;

static void *allocate(size_t count, size_t size) {
  void *memory = calloc(count, size);
  if (memory == NULL) {
    fputs("profile: out of memory\n", stderr);
    exit(1);
  }
  return memory;
}

static size_t hash(uint64_t address) { return (size_t)(address >> 1) % HASH_SIZE; }

static bool contains(struct range range, uint64_t address) {
  return range.start <= address && address < range.end;
}

static bool is_ignored(uint64_t address) {
  for (int i = 0; i < ignored_count; ++i) {
    if (contains(ignored[i], address)) {
      return true;
    }
  }
  return false;
}

static bool is_run(int bucket) { return buckets[bucket].run == bucket; }

static void follow_calls(const struct block *now) {
  const struct block *last = state.last;
  if (last != NULL && last->ends_in_call && last->end != now->start) {
    if (call_count == CALLS) {
      memmove(calls, calls + 1, sizeof calls - sizeof calls[0]);
      --call_count;
    }
    calls[call_count++] = last->end;
  }
  /* Not the top alone: a function may have been left without returning. */
  for (int i = call_count - 1; i >= 0; --i) {
    if (calls[i] == now->start) {
      call_count = i;
      return;
    }
  }
}

static void begin_run(int run) {
  state.run = run;
  state.current = run;
  state.return_address = call_count > 0 ? calls[call_count - 1] : 0;
  for (int i = 0; i < bucket_count; ++i) {
    state.counted[i] = 0;
  }
}

static void end_run(void) {
  fprintf(output, "run %d", state.run);
  for (int i = state.run; i < bucket_count && buckets[i].run == state.run; ++i) {
    fprintf(output, " %" PRIu64, state.counted[i]);
  }
  fputc('\n', output);
  state.run = NONE;
  state.last = NULL;
  if (call_count > 0) {
    --call_count;
  }
}

/* The step that starts here. Where the linker has folded steps into one, it is the next in order. */
static int step_at(uint64_t address) {
  int found = NONE;
  for (int i = bucket_count - 1; i > state.run; --i) {
    if (buckets[i].run == state.run && buckets[i].code.start == address &&
        (found == NONE || i > state.current)) {
      found = i;
    }
  }
  return found;
}

static void choose_bucket(const struct block *block) {
  if (block->run == state.run) {
    state.current = state.run;
  } else if (block->is_step) {
    const int step = step_at(block->start);
    if (step != NONE) {
      state.current = step;
    }
  }
}

static void executed(unsigned int core, void *data) {
  struct block *block = data;
  (void)core;
  if (block->is_ignored) {
    return;
  }
  if (state.run == NONE) {
    follow_calls(block);
    if (block->run == NONE || buckets[block->run].code.start != block->start) {
      state.last = block;
      return;
    }
    begin_run(block->run);
  } else if (block->start == state.return_address) {
    ++state.last_times->left;
    end_run();
    state.last = block;
    return;
  } else {
    state.last_times->left += state.last->end != block->start;
    choose_bucket(block);
  }
  if (block->by_bucket == NULL) {
    block->by_bucket = allocate((size_t)bucket_count, sizeof *block->by_bucket);
  }
  state.last = block;
  state.last_times = &block->by_bucket[state.current];
  ++state.last_times->executed;
  state.counted[state.current] += block->instructions;
}

static void accessed(unsigned int core, qemu_plugin_meminfo_t access, uint64_t address,
                     void *data) {
  struct instruction *instruction = data;
  (void)core;
  (void)address;
  if (state.run == NONE) {
    return;
  }
  if (instruction->by_bucket == NULL) {
    instruction->by_bucket = allocate((size_t)bucket_count, sizeof *instruction->by_bucket);
  }
  struct access *counts = &instruction->by_bucket[state.current];
  const uint64_t bytes = UINT64_C(1) << qemu_plugin_mem_size_shift(access);
  if (qemu_plugin_mem_is_store(access)) {
    counts->stores += (bytes + 3) / 4;
    counts->store_bytes += bytes;
  } else {
    counts->loads += (bytes + 3) / 4;
    counts->load_bytes += bytes;
  }
}

/* BL, BLX and BLXNS. */
static bool is_call(const struct qemu_plugin_insn *instruction) {
  uint8_t code[4] = {0};
  const size_t bytes = qemu_plugin_insn_data(instruction, code, sizeof code);
  const unsigned first = code[0] | (unsigned)code[1] << 8;
  const unsigned second = code[2] | (unsigned)code[3] << 8;
  if (bytes == 2) {
    return (first & 0xFF83u) == 0x4780u || (first & 0xFF87u) == 0x4784u;
  }
  return (first & 0xF800u) == 0xF000u && (second & 0xD000u) == 0xD000u;
}

static struct block *new_block(const struct qemu_plugin_tb *translated, uint64_t start,
                               size_t count) {
  const struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(translated, count - 1);
  struct block *block = allocate(1, sizeof *block);
  block->start = start;
  block->end = qemu_plugin_insn_vaddr(last) + qemu_plugin_insn_size(last);
  block->instructions = count;
  block->is_ignored = is_ignored(start);
  block->ends_in_call = is_call(last);
  block->run = NONE;
  for (int i = 0; i < bucket_count; ++i) {
    if (is_run(i) && contains(buckets[i].code, start)) {
      block->run = i;
    }
    block->is_step |= !is_run(i) && buckets[i].code.start == start;
  }
  return block;
}

/* The same record for code that is translated again. */
static struct block *block_of(const struct qemu_plugin_tb *translated) {
  const size_t count = qemu_plugin_tb_n_insns(translated);
  const uint64_t start = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(translated, 0));
  struct block **place = &blocks[hash(start)];
  while (*place != NULL && ((*place)->start != start || (*place)->instructions != count)) {
    place = &(*place)->next;
  }
  if (*place == NULL) {
    *place = new_block(translated, start, count);
  }
  return *place;
}

static struct instruction *instruction_at(uint64_t address) {
  struct instruction **place = &instructions[hash(address)];
  while (*place != NULL && (*place)->address != address) {
    place = &(*place)->next;
  }
  if (*place == NULL) {
    *place = allocate(1, sizeof **place);
    (*place)->address = address;
  }
  return *place;
}

static void translated(struct qemu_plugin_tb *translated_block, void *data) {
  (void)data;
  struct block *block = block_of(translated_block);
  qemu_plugin_register_vcpu_tb_exec_cb(translated_block, executed, QEMU_PLUGIN_NO_REGISTERS,
                                       block);
  if (block->is_ignored) {
    return;
  }
  for (size_t i = 0; i < block->instructions; ++i) {
    struct qemu_plugin_insn *one = qemu_plugin_tb_get_insn(translated_block, i);
    qemu_plugin_register_vcpu_mem_cb(one, accessed, QEMU_PLUGIN_NO_REGISTERS,
                                     QEMU_PLUGIN_READ_OR_WRITE,
                                     instruction_at(qemu_plugin_insn_vaddr(one)));
  }
}

static void write_block(const struct block *block) {
  for (int i = 0; block->by_bucket != NULL && i < bucket_count; ++i) {
    const struct times *times = &block->by_bucket[i];
    if (times->executed != 0) {
      fprintf(output, "block %d %" PRIu64 " %zu %" PRIu64 " %" PRIu64 "\n", i, block->start,
              block->instructions, times->executed, times->left);
    }
  }
}

static void write_accesses(const struct instruction *instruction) {
  for (int i = 0; instruction->by_bucket != NULL && i < bucket_count; ++i) {
    const struct access *counts = &instruction->by_bucket[i];
    if (counts->loads != 0 || counts->stores != 0) {
      fprintf(output, "access %d %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", i,
              instruction->address, counts->loads, counts->load_bytes, counts->stores,
              counts->store_bytes);
    }
  }
}

static void finish(void *data) {
  (void)data;
  if (state.run != NONE) {
    fprintf(output, "unfinished %d\n", state.run);
  }
  for (size_t i = 0; i < HASH_SIZE; ++i) {
    for (const struct block *block = blocks[i]; block != NULL; block = block->next) {
      write_block(block);
    }
    for (const struct instruction *one = instructions[i]; one != NULL; one = one->next) {
      write_accesses(one);
    }
  }
  fclose(output);
}

static void *grown(void *list, int count, size_t size) {
  void *larger = realloc(list, (size_t)(count + 1) * size);
  if (larger == NULL) {
    fputs("profile: out of memory\n", stderr);
    exit(1);
  }
  return larger;
}

static bool read_map(const char *path) {
  FILE *map = path == NULL ? NULL : fopen(path, "r");
  if (map == NULL) {
    return false;
  }
  char kind[8];
  int run = NONE;
  while (fscanf(map, "%7s", kind) == 1) {
    struct range range = {0, 0};
    const bool is_step = strcmp(kind, "step") == 0;
    const int expected = is_step ? 1 : 2;
    const int got = is_step ? fscanf(map, "%" SCNx64, &range.start)
                            : fscanf(map, "%" SCNx64 "%" SCNx64, &range.start, &range.end);
    if (got != expected) {
      break;
    }
    if (strcmp(kind, "ignore") == 0) {
      ignored = grown(ignored, ignored_count, sizeof *ignored);
      ignored[ignored_count++] = range;
      continue;
    }
    run = is_step ? run : bucket_count;
    buckets = grown(buckets, bucket_count, sizeof *buckets);
    buckets[bucket_count++] = (struct bucket){.code = range, .run = run};
  }
  const bool complete = feof(map) != 0;
  fclose(map);
  return complete && run != NONE;
}

static const char *argument(int argc, char **argv, const char *name) {
  const size_t length = strlen(name);
  for (int i = 0; i < argc; ++i) {
    if (strncmp(argv[i], name, length) == 0 && argv[i][length] == '=') {
      return argv[i] + length + 1;
    }
  }
  return NULL;
}

int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc, char **argv) {
  if (strcmp(info->target_name, "arm") != 0 || !info->system_emulation) {
    fputs("profile: the emulator is not qemu-system-arm\n", stderr);
    return 1;
  }
  if (!read_map(argument(argc, argv, "map"))) {
    fputs("profile: map=FILE cannot be read\n", stderr);
    return 1;
  }
  const char *path = argument(argc, argv, "out");
  output = path == NULL ? NULL : fopen(path, "w");
  if (output == NULL) {
    fputs("profile: out=FILE cannot be written\n", stderr);
    return 1;
  }
  state.counted = allocate((size_t)bucket_count, sizeof *state.counted);
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated, NULL);
  qemu_plugin_register_atexit_cb(id, finish, NULL);
  return 0;
}
