// SPDX-License-Identifier: Apache-2.0
/**
 * Weights: blocks of eight outputs, of every four inputs the eight bytes of each of its four pairs
 * (pairs.h); then the outputs that do not fill a block, as pairs.
 */
#include <stddef.h>
#include <string.h>

#include "cortex_m/kernels/linear.h"
#include "pairs.h"
#include "requantize.h"

/** Outputs of a block. */
#define BLOCK 8

/** Bytes of a block's weights of four inputs. */
#define BLOCK_BYTES 32

// Four inputs with four pairs of outputs. Every instruction is 4 bytes long, so that the loop can
// be entered in its middle.
#define UNROLL 2
#define PAIR(even, both)                        \
  "ldrd r12, lr, [r1], #8\n"                    \
  "smlad " both ", r10, r12, " both "\n"        \
  "uxtb16 r12, r12\n"                           \
  "smlad " both ", r11, lr, " both "\n"         \
  "uxtb16 lr, lr\n"                             \
  "smlad " even ", r10, r12, " even "\n"        \
  "smlad " even ", r11, lr, " even "\n"
#define GROUP                    \
  "ldr.w r10, [r0], #4\n"        \
  "sxtb16 r11, r10, ror #8\n"    \
  "sxtb16 r10, r10\n"            \
  PAIR("r2", "r3") PAIR("r4", "r5") PAIR("r6", "r7") PAIR("r8", "r9")
#define GROUP_BYTES 124

/**
 * Adds the products of groups > 0 of four inputs with a block to its sums.
 *
 * In assembly, because 14 values are alive: as inline assembly GCC 15 has no registers left.
 */
__attribute__((naked, noinline)) static void add_products(
    const int8_t *input __attribute__((unused)), const int8_t *weight __attribute__((unused)),
    int32_t groups __attribute__((unused)),
    cortex_m_pair_sums sums[BLOCK / 2] __attribute__((unused))) {
  __asm__ volatile(
      "push {r4-r11, lr}\n"
      "add r12, r0, r2, lsl #2\n"
      "push {r3, r12}\n"
      "and r2, #%c[unroll] - 1\n"
      "mov r12, #%c[bytes]\n"
      "mul r12, r2, r12\n"
      "ldmia r3, {r2-r9}\n"
      ".balign 4\n"
      "add pc, r12\n"
      "nop\n"
      "1:\n" GROUP GROUP
      "ldr r12, [sp, #4]\n"
      "cmp r0, r12\n"
      "bne 1b\n"
      "pop {r10, r12}\n"
      "stmia r10, {r2-r9}\n"
      "pop {r4-r11, pc}\n"
      :
      : [unroll] "i"(UNROLL), [bytes] "i"(GROUP_BYTES));
}

static inline int8_t *output_pair(cortex_m_pair_sums sums, const int32_t *kernel_sum,
                                  const cortex_m_requantization_dsp *to, int8_t *output) {
  output[0] = (int8_t)cortex_m_requantize_s8(cortex_m_double_even(sums, kernel_sum[0]), to);
  output[1] = (int8_t)cortex_m_requantize_s8(cortex_m_double_odd(sums, kernel_sum[1]), to);
  return output + 2;
}

/** The outputs of a block. */
static void output_block(const int8_t *input, const int8_t *weight, int32_t inputs, int32_t start,
                         const int32_t *kernel_sum, const cortex_m_requantization_dsp *to,
                         int8_t *output) {
  cortex_m_pair_sums sums[BLOCK / 2];
  for (int32_t i = 0; i < BLOCK / 2; ++i) {
    sums[i] = (cortex_m_pair_sums){start, start};
  }
  const int32_t whole = inputs / 4;
  const int32_t rest = inputs % 4;
  if (whole != 0) {
    add_products(input, weight, whole, sums);
  }
  if (rest != 0) {
    // The last inputs are copied: the word they lie in may reach past the tensor.
    uint32_t last = 0;
    memcpy(&last, input + 4 * whole, (size_t)rest);
    add_products((const int8_t *)&last, weight + BLOCK_BYTES * whole, 1, sums);
  }
  const cortex_m_requantization_dsp by = *to;
  for (int32_t i = 0; i < BLOCK / 2; ++i) {
    output = output_pair(sums[i], kernel_sum, &by, output);
    kernel_sum += 2;
  }
}

void cortex_m_quantized_linear_folded(const int8_t *input, const int8_t *weight,
                                      const int32_t *kernel_sum,
                                      const cortex_m_quantized_linear_params *params,
                                      int8_t *output) {
  const cortex_m_requantization_dsp to =
      cortex_m_requantization(params->multiplier, params->shift, 2 * params->output_offset + 1);
  const int32_t inputs = params->in_features;
  const int32_t pair_bytes = cortex_m_pair_bytes(inputs);
  for (int32_t row = 0; row < params->rows; ++row) {
    const int32_t start = cortex_m_pair_start_dsp(input, inputs);
    const int8_t *pair = weight;
    const int32_t *sum = kernel_sum;
    int32_t left = params->out_features;
    for (; left >= BLOCK; left -= BLOCK) {
      output_block(input, pair, inputs, start, sum, &to, output);
      pair += BLOCK / 2 * pair_bytes;
      sum += BLOCK;
      output += BLOCK;
    }
    for (; left > 0; left -= 4) {
      cortex_m_pair_sums sums[2];
      cortex_m_dot_vector_dsp(input, pair, left > 2 ? pair + pair_bytes : pair, inputs, start,
                              sums);
      pair += 2 * pair_bytes;
      for (int32_t i = 0; i < 4 && i < left; ++i) {
        const cortex_m_pair_sums both = sums[i / 2];
        const int32_t doubled = i % 2 == 0 ? cortex_m_double_even(both, *sum)
                                           : cortex_m_double_odd(both, *sum);
        ++sum;
        *output++ = (int8_t)cortex_m_requantize_s8(doubled, &to);
      }
    }
    input += inputs;
  }
  const int32_t outputs = params->rows * params->out_features;
  cortex_m_limit_dsp(output - outputs, outputs, params->activation_min, params->activation_max);
}
