# SPDX-License-Identifier: Apache-2.0
"""The arrays the arena consists of: one, or one for each memory it is placed across."""

from cortex_m_plan.flash import ALIGNMENT
from cortex_m_plan.plan import Plan


def name(plan: Plan, number: int) -> str:
    """The C name of a bank's array. One that models share is the image's."""
    region = plan.arena.banks[number].region
    parts = ["cortex_m_arena", plan.shared_arena] if plan.shared_arena else ["arena"]
    return "_".join([*parts, region.lower()] if region else parts)


def declarations(plan: Plan) -> str:
    """The arrays, each in a section that says which memory it is for; a bank may be empty."""
    return "\n".join(
        _declaration(plan, number, bank.bytes, bank.region)
        for number, bank in enumerate(plan.arena.banks)
        if bank.bytes or not bank.region
    )


def _declaration(plan: Plan, number: int, size: int, region: str | None) -> str:
    array = name(plan, number)
    if plan.shared_arena:
        return f"extern uint8_t {array}[];  // {size} bytes of it; other models use them, too"
    section = f".arena_bank.{region.lower()}" if region else ".arena"
    return (
        f"static uint8_t {array}[{max(size, 1)}] "
        f'__attribute__((aligned({ALIGNMENT}), section("{section}.{plan.name}")));'
    )


def sizes(plan: Plan) -> str:
    """Macros of the header: bytes in all, and in each memory where these have names."""
    macro = plan.name.upper()
    lines = [f"#define {macro}_ARENA_BYTES {plan.arena.bytes}\n"] + [
        f"#define {macro}_ARENA_{bank.region.upper()}_BYTES {bank.bytes}\n"
        for bank in plan.arena.banks
        if bank.region
    ]
    return "".join(lines)
