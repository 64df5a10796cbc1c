// SPDX-License-Identifier: Apache-2.0
// One console is linked: the linker script binds cortex_m_console_write to the board's choice.
#ifndef CORTEX_M_RUNTIME_CONSOLE_H_
#define CORTEX_M_RUNTIME_CONSOLE_H_

void cortex_m_console_semihosting_write(const char *text);
void cortex_m_console_cmsdk_uart_write(const char *text);
void cortex_m_console_nrf51_uart_write(const char *text);

#endif  // CORTEX_M_RUNTIME_CONSOLE_H_
