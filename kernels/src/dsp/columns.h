// SPDX-License-Identifier: Apache-2.0
/**
 * Two vectors of inputs as columns of int16, for products with paired weights (pairs.h).
 * Private.
 *
 * Of each four inputs the columns have four words: inputs 0 and 2 of the first vector, its inputs 1
 * and 3, then the same of the second.
 */
#ifndef CORTEX_M_KERNELS_COLUMNS_DSP_H
#define CORTEX_M_KERNELS_COLUMNS_DSP_H

#include <stdint.h>

/** Bytes of the columns of a group of four inputs. */
#define CORTEX_M_COLUMNS_GROUP 16

/** One column being written: appended bytes become two words when there are four of them. */
typedef struct {
  uint32_t *next;
  uint32_t pending; /**< the last bytes, the newest on top */
  int32_t count;    /**< of pending bytes */
  int32_t sum;      /**< of the bytes that have become words */
} cortex_m_column;

/** Appends count bytes; step 4, or 0 to repeat a byte, of which there are eight. */
void cortex_m_append_dsp(cortex_m_column *column, const int8_t *bytes, int32_t count, int32_t step);

/** As cortex_m_append_dsp with step 4, of whole words where none are pending: count % 4 == 0. */
void cortex_m_append_words_dsp(cortex_m_column *column, const int8_t *bytes, int32_t count);

/** Completes the last four with zeros; returns cortex_m_pair_start_dsp of the column. */
int32_t cortex_m_finish_column_dsp(cortex_m_column *column);

#endif  // CORTEX_M_KERNELS_COLUMNS_DSP_H
