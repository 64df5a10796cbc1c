// SPDX-License-Identifier: Apache-2.0
/**
 * What the case runner tells whoever watches the stores to one of its words.
 *
 * Before a call: CASE_TRACE_FIRST, CASE_TRACE_SECOND, then address and size in bytes of the pool that
 * holds all buffers, of a variable on the stack above all that the kernel pushes, of the output, of
 * two scratches, and of CASE_TRACE_INPUTS inputs, both 0 for what there is none of. After it:
 * CASE_TRACE_END.
 */
#ifndef TESTS_KERNELS_CASE_TRACE_H
#define TESTS_KERNELS_CASE_TRACE_H

#define CASE_TRACE_FIRST 0x43415345u
#define CASE_TRACE_SECOND 0x54524143u
#define CASE_TRACE_END 0x43454e44u

#define CASE_TRACE_INPUTS 6u

#endif  // TESTS_KERNELS_CASE_TRACE_H
