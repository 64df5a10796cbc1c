# SPDX-License-Identifier: Apache-2.0
"""What a user may get wrong, and what has to be said then: one table."""

from dataclasses import dataclass, field

_HEAD = """\
load(
    "@rules_cortex_m//rules:defs.bzl",
    "cortex_m_board",
    "cortex_m_firmware",
    "cortex_m_firmware_test",
    "cortex_m_library",
    "cortex_m_model",
    "cortex_m_program",
)
load("@rules_python//python:defs.bzl", "py_library")
"""


@dataclass(frozen=True)
class Case:
    """A package with a target `case` that cannot be built.

    Attributes:
        name: the package.
        stage: when it fails: `loading`, `analysis` or `execution`.
        build: the BUILD file, without its loads.
        says: what the message has to contain.
        files: other files of the package.
    """

    name: str
    stage: str
    build: str
    says: tuple[str, ...]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"//{self.name}:case"

    @property
    def build_file(self) -> str:
        return _HEAD + self.build


def firmware(attributes: str, core: str = "cortex-m55") -> str:
    """A BUILD file with an image."""
    return (
        f'cortex_m_firmware(name = "case", srcs = ["//app:empty.c"], core = "{core}", {attributes})'
    )


def board(attributes: str = "", flash: str = "0x0 64K", ram: str = "0x20000000 64K") -> str:
    """A BUILD file's board."""
    return (
        f'cortex_m_board(name = "board", core = "cortex-m55", systick_hz = 1000000, '
        f'memory = {{"FLASH": "{flash}", "RAM": "{ram}"}}, {attributes})\n'
    )


def model(factory: str, source: str, attributes: str = "") -> dict[str, str]:
    """BUILD file and source of a model whose factory is `factory` in `source`."""
    build = (
        'py_library(name = "network", srcs = ["network.py"])\n'
        f'cortex_m_model(name = "case", factory = "{factory}", deps = [":network"], {attributes})\n'
    )
    return {"build": build, "files": {"network.py": source}}


_NETWORK = """\
import torch
from torch import nn


class Power(nn.Module):
    def forward(self, x):
        return torch.pow(x, 2.5)


def power():
    return Power().eval(), (torch.ones(1, 4),)


def raising():
    raise RuntimeError("the weights are on another disk")


def bare():
    return nn.Linear(4, 4)
"""

CASES = [
    # What the macros refuse.
    Case(
        "both_sources",
        "loading",
        'cortex_m_model(name = "case", factory = "a.b:c", program = "x.pt2")',
        (
            'cortex_m_model(name = "case"): give exactly one of factory = "module:function"',
            'program = "x.pt2"',
        ),
    ),
    Case(
        "test_of_nothing",
        "loading",
        'cortex_m_firmware_test(name = "case")',
        ('cortex_m_firmware_test(name = "case"): give exactly one of firmware and model',),
    ),
    Case(
        "test_without_core",
        "loading",
        'cortex_m_firmware_test(name = "case", model = "//app:tiny")',
        ('cortex_m_firmware_test(name = "case"): a model needs core = "cortex-m..."',),
    ),
    # What the rules refuse.
    Case(
        "unknown_core",
        "analysis",
        firmware("", core="cortex-m99"),
        ('//unknown_core:case: unknown core "cortex-m99"; the cores are: cortex-m0, ',),
    ),
    Case(
        "impossible_isa",
        "analysis",
        firmware('isa = "mve"', core="cortex-m4"),
        (
            "//impossible_isa:case: "
            'cortex-m4 has no isa "mve"; permitted: scalar, dsp (the default)',
        ),
    ),
    Case(
        "unknown_board",
        "analysis",
        firmware('board = "@rules_cortex_m//toolchains/boards:mps9_an999"'),
        (
            "no such target '@@rules_cortex_m~//toolchains/boards:mps9_an999'",
            "//unknown_board:case",
        ),
    ),
    Case(
        "board_of_another_core",
        "analysis",
        firmware('board = "@rules_cortex_m//toolchains/boards:mps2_an386"'),
        (
            "//board_of_another_core:case: board mps2_an386 runs cortex-m4, cortex-m0, "
            "cortex-m0plus, cortex-m3, not cortex-m55; "
            "choose another core, or another board with board = ...",
        ),
    ),
    Case(
        "board_of_an_unknown_core",
        "analysis",
        'cortex_m_board(name = "case", core = "m4", memory = {}, systick_hz = 1)',
        ('//board_of_an_unknown_core:case: unknown core "m4"; the cores are cortex-m0,',),
    ),
    Case(
        "broken_memory",
        "analysis",
        board(flash="64K") + firmware('board = ":board"'),
        (
            "//broken_memory:board: ",
            'write the first address and the length, e.g. "0x20000000 128K"',
        ),
    ),
    Case(
        "meaningless_budget",
        "analysis",
        firmware('flash_budget = "lots"'),
        ('//meaningless_budget:case: flash_budget = "lots": write bytes, e.g. "64K" or 65536',),
    ),
    Case(
        "arena_name",
        "analysis",
        'cortex_m_library(name = "case", model = "//app:tiny", arena = "my-arena")',
        ('//arena_name:case: arena = "my-arena": it becomes a part of C symbols',),
    ),
    Case(
        "c_name",
        "analysis",
        'cortex_m_library(name = "case", c_name = "my-model", model = "//app:tiny")',
        ('//c_name:case: c_name = "my-model": it becomes a part of C symbols',),
    ),
    Case(
        "c-name",
        "analysis",
        'cortex_m_library(name = "case-a", model = "//app:tiny")\n'
        'alias(name = "case", actual = ":case-a")',
        (
            "//c-name:case-a: C symbols cannot be named after it: "
            'give it c_name = "...", of letters, digits and _',
        ),
    ),
    Case(
        "no_vectors",
        "analysis",
        'cortex_m_firmware_test(name = "case", core = "cortex-m55", model = "//app:tiny")',
        ("the model has no reference vectors; give its cortex_m_program vectors = ...",),
    ),
    # What the lowering refuses.
    Case(
        "raising_factory",
        "execution",
        says=(
            "Lowering //raising_factory:case",
            "raising_factory.network:raising: the factory raised RuntimeError: "
            "the weights are on another disk\n  at raising_factory/network.py:15 in raising",
        ),
        **model("raising_factory.network:raising", _NETWORK),
    ),
    Case(
        "missing_factory",
        "execution",
        says=(
            "module missing_factory.network has no 'absent'; "
            "it defines: Power, bare, power, raising",
        ),
        **model("missing_factory.network:absent", _NETWORK),
    ),
    Case(
        "bare_factory",
        "execution",
        says=(
            "bare_factory.network:bare: the factory must return (nn.Module, tuple of "
            "example inputs), it returned a Linear",
        ),
        **model("bare_factory.network:bare", _NETWORK),
    ),
    Case(
        "silent_float",
        "execution",
        says=(
            "//silent_float:case: FAILED: 1 of 5 operators computes in float",
            "silent_float/network.py:7 return torch.pow(x, 2.5)",
            'allow_float = ["aten::pow"]',
        ),
        **model("silent_float.network:power", _NETWORK),
    ),
    # What the plan refuses.
    Case(
        "another_isa",
        "execution",
        'cortex_m_library(name = "case", c_name = "tiny", model = "//app:for_dsp")',
        (
            "Planning //another_isa:case",
            "for_dsp.json: the program was lowered for isa dsp, the plan is for mve",
        ),
    ),
    # What an image may not be.
    Case(
        "over_budget",
        "execution",
        firmware('flash_budget = "1K"'),
        (
            "//over_budget:case is over its budget",
            "flash                           1984      1024       960",
        ),
    ),
    Case(
        "arena_too_large",
        "execution",
        board(ram="0x20000000 2112")
        + firmware('board = ":board", deps = [":library"]')
        + '\ncortex_m_library(name = "library", c_name = "tiny", model = "//app:tiny")',
        (
            "Fitting //arena_too_large:case into its board",
            "RAM of board board has 2112 bytes; the arenas and the stack in it take ",
            "at its peak, during",
        ),
    ),
    Case(
        "too_large_for_flash",
        "execution",
        board(flash="0x0 1K") + firmware('board = ":board"'),
        ("//too_large_for_flash:case", "region `FLASH' overflowed by"),
    ),
]
