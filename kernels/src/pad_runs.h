// SPDX-License-Identifier: Apache-2.0
/** What padding shares on all ISAs. Private. */
#ifndef CORTEX_M_KERNELS_PAD_RUNS_H
#define CORTEX_M_KERNELS_PAD_RUNS_H

#include <stdint.h>

#include "cortex_m/kernels/copy.h"

/** One dimension: how many output elements come before, from and after the input. */
typedef struct {
  int32_t before;
  int32_t skipped; /**< input elements removed at the start */
  int32_t copied;
  int32_t after;
} cortex_m_pad_extent;

static inline cortex_m_pad_extent cortex_m_pad_extent_of(int32_t input, int32_t pre, int32_t post) {
  const int32_t skipped = pre < 0 ? -pre : 0;
  const int32_t before = pre > 0 ? pre : 0;
  const int32_t after = post > 0 ? post : 0;
  const int32_t copied = input + pre + post - before - after;
  return (cortex_m_pad_extent){before, skipped, copied, after};
}

/** Elements of the output. */
static inline int32_t cortex_m_pad_total(cortex_m_pad_extent along) {
  return along.before + along.copied + along.after;
}

/** What the kernel writes with: everything else counts in bytes. */
typedef struct {
  int32_t value;
  int32_t element_bytes;
} cortex_m_pad_filler;

/** Copies and fills of `bytes` bytes, perhaps none; each returns where it ends. */
typedef uint8_t *cortex_m_pad_copy(uint8_t *to, const uint8_t *from, int32_t bytes);
typedef uint8_t *cortex_m_pad_fill(uint8_t *to, cortex_m_pad_filler with, int32_t bytes);

/** Copies to where the source lies or before it, from the first byte to the last. */
static inline uint8_t *cortex_m_copy_upward(uint8_t *to, const uint8_t *from, int32_t bytes) {
  if (to == from) {
    return to + bytes;
  }
  for (; bytes >= 4; bytes -= 4) {
    const uint8_t first = from[0];
    const uint8_t second = from[1];
    const uint8_t third = from[2];
    const uint8_t fourth = from[3];
    from += 4;
    to[0] = first;
    to[1] = second;
    to[2] = third;
    to[3] = fourth;
    to += 4;
  }
  for (; bytes > 0; --bytes) {
    *to++ = *from++;
  }
  return to;
}

/** cortex_m_pad by `copy` and `fill`, which are inlined. */
static inline void cortex_m_pad_runs(const void *input, const cortex_m_pad_params *params,
                                     cortex_m_pad_copy *copy, cortex_m_pad_fill *fill,
                                     void *output) {
  const cortex_m_dims dims = params->input;
  const int32_t bytes = params->element_bytes;
  const cortex_m_pad_filler with = {params->value, bytes};
  const cortex_m_pad_extent n = cortex_m_pad_extent_of(dims.n, params->pre[0], params->post[0]);
  const cortex_m_pad_extent h = cortex_m_pad_extent_of(dims.h, params->pre[1], params->post[1]);
  const cortex_m_pad_extent w = cortex_m_pad_extent_of(dims.w, params->pre[2], params->post[2]);
  const cortex_m_pad_extent c = cortex_m_pad_extent_of(dims.c, params->pre[3], params->post[3]);
  const int32_t pixel = cortex_m_pad_total(c) * bytes;
  const int32_t row = cortex_m_pad_total(w) * pixel;
  const int32_t image = cortex_m_pad_total(h) * row;
  uint8_t *target = output;

  target = fill(target, with, n.before * image);
  for (int32_t in = n.skipped; in < n.skipped + n.copied; ++in) {
    target = fill(target, with, h.before * row);
    for (int32_t ih = h.skipped; ih < h.skipped + h.copied; ++ih) {
      const uint8_t *source =
          (const uint8_t *)input +
          (((in * dims.h + ih) * dims.w + w.skipped) * dims.c + c.skipped) * bytes;
      target = fill(target, with, w.before * pixel);
      if (c.copied == dims.c && pixel == dims.c * bytes) {
        target = copy(target, source, w.copied * pixel);
      } else {
        for (int32_t iw = 0; iw < w.copied; ++iw) {
          target = fill(target, with, c.before * bytes);
          target = copy(target, source, c.copied * bytes);
          target = fill(target, with, c.after * bytes);
          source += dims.c * bytes;
        }
      }
      target = fill(target, with, w.after * pixel);
    }
    target = fill(target, with, h.after * row);
  }
  fill(target, with, n.after * image);
}

#endif  // CORTEX_M_KERNELS_PAD_RUNS_H
