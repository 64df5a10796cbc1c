// SPDX-License-Identifier: Apache-2.0
/** For files whose assembly leaves an unoptimized caller too few registers. */
#ifndef CORTEX_M_KERNELS_OPTIMIZED_H
#define CORTEX_M_KERNELS_OPTIMIZED_H

#if defined(__arm__) && !defined(__OPTIMIZE__)
#error "this kernel does not compile at -O0: use -Og (bazel build -c dbg does)"
#endif

#endif  // CORTEX_M_KERNELS_OPTIMIZED_H
