# SPDX-License-Identifier: Apache-2.0
"""Lines of objdump: what each instruction is, reads, writes and moves."""

import pytest
from cortex_m_profile.instruction import Kind, parse


def instruction(text: str, code: str = "bf00"):
    return parse(f"    1f4:\t{code}      \t{text}")


def test_reads_address_length_and_text():
    one = parse("10001c60:\ted90 1e00 \tvldrb.u8\tq0, [r0], #16")
    assert (one.address, one.bytes, one.end) == (0x10001C60, 4, 0x10001C64)
    assert (one.mnemonic, one.name, one.operands) == ("vldrb.u8", "vldrb", "q0, [r0], #16")


@pytest.mark.parametrize(
    "line",
    ["", "00000048 <main>:", "      72:\t1118      \t.short\t0x1118", " 80:\t20000000 \t.word"],
)
def test_skips_what_is_no_instruction(line):
    assert parse(line) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ldrsb.w\tr1, [r2], #1", Kind.LOAD),
        ("ldmia.w\tsp!, {r4, r5, pc}", Kind.LOAD),
        ("ldrhi\tr0, [r1, #4]", Kind.LOAD),
        ("stmdb\tsp!, {r4, lr}", Kind.STORE),
        ("vldr\ts14, [pc, #120]", Kind.LOAD),
        ("vldrb.s16\tq3, [r3]", Kind.VECTOR_LOAD),
        ("vldrwt.u32\tq2, [r3]", Kind.VECTOR_LOAD),
        ("vst41.32\t{q0, q1, q2, q3}, [r0]", Kind.VECTOR_STORE),
        ("vmladava.s8\tlr, q0, q1", Kind.VECTOR_MULTIPLY),
        ("vqrdmulh.s32\tq0, q0, q1", Kind.VECTOR_MULTIPLY),
        ("vrmlaldavha.s32\tr0, r1, q0, q1", Kind.VECTOR_MULTIPLY),
        ("vadd.i32\tq0, q0, r1", Kind.VECTOR),
        ("vmin.s32\tq0, q0, q1", Kind.VECTOR),
        ("bls.n\t200", Kind.BRANCH),
        ("ble.w\t200", Kind.BRANCH),
        ("bleq\t200", Kind.BRANCH),
        ("bic.w\tr0, r1, #3", Kind.OTHER),
        ("letp\tlr, 1b", Kind.BRANCH),
        ("dlstp.8\tlr, r1", Kind.OTHER),
        ("muls\tr0, r1", Kind.MULTIPLY),
        ("smlad\tr0, r1, r2, r0", Kind.MULTIPLY),
        ("smlabt\tr0, r1, r2, r0", Kind.MULTIPLY),
        ("smmulr\tr0, r1, r2", Kind.MULTIPLY),
        ("smull\tr0, r1, r2, r3", Kind.LONG_MULTIPLY),
        ("umlal\tr0, r1, r2, r3", Kind.LONG_MULTIPLY),
        ("udiv\tr0, r1, r2", Kind.DIVIDE),
        ("strhi\tr0, [r1]", Kind.STORE),
        ("sbfx\tr0, r1, #8, #8", Kind.OTHER),
        ("itte\tls", Kind.OTHER),
    ],
)
def test_knows_the_kind(text, kind):
    assert instruction(text).kind is kind


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ldr\tr0, [r1]", 1),
        ("ldrd\tr0, r1, [r2]", 2),
        ("push\t{r4, r5, lr}", 3),
        ("ldmia.w\tr0!, {r4, r5, r6, r7}", 4),
        ("ldmia\tr0, {r1-r3}", 3),
        ("vpush\t{d8-d9}", 4),
    ],
)
def test_counts_the_words_of_lists(text, words):
    assert instruction(text).transfers == words


@pytest.mark.parametrize(
    ("text", "branches", "calls"),
    [
        ("bl\t1f4 <f>", False, True),
        ("blx\tr3", False, True),
        ("bls.n\t200", False, False),
        ("pop\t{r4, pc}", True, False),
        ("ldr.w\tpc, [r0, r1, lsl #2]", True, False),
        ("mov\tpc, lr", True, False),
        ("ldr\tr0, [pc, #4]", False, False),
        ("push\t{r4, lr}", False, False),
    ],
)
def test_sees_branches_under_other_names(text, branches, calls):
    one = instruction(text)
    assert (one.writes_pc, one.is_call) == (branches, calls)


@pytest.mark.parametrize(
    ("text", "addresses", "written"),
    [
        ("ldr.w\tr0, [r1, r2, lsl #2]", ("r1", "r2"), ("r0",)),
        ("ldrd\tr0, r1, [r2, #8]", ("r2",), ("r0", "r1")),
        ("ldmia.w\tr0!, {r4, r5}", ("r0",), ("r4", "r5")),
        ("pop\t{r4, r5}", (), ("r4", "r5")),
        ("str\tr0, [r1]", ("r1",), ()),
        ("cmp\tr0, r1", (), ()),
        ("vldrw.u32\tq1, [r0, q0]", ("r0", "q0"), ("q1",)),
    ],
)
def test_finds_registers(text, addresses, written):
    one = instruction(text)
    assert (one.address_registers, one.written) == (addresses, written)


def test_a_gather_takes_its_addresses_from_a_vector():
    assert instruction("vldrw.u32\tq1, [r0, q0]").is_gather
    assert instruction("vldrw.u32\tq1, [q0, #4]").is_gather
    assert not instruction("vldrw.u32\tq1, [r0, #16]").is_gather
    assert not instruction("vld20.8\t{q0, q1}, [r0]").is_gather
