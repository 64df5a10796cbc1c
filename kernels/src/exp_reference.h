// SPDX-License-Identifier: Apache-2.0
/** The exponential function, bit for bit as the reference computes it. Private. */
#ifndef CORTEX_M_KERNELS_EXP_REFERENCE_H
#define CORTEX_M_KERNELS_EXP_REFERENCE_H

/**
 * expf(x) for x <= 0: glibc's (2.28 and later, x86-64 with FMA), which PyTorch's softmax calls.
 *
 * The same for every one of the 2^31 floats that are not positive. In integers: it needs neither
 * an FPU nor double precision.
 */
float cortex_m_exp_reference(float x);

#endif  // CORTEX_M_KERNELS_EXP_REFERENCE_H
