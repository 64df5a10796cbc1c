# SPDX-License-Identifier: Apache-2.0
"""What an image of several models has once."""

import json
import os
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile


@pytest.fixture(scope="module")
def objects() -> list[tuple[str, int]]:
    """Names and bytes of the data objects of the image."""
    with Path(os.environ["IMAGE"]).open("rb") as file:
        table = ELFFile(file).get_section_by_name(".symtab")
        return [
            (symbol.name, symbol["st_size"])
            for symbol in table.iter_symbols()
            if symbol["st_info"]["type"] == "STT_OBJECT"
        ]


@pytest.fixture(scope="module")
def plans() -> dict[str, dict]:
    paths = [Path(path) for path in os.environ["REPORTS"].split()]
    found = [json.loads(path.read_text()) for path in paths if path.name.endswith("_plan.json")]
    return {plan["name"]: plan for plan in found}


def constants(plan: dict) -> dict[str, int]:
    parts = plan["constants"]["pieces"] + plan["constants"]["tables"]
    return {part["symbol"]: part["bytes"] for part in parts}


def test_all_models_are_found(plans):
    assert sorted(plans) == ["convolutions", "left", "right"]


def test_the_arena_is_the_largest(objects, plans):
    sizes = {name: size for name, size in objects if "arena" in name}
    assert sizes == {"cortex_m_arena_shared": max(plan["arena_bytes"] for plan in plans.values())}


def test_equal_constants_are_once(objects, plans):
    assert constants(plans["left"]) == constants(plans["right"])
    wanted = constants(plans["left"]) | constants(plans["convolutions"])
    found = [(name, size) for name, size in objects if name.startswith("cortex_m_constant_")]
    assert len(found) == len(set(found))
    assert dict(found) == wanted
