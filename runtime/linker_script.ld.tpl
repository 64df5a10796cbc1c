/* SPDX-License-Identifier: Apache-2.0
 * Linker script of board %{board}, made from its memory map by cortex_m_board.
 */

ENTRY(Reset_Handler)
EXTERN(cortex_m_vectors)
EXTERN(__aeabi_read_tp)
%{console_binding}
MEMORY
{
%{memory}}

/* Set by the firmware: -Wl,--defsym=__cortex_m_stack_size=BYTES */
PROVIDE(__cortex_m_stack_size = 2048);

/* Board parameters, see runtime/symbols.h. */
__cortex_m_systick_hz = %{systick_hz};
__cortex_m_console_base = %{console_base};
__cortex_m_console_divisor = %{console_divisor};

SECTIONS
{
  .vectors :
  {
    KEEP(*(.vectors.core))
    KEEP(*(.vectors.interrupts))
%{boot_block}  } > FLASH

  .text :
  {
    *(.text .text.*)
    KEEP(*(.init))
    KEEP(*(.fini))
  } > FLASH

  .rodata :
  {
    *(.rodata .rodata.*)
    . = ALIGN(4);
  } > FLASH

  /* The lowest bytes of RAM: a stack that overflows leaves RAM, it does not reach data. */
  .stack (NOLOAD) :
  {
    __cortex_m_stack_limit = .;
    . += __cortex_m_stack_size;
    __cortex_m_stack_top = .;
  } > RAM

  .data : ALIGN(16)
  {
    __cortex_m_data_start = .;
    *(.data .data.*)
    /* Constructors. They are here because their type would make a flash segment writable. */
    . = ALIGN(4);
    __cortex_m_init_array_start = .;
    KEEP(*(.preinit_array .preinit_array.*))
    KEEP(*(SORT_BY_INIT_PRIORITY(.init_array.*)))
    KEEP(*(.init_array))
    __cortex_m_init_array_end = .;
    . = ALIGN(16);
  } > RAM AT > FLASH

  /* Initial values of the only thread's variables are those variables. */
  .tdata : ALIGN(16)
  {
    *(.tdata .tdata.*)
    . = ALIGN(16);
    __cortex_m_data_end = .;
  } > RAM AT > FLASH

  .tbss (NOLOAD) : ALIGN(16)
  {
    *(.tbss .tbss.*)
    *(.tcommon)
  } > RAM

  /* The linker gives .tbss addresses but no room. */
  .tbss_room (NOLOAD) :
  {
    __cortex_m_bss_start = .;
    . += SIZEOF(.tbss);
    . = ALIGN(4);
  } > RAM AT > RAM

  .bss (NOLOAD) :
  {
    *(.bss .bss.* COMMON)
    . = ALIGN(4);
    __cortex_m_bss_end = .;
  } > RAM AT > RAM

  /* Planned tensors and scratch. Not cleared: every byte is written before it is read. */
  .arena (NOLOAD) : ALIGN(16)
  {
    __cortex_m_arena_start = .;
    *(.arena .arena.*)
    __cortex_m_arena_end = .;
  } > %{arena_region} AT > %{arena_region}
%{arena_banks}%{more_sections}
  /* Static images have nobody to unwind for. */
  /DISCARD/ :
  {
    *(.ARM.exidx .ARM.exidx.* .ARM.extab .ARM.extab.*)
    *(.eh_frame .eh_frame.*)
  }

  /* Whole programs (.pte.NAME) are not named here: as sections that are not loaded they each
     keep their own, at no address, for objcopy --dump-section. */
}

__cortex_m_data_load = LOADADDR(.data);
__cortex_m_thread_pointer = ADDR(.tdata) - MAX(8, MAX(ALIGNOF(.tdata), ALIGNOF(.tbss)));

/* The MPU of Armv6-M and Armv7-M wants a region aligned to its size, a power of two: as large as the
   start of RAM allows, and no larger than 64 KiB. RASR: never execute, no access, size, enable. */
__cortex_m_guard_bytes = MIN(0x10000, ORIGIN(RAM) & (0 - ORIGIN(RAM)));
__cortex_m_guard_rasr = 0x10000000 | ((LOG2CEIL(__cortex_m_guard_bytes) - 1) << 1) | 1;

__cortex_m_ram_end = ORIGIN(RAM) + LENGTH(RAM);
__cortex_m_flash_bytes = (SIZEOF(.data) + SIZEOF(.tdata) == 0
    ? ADDR(.rodata) + SIZEOF(.rodata)
    : LOADADDR(.tdata) + SIZEOF(.tdata)) - ORIGIN(FLASH);
__cortex_m_ram_bytes =
    SIZEOF(.data) + SIZEOF(.tdata) + SIZEOF(.tbss_room) + SIZEOF(.bss) + SIZEOF(.arena)%{more_bytes};

/* For a C library's malloc, which nothing here calls: what RAM is left. */
PROVIDE(__heap_start = %{heap_start});
PROVIDE(__heap_end = __cortex_m_ram_end);

ASSERT(ADDR(.vectors) == ORIGIN(FLASH) && SIZEOF(.vectors) >= 64,
       "rules_cortex_m: the vector table is not at the start of FLASH: link //runtime");
ASSERT(ADDR(.stack) == ORIGIN(RAM),
       "rules_cortex_m: the stack is not at the bottom of RAM");
ASSERT(__cortex_m_stack_size % 8 == 0,
       "rules_cortex_m: the stack size has to be a multiple of 8 bytes");
ASSERT(__cortex_m_stack_size >= 512,
       "rules_cortex_m: the stack needs 512 bytes, of which the fault report may take half");
ASSERT(LOADADDR(.tdata) - LOADADDR(.data) == ADDR(.tdata) - ADDR(.data),
       "rules_cortex_m: .data and .tdata are not loaded side by side");
