// SPDX-License-Identifier: Apache-2.0
// UART of the nRF51 (micro:bit), whose divisor is the value of BAUDRATE.
#include "runtime/console.h"
#include "runtime/symbols.h"
#include "runtime/system.h"

#define UART(offset) CORTEX_M_REGISTER(CORTEX_M_SYMBOL_VALUE(__cortex_m_console_base) + (offset))
#define UART_STARTTX UART(0x008u)
#define UART_TXDRDY UART(0x11Cu)
#define UART_ENABLE UART(0x500u)
#define UART_PSELTXD UART(0x50Cu)
#define UART_TXD UART(0x51Cu)
#define UART_BAUDRATE UART(0x524u)

#define UART_ENABLED 4u
#define MICROBIT_TXD_PIN 24u

void cortex_m_console_nrf51_uart_write(const char *text) {
  // Set up on every call: it also has to work from a fault before anything else has.
  UART_PSELTXD = MICROBIT_TXD_PIN;
  UART_BAUDRATE = CORTEX_M_SYMBOL_VALUE(__cortex_m_console_divisor);
  UART_ENABLE = UART_ENABLED;
  UART_STARTTX = 1;
  for (; *text != '\0'; ++text) {
    UART_TXDRDY = 0;
    UART_TXD = (uint8_t)*text;
    while (UART_TXDRDY == 0) {
    }
  }
}
