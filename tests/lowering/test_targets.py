# SPDX-License-Identifier: Apache-2.0
"""Cores and ISAs: defaults, overrides, and what is refused."""

import pytest
from cortex_m_lowering import LoweringError
from cortex_m_lowering.executorch_adapter.targets import known_cores, resolve_target

CORES = ["m0", "m0plus", "m3", "m4", "m7", "m23", "m33", "m35p", "m52", "m55", "m85"]


def test_all_eleven_cores_are_known():
    assert known_cores() == [f"cortex-{core}" for core in CORES]


@pytest.mark.parametrize(
    ("core", "isa"),
    [
        *[(core, "scalar") for core in ("m0", "m0plus", "m3", "m23")],
        *[(core, "dsp") for core in ("m4", "m7", "m33", "m35p")],
        *[(core, "mve") for core in ("m52", "m55", "m85")],
    ],
)
def test_default_isa(core, isa):
    assert resolve_target(f"cortex-{core}+int8", None).isa == isa


def test_m52_is_lowered_as_m55():
    target = resolve_target("cortex-m52+int8", "dsp")
    assert (target.core, target.isa, target.upstream) == ("cortex-m52", "dsp", "cortex-m55")


def test_impossible_isa_names_the_permitted_ones():
    with pytest.raises(LoweringError, match=r"cortex-m0 cannot.*permitted for cortex-m0: scalar$"):
        resolve_target("cortex-m0+int8", "mve")
    with pytest.raises(LoweringError, match=r"permitted for cortex-m4: scalar, dsp$"):
        resolve_target("cortex-m4+int8", "mve")


@pytest.mark.parametrize("core", ["cortex-m1", "m55", "cortex-a53", "", "cortex-m"])
def test_unknown_core_names_the_known_ones(core):
    with pytest.raises(LoweringError, match=r"known cores: cortex-m0, .*cortex-m52, cortex-m55"):
        resolve_target(f"{core}+int8", None)


@pytest.mark.parametrize("target", ["cortex-m4", "cortex-m4+", "cortex-m4+int4"])
def test_number_format_must_be_int8(target):
    with pytest.raises(LoweringError, match=r"write --target cortex-m4\+int8"):
        resolve_target(target, None)
