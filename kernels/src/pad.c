// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <string.h>

#include "cortex_m/kernels/copy.h"

/** One dimension: how many output elements come before, from and after the input. */
typedef struct {
  int32_t before;
  int32_t skipped; /**< input elements removed at the start */
  int32_t copied;
  int32_t after;
} extent;

static extent extent_of(int32_t input, int32_t pre, int32_t post) {
  const int32_t skipped = pre < 0 ? -pre : 0;
  const int32_t before = pre > 0 ? pre : 0;
  const int32_t after = post > 0 ? post : 0;
  const int32_t copied = input + pre + post - before - after;
  return (extent){before, skipped, copied, after};
}

/** What the kernel writes with: everything else counts in bytes. */
typedef struct {
  int32_t value;
  int32_t element_bytes;
} filler;

static uint8_t *fill(uint8_t *output, filler with, int32_t bytes) {
  if (with.element_bytes == 1) {
    memset(output, (int)with.value, (size_t)bytes);
    return output + bytes;
  }
  for (const uint8_t *end = output + bytes; output != end; output += with.element_bytes) {
    memcpy(output, &with.value, (size_t)with.element_bytes);  // the low bytes: little-endian
  }
  return output;
}

static int32_t total(extent e) { return e.before + e.copied + e.after; }

void cortex_m_pad(const void *input, const cortex_m_pad_params *params, void *output) {
  const cortex_m_dims dims = params->input;
  const int32_t bytes = params->element_bytes;
  const filler with = {params->value, bytes};
  const extent n = extent_of(dims.n, params->pre[0], params->post[0]);
  const extent h = extent_of(dims.h, params->pre[1], params->post[1]);
  const extent w = extent_of(dims.w, params->pre[2], params->post[2]);
  const extent c = extent_of(dims.c, params->pre[3], params->post[3]);
  const int32_t pixel = total(c) * bytes;
  const int32_t row = total(w) * pixel;
  const int32_t image = total(h) * row;
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
        const int32_t run = w.copied * pixel;
        memcpy(target, source, (size_t)run);
        target += run;
      } else {
        for (int32_t iw = 0; iw < w.copied; ++iw) {
          target = fill(target, with, c.before * bytes);
          memcpy(target, source, (size_t)(c.copied * bytes));
          target = fill(target + c.copied * bytes, with, c.after * bytes);
          source += dims.c * bytes;
        }
      }
      target = fill(target, with, w.after * pixel);
    }
    target = fill(target, with, h.after * row);
  }
  fill(target, with, n.after * image);
}
