# SPDX-License-Identifier: Apache-2.0
"""The timing models: figures of Arm's tables, and what the others state."""

import pytest
from cortex_m_profile.cycles import MODELS
from cortex_m_profile.instruction import parse


def code(*texts: str):
    lines = [parse(f"{4 * place:x}:\tbf00      \t{text}") for place, text in enumerate(texts)]
    assert None not in lines
    return lines


def cycles(core: str, *texts: str, left: int = 0) -> float:
    return MODELS[core].cycles(code(*texts), 1, left)


def test_every_core_has_a_model_that_says_where_it_is_from():
    from_arm = {core for core, model in MODELS.items() if "TRM" in model.source}
    own = {core for core, model in MODELS.items() if "a model of this project" in model.source}
    assert from_arm | own == set(MODELS)
    assert own == {"cortex-m7", "cortex-m52", "cortex-m55", "cortex-m85"}


@pytest.mark.parametrize(
    ("text", "left", "expected"),
    [
        # M0, M0+, M3, M4
        ("adds\tr0, r1, r2", 0, (1, 1, 1, 1)),
        ("muls\tr0, r1", 0, (1, 1, 1, 1)),
        ("ldr\tr0, [r1]", 0, (2, 2, 2, 2)),
        ("strb\tr0, [r1]", 0, (2, 2, 1, 1)),
        ("str\tr0, [r1, r2]", 0, (2, 2, 2, 2)),
        ("ldmia\tr0!, {r1, r2, r3, r4}", 0, (5, 5, 5, 5)),
        ("push\t{r4, r5, lr}", 0, (4, 4, 4, 4)),
        ("pop\t{r4, r5, pc}", 1, (7, 6, 6, 6)),
        ("bne.n\t0", 0, (1, 1, 1, 1)),
        ("bne.n\t0", 1, (3, 2, 3, 3)),
        ("bl\t0", 1, (4, 3, 3, 3)),
        ("bx\tlr", 1, (3, 2, 3, 3)),
    ],
)
def test_arms_tables(text, left, expected):
    cores = ("cortex-m0", "cortex-m0plus", "cortex-m3", "cortex-m4")
    assert tuple(cycles(core, text, left=left) for core in cores) == expected


@pytest.mark.parametrize(
    ("text", "m3", "m4"),
    [
        ("mla\tr0, r1, r2, r3", 2, 1),
        ("smull\tr0, r1, r2, r3", 5, 1),
        ("smlal\tr0, r1, r2, r3", 7, 1),
        ("sdiv\tr0, r1, r2", 12, 12),
        ("ldrd\tr0, r1, [r2]", 3, 3),
        ("vdiv.f32\ts0, s1, s2", None, 14),
        ("vfma.f32\ts0, s1, s2", None, 3),
        ("smlad\tr0, r1, r2, r3", None, 1),
        ("smlald\tr0, r1, r2, r3", None, 1),
    ],
)
def test_armv7m_multiplies_and_divides(text, m3, m4):
    assert m3 is None or cycles("cortex-m3", text) == m3
    assert cycles("cortex-m4", text) == m4


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        # The manual's examples: loads in a row overlap, unless one needs the other.
        (("ldr\tr0, [r1, r5]", "ldr\tr1, [r2]", "ldr\tr2, [r3, #4]"), 4),
        (("ldr\tr0, [r1]", "ldr\tr2, [r0]"), 4),
        (("ldr\tr0, [r1]", "str\tr0, [r2, r3]"), 3),
        (("ldr\tr0, [r1]", "str\tr0, [r2]"), 3),
        (("str\tr0, [r1, r2]", "ldr\tr3, [r4]"), 4),
        (("add\tr1, r2", "ldr\tr0, [r1]"), 4),
        (("add\tr3, r2", "ldr\tr0, [r1]"), 3),
    ],
)
def test_loads_overlap_on_armv7m(texts, expected):
    assert cycles("cortex-m4", *texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("add\tr0, r1, r2", "add\tr3, r4, r5"), 1),
        (("add\tr0, r1, r2", "add\tr3, r0, r5"), 2),
        (("ldr\tr0, [r1]", "ldr\tr2, [r3]"), 2),
        (("ldr\tr0, [r1]", "smlad\tr4, r5, r6, r4"), 1),
        (("smlad\tr4, r5, r6, r4", "smlad\tr7, r5, r6, r7"), 2),
        (("ldmia\tr0!, {r1, r2, r3, r4}",), 2),
        (("ldrd\tr0, r1, [r2]", "smlad\tr4, r5, r6, r4"), 1),
    ],
)
def test_cortex_m7_issues_pairs(texts, expected):
    assert cycles("cortex-m7", *texts) == expected


@pytest.mark.parametrize(
    ("texts", "left", "m55", "m52"),
    [
        (("vldrb.u8\tq0, [r0]",), 0, 2, 4),
        (("vldrb.u8\tq0, [r0]", "vmladava.s8\tr2, q0, q1"), 0, 3, 6),
        (("vldrb.u8\tq0, [r0]", "vldrb.u8\tq1, [r1]"), 0, 4, 8),
        (("vldrb.u8\tq0, [r0]", "add\tr0, r1", "vmul.i32\tq0, q0, q0"), 0, 5, 9),
        # In a loop the last instruction of the body overlaps with the first.
        (("vldrb.u8\tq0, [r0]", "vmladava.s8\tr2, q0, q1", "letp\tlr, 0"), 1, 2, 4),
        (("vldrw.u32\tq1, [r0, q0]",), 0, 4, 4),
        (("vldrb.u8\tq1, [r0, q0]",), 0, 16, 16),
        (("bne.n\t0",), 1, 3, 3),
        (("subs\tr0, #1", "le\tlr, 0"), 1, 1, 1),
        (("ldmia\tr0!, {r1, r2, r3}",), 0, 2, 2),
    ],
)
def test_beats(texts, left, m55, m52):
    assert cycles("cortex-m55", *texts, left=left) == m55
    assert cycles("cortex-m52", *texts, left=left) == m52
