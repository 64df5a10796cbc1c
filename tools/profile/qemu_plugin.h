// SPDX-License-Identifier: Apache-2.0
// The part of QEMU's plugin API (its docs/devel/tcg-plugins) that plugins of this repository use, in version 7,
// which QEMU 11.1 has. Declared here because QEMU's packages bring no header.
#ifndef TOOLS_PROFILE_QEMU_PLUGIN_H_
#define TOOLS_PROFILE_QEMU_PLUGIN_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QEMU_PLUGIN_EXPORT __attribute__((visibility("default")))

enum { QEMU_PLUGIN_API = 7 };

// Of a callback: it needs no registers. Of an access: reads and writes. Enumerations in QEMU.
enum { QEMU_PLUGIN_NO_REGISTERS = 0, QEMU_PLUGIN_READ_OR_WRITE = 3 };

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;

// The head of QEMU's structure; `version` is the range of API versions it takes.
typedef struct {
  const char *target_name;
  struct {
    int min;
    int cur;
  } version;
  bool system_emulation;
} qemu_info_t;

struct qemu_plugin_tb;
struct qemu_plugin_insn;

typedef void (*qemu_plugin_tb_trans_cb)(struct qemu_plugin_tb *block, void *data);
typedef void (*qemu_plugin_exec_cb)(unsigned int core, void *data);
typedef void (*qemu_plugin_mem_cb)(unsigned int core, qemu_plugin_meminfo_t access,
                                   uint64_t address, void *data);
typedef void (*qemu_plugin_exit_cb)(void *data);

// What the plugin gives to QEMU.
extern QEMU_PLUGIN_EXPORT int qemu_plugin_version;
QEMU_PLUGIN_EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const qemu_info_t *info, int argc,
                                           char **argv);

// What QEMU gives to the plugin.
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, qemu_plugin_tb_trans_cb call,
                                           void *data);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *block, qemu_plugin_exec_cb call,
                                          int registers, void *data);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *instruction,
                                      qemu_plugin_mem_cb call, int registers, int accesses,
                                      void *data);
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, qemu_plugin_exit_cb call, void *data);

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *block);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *block, size_t index);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *instruction);
size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *instruction, void *to, size_t bytes);

unsigned int qemu_plugin_mem_size_shift(qemu_plugin_meminfo_t access);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t access);

// What an access has read or is to write; the member of its size is set.
typedef struct {
  int size;
  union {
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    struct {
      uint64_t low;
      uint64_t high;
    } u128;
  } data;
} qemu_plugin_mem_value;
qemu_plugin_mem_value qemu_plugin_mem_get_value(qemu_plugin_meminfo_t access);

#endif  // TOOLS_PROFILE_QEMU_PLUGIN_H_
