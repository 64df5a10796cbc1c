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

static int8_t *fill(int8_t *output, int32_t value, int32_t count) {
  memset(output, (int)value, (size_t)count);
  return output + count;
}

static int32_t total(extent e) { return e.before + e.copied + e.after; }

void cortex_m_pad(const int8_t *input, const cortex_m_pad_params *params, int8_t *output) {
  const cortex_m_dims dims = params->input;
  const int32_t value = params->value;
  const extent n = extent_of(dims.n, params->pre[0], params->post[0]);
  const extent h = extent_of(dims.h, params->pre[1], params->post[1]);
  const extent w = extent_of(dims.w, params->pre[2], params->post[2]);
  const extent c = extent_of(dims.c, params->pre[3], params->post[3]);
  const int32_t pixel = total(c);
  const int32_t row = total(w) * pixel;
  const int32_t image = total(h) * row;

  output = fill(output, value, n.before * image);
  for (int32_t in = n.skipped; in < n.skipped + n.copied; ++in) {
    output = fill(output, value, h.before * row);
    for (int32_t ih = h.skipped; ih < h.skipped + h.copied; ++ih) {
      const int8_t *source =
          input + (((in * dims.h + ih) * dims.w + w.skipped) * dims.c + c.skipped);
      output = fill(output, value, w.before * pixel);
      if (c.copied == dims.c && pixel == dims.c) {
        const int32_t bytes = w.copied * dims.c;
        memcpy(output, source, (size_t)bytes);
        output += bytes;
      } else {
        for (int32_t iw = 0; iw < w.copied; ++iw) {
          output = fill(output, value, c.before);
          memcpy(output, source, (size_t)c.copied);
          output = fill(output + c.copied, value, c.after);
          source += dims.c;
        }
      }
      output = fill(output, value, w.after * pixel);
    }
    output = fill(output, value, h.after * row);
  }
  fill(output, value, n.after * image);
}
