// SPDX-License-Identifier: Apache-2.0
// UART of Arm's Cortex-M System Design Kit (the MPS2 and MPS3 boards).
#include "runtime/console.h"
#include "runtime/symbols.h"
#include "runtime/system.h"

#define UART(offset) CORTEX_M_REGISTER(CORTEX_M_SYMBOL_VALUE(__cortex_m_console_base) + (offset))
#define UART_DATA UART(0x00u)
#define UART_STATE UART(0x04u)
#define UART_CTRL UART(0x08u)
#define UART_BAUDDIV UART(0x10u)

#define UART_STATE_TX_FULL (1u << 0)
#define UART_CTRL_TX_ENABLE (1u << 0)

void cortex_m_console_cmsdk_uart_write(const char *text) {
  // Set up on every call: it also has to work from a fault before anything else has.
  UART_BAUDDIV = CORTEX_M_SYMBOL_VALUE(__cortex_m_console_divisor);
  UART_CTRL = UART_CTRL_TX_ENABLE;
  for (; *text != '\0'; ++text) {
    while ((UART_STATE & UART_STATE_TX_FULL) != 0) {
    }
    UART_DATA = (uint8_t)*text;
  }
}
