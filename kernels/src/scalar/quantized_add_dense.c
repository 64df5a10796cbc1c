// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/add.h"
#include "requantize.h"

/** From an operand to the common scale: 2^20 * value * multiplier / 2^31 = the product / 2^11. */
typedef struct {
  int32_t zero_point;
  int32_t upper; /**< the multiplier's bits from 11 up */
  int32_t lower; /**< the 11 below them */
  int32_t right; /**< minus the shift: 0 .. 31 */
} operand;

static operand operand_of(int32_t zero_point, int32_t multiplier, int32_t shift) {
  return (operand){zero_point, multiplier >> 11, multiplier & 0x7ff, -shift};
}

/** requantize((value - zero_point) << 20, multiplier, shift), in 32-bit products. */
static inline int32_t rescale(int8_t value, const operand *from) {
  // At most 255 * 2^20 each; 2^10 rounds.
  const int32_t centred = value - from->zero_point;
  int32_t scaled = centred * from->upper + ((centred * from->lower + 1024) >> 11);
  // Twice the value, and for negative ones 1 less: rounds ties away from zero; a shift of 0 too.
  return (((scaled * 2 + (scaled >> 31)) >> from->right) + 1) >> 1;
}

void cortex_m_quantized_add_dense(const int8_t *self, const int8_t *other,
                                  const cortex_m_quantized_add_params *params, int8_t *output) {
  const operand a =
      operand_of(params->self_zero_point, params->self_multiplier, params->self_shift);
  const operand b =
      operand_of(params->other_zero_point, params->other_multiplier, params->other_shift);
  const cortex_m_channel sum = {0, params->output_multiplier, ~params->output_shift};
  const cortex_m_output narrow = {2 * params->output_zero_point + 1, params->activation_min,
                                  params->activation_max};
  int32_t left = params->shape.output_dims[0];
  for (; left >= 4; left -= 4) {
    // One operand after the other, for its constants to stay in registers.
    int32_t sums[4] = {rescale(self[0], &a), rescale(self[1], &a), rescale(self[2], &a),
                       rescale(self[3], &a)};
    sums[0] += rescale(other[0], &b);
    sums[1] += rescale(other[1], &b);
    sums[2] += rescale(other[2], &b);
    sums[3] += rescale(other[3], &b);
    cortex_m_finish_quad(sums, &sum, &narrow, 1, output);
    self += 4;
    other += 4;
    output += 4;
  }
  for (; left > 0; --left) {
    *output++ = cortex_m_finish(rescale(*self++, &a) + rescale(*other++, &b), &sum, &narrow);
  }
}
