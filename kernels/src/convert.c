// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/kernels/convert.h"

static int64_t truncate(float value) {
  if (value >= 9223372036854775808.0f) {
    return INT64_MAX;
  }
  if (value < -9223372036854775808.0f) {
    return INT64_MIN;
  }
  return value != value ? 0 : (int64_t)value;
}

static int64_t load(const void *input, int32_t type, int32_t i) {
  switch (type) {
    case CORTEX_M_CONVERT_INT8:
      return ((const int8_t *)input)[i];
    case CORTEX_M_CONVERT_INT16:
      return ((const int16_t *)input)[i];
    case CORTEX_M_CONVERT_INT32:
      return ((const int32_t *)input)[i];
    case CORTEX_M_CONVERT_INT64:
      return ((const int64_t *)input)[i];
    default:  // uint8, bool
      return ((const uint8_t *)input)[i];
  }
}

/** The low bytes of an integer; as they are, whatever the sign of the type. */
static void store(int64_t value, void *output, int32_t type, int32_t i) {
  switch (type) {
    case CORTEX_M_CONVERT_FLOAT32:
      ((float *)output)[i] = (float)value;
      break;
    case CORTEX_M_CONVERT_INT16:
      ((int16_t *)output)[i] = (int16_t)value;
      break;
    case CORTEX_M_CONVERT_INT32:
      ((int32_t *)output)[i] = (int32_t)value;
      break;
    case CORTEX_M_CONVERT_INT64:
      ((int64_t *)output)[i] = value;
      break;
    case CORTEX_M_CONVERT_BOOL:
      ((uint8_t *)output)[i] = value != 0;
      break;
    default:  // uint8, int8
      ((uint8_t *)output)[i] = (uint8_t)value;
      break;
  }
}

void cortex_m_convert(const void *input, const cortex_m_convert_params *params, void *output) {
  for (int32_t i = 0; i < params->count; ++i) {
    if (params->from != CORTEX_M_CONVERT_FLOAT32) {
      store(load(input, params->from, i), output, params->to, i);
      continue;
    }
    const float value = ((const float *)input)[i];
    if (params->to == CORTEX_M_CONVERT_BOOL) {
      ((uint8_t *)output)[i] = value != 0.0f;
    } else {
      store(truncate(value), output, params->to, i);
    }
  }
}
