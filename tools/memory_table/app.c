// SPDX-License-Identifier: Apache-2.0
// Runs the model once and reports its memory, in `name value` lines; the application itself has no
// data of its own.

#include "conv2d_x3.h"
#include "cortex_m/runtime.h"

// The test case's input: a ramp from 0 to 10 over the tensor, whose layout is channels-last.
static void fill(float *image) {
  const int channels = 3;
  const int pixels = CONV2D_X3_INPUT_0_ELEMENTS / channels;
  for (int channel = 0; channel < channels; ++channel) {
    for (int pixel = 0; pixel < pixels; ++pixel) {
      const float position = (float)(channel * pixels + pixel);
      image[channels * pixel + channel] = 10.0f * position / (CONV2D_X3_INPUT_0_ELEMENTS - 1);
    }
  }
}

static void report(const char *name, uint32_t value) {
  cortex_m_printf("%s %u\n", name, (unsigned)value);
}

int main(void) {
  fill(conv2d_x3_input_0());
  conv2d_x3_run();
  // Before anything is printed: formatting takes more stack than the model.
  const uint32_t stack = cortex_m_stack_used();
  cortex_m_printf("core %s\nisa %s\n", CORTEX_M_CORE, CORTEX_M_ISA);
  report("constants", CONV2D_X3_CONSTANT_BYTES);
  report("arena", CONV2D_X3_ARENA_BYTES);
  report("static", cortex_m_ram_bytes());
  report("stack", stack);
  report("flash", cortex_m_flash_bytes());
  return 0;
}
