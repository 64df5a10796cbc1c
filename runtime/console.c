// SPDX-License-Identifier: Apache-2.0
#include "cortex_m/runtime.h"

void cortex_m_write(const char *text) { cortex_m_console_write(text); }
