# SPDX-License-Identifier: Apache-2.0
"""What machine code does to the stack, as far as it can be followed."""

import pytest
from cortex_m_profile import instruction
from cortex_m_stack import code

CALLEE = 0x8000


def analyse(text: str, words: dict[int, int] | None = None, size: int | None = None) -> code.Code:
    """A function at 0x100: one instruction a line, two bytes each, `.w` ones four."""
    instructions, address = [], 0x100
    for line in text.strip().splitlines():
        mnemonic, _, operands = line.strip().partition(" ")
        wide = mnemonic.endswith(".w") or mnemonic in ("bl", "vpush", "vpop", "strd")
        width = 4 if wide else 2
        instructions.append(instruction.Instruction(address, width, mnemonic, operands.strip()))
        address += width
    end = 0x100 + size if size else address
    return code.analyse(instructions, (words or {}).get, end)


def test_a_frame_is_what_is_pushed_and_what_is_taken():
    found = analyse("""
        push {r4, r5, lr}
        vpush {d8-d9}
        sub sp, #24
        bl 8000 <callee>
        add sp, #24
        vpop {d8-d9}
        pop {r4, r5, pc}
    """)
    assert found.frame == 12 + 16 + 24
    assert found.calls == {CALLEE: 52}
    assert found.bounded
    assert found.indirect is None


def test_a_jump_to_another_function_leaves_the_frame():
    found = analyse("""
        push {r3, lr}
        pop {r3, lr}
        b.w 8000 <callee>
    """)
    assert (found.frame, found.calls) == (8, {CALLEE: 0})


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("strd r4, r5, [sp, #-16]!\nldr.w pc, [sp], #16", 16),
        ("str.w r4, [sp, #-8]!\nldr.w r4, [sp], #8\nbx lr", 8),
        ("stmdb.w sp!, {r4-r11, lr}\nldmia.w sp!, {r4-r11, pc}", 36),
        ("stmia.w sp, {r0, r1}\nldmia.w sp, {r0, r1}\nbx lr", 0),
    ],
)
def test_other_ways_to_save(text, frame):
    assert analyse(text).frame == frame


def test_the_deeper_of_two_ways_counts():
    found = analyse("""
        cbz r0, 106 <f+0x6>
        push {r4, lr}
        pop {r4, pc}
        push {r4, r5, r6, lr}
        pop {r4, r5, r6, pc}
    """)
    assert found.frame == 16


def test_a_large_frame_comes_from_a_literal():
    text = """
        ldr r4, [pc, #8] @ (110 <f+0x10>)
        add sp, r4
        ldr r4, [pc, #8] @ (114 <f+0x14>)
        add sp, r4
        bx lr
    """
    found = analyse(text, {0x110: 0x1_0000_0000 - 2000, 0x114: 2000})
    assert (found.frame, found.bounded) == (2000, True)
    assert not analyse(text).bounded


def test_a_frame_of_unknown_size_is_not_bounded():
    assert not analyse("push {r7, lr}\nsub.w sp, sp, r0\nmov sp, r7\npop {r7, pc}").bounded


def test_a_loop_that_pushes_is_not_bounded():
    assert not analyse("push {r0}\nb 100 <f>").bounded


def test_calls_through_pointers():
    assert analyse("push {r4, lr}\nblx r3\npop {r4, pc}").indirect == 8
    assert analyse("push {r4, lr}\npop {r4, lr}\nbx r3").indirect == 0


def test_a_return_address_in_a_register_is_no_call():
    assert analyse("push {r4, lr}\npop {r4}\npop {r3}\nbx r3").indirect is None


def test_a_literal_call_is_direct_within_straight_code_alone():
    straight = "ldr r3, [pc, #8] @ (110 <f+0x10>)\nblx r3\nbx lr"
    assert analyse(straight, {0x110: CALLEE | 1}).calls == {CALLEE: 0}
    joined = "ldr r3, [pc, #8] @ (110 <f+0x10>)\ncbz r0, 104 <f+0x4>\nblx r3\nbx lr"
    found = analyse(joined, {0x110: CALLEE | 1})
    assert (found.calls, found.indirect) == ({}, 0)
    assert CALLEE | 1 in found.taken


def test_behind_a_table_of_jumps_the_depth_goes_on():
    found = analyse("""
        push {r4, lr}
        tbb [pc, r0]
        bl 8000 <callee>
        pop {r4, pc}
    """)
    assert found.calls == {CALLEE: 8}


def test_falling_into_the_next_function_is_a_call():
    assert analyse("push {r4, lr}").calls == {0x102: 8}


def test_a_conditional_return_goes_on():
    found = analyse("""
        push {r4, lr}
        popeq {r4, pc}
        bl 8000 <callee>
        pop {r4, pc}
    """)
    assert found.calls == {CALLEE: 8}
