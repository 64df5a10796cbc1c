# SPDX-License-Identifier: Apache-2.0
"""select()s over the target platform's core and ISA, for macros."""

load("//toolchains:cores.bzl", "CORES", "ISAS", "core_constraint_label", "core_name", "isa_constraint_label")

def isa_select():
    """A select() that yields the platform's ISA name, or the empty string off Cortex-M.

    Returns:
      A select() of a string.
    """
    return select(
        {str(isa_constraint_label(isa)): isa for isa in ISAS} | {"//conditions:default": ""},
    )

def default_board():
    """A select() that yields the board that stands for the platform's core.

    Returns:
      A select() of a label; None off Cortex-M.
    """
    boards = {
        str(core_constraint_label(core)): str(Label("//toolchains/boards:" + core_name(entry.emulator.machine)))
        for core, entry in CORES.items()
    }
    return select(boards | {"//conditions:default": None})

def cortex_m_only():
    """A `target_compatible_with` value: Cortex-M platforms only.

    Returns:
      A select() of a list of labels; elsewhere the target is skipped by wildcards, and when it is
      asked for, Bazel names the constraint, and with it the platforms, that it lacks.
    """
    return select(
        {str(isa_constraint_label(isa)): [] for isa in ISAS} |
        {"//conditions:default": [str(Label("//toolchains/platforms:one_of_these"))]},
    )
