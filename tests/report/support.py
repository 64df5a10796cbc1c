# SPDX-License-Identifier: Apache-2.0
"""Hand-made plans and contents to make reports of."""

from typing import Any

from cortex_m_report import document, groups
from cortex_m_report.contents import Item

HEAD = {"image": "//a:b", "core": "cortex-m55", "isa": "mve", "board": "mps3_an547"}

SIZE = {
    "regions": [
        {"name": "FLASH", "origin": 0, "bytes": 4096, "used": 0},
        {"name": "RAM", "origin": 0x20000000, "bytes": 2048, "used": 0},
    ]
}

STACK = {
    "format": 1,
    "worst_case": 132,
    "path": [{"function": "Reset_Handler", "bytes": 100}, {"function": "main", "bytes": 32}],
    "exceptions": [],
    "unknown": [],
    "models": [],
}


def buffer(name: str, offset: int, size: int, first: int, last: int, **more: Any) -> dict[str, Any]:
    return {
        "id": offset,
        "name": name,
        "dtype": "int8",
        "shape": [1, size],
        "dim_order": [0, 1],
        "offset": offset,
        "bytes": size,
        "bank": 0,
        "kind": "activation",
        "first": first,
        "last": last,
        "views": [],
    } | more


def step(name: str, moment: int, **more: Any) -> dict[str, Any]:
    return {
        "index": moment,
        "part": 0,
        "moment": moment,
        "symbol": f"{name}_step_{moment}",
        "operator": "cortex_m::quantized_conv2d.out",
        "node": f"cortex_m_quantized_conv2d_default_{moment}",
        "module": "entry",
        "source": "model.py:1",
        "summary": "1x4 * 4x4 -> 1x4",
        "kernel": "cortex_m_quantized_conv2d_1x1",
        "tile": "2 pixels x 4 channels",
        "tile_number": 2,
        "macs": 16,
        "scratch": [],
        "fused": [],
        "rejected": [],
        "vanished": None,
    } | more


def plan(name: str = "m", **more: Any) -> dict[str, Any]:
    """Two steps: the first with scratch, the second over its own input."""
    return {
        "format": 4,
        "name": name,
        "isa": "mve",
        "embed": "constants",
        "kernels": ["cortex_m_quantized_conv2d_1x1"],
        "arena_bytes": 160,
        "arena": {
            "bytes": 160,
            "program_bytes": 256,
            "bound_without_overlap": 192,
            "bound": 160,
            "proved": True,
            "method": "as much as lives at one moment",
            "peak": {"moment": 0, "buffers": [0, 1, 2]},
            "overlaps": [
                {
                    "index": 1,
                    "part": 0,
                    "role": "input",
                    "input": 2,
                    "output": 3,
                    "distance": -8,
                    "multiple": 1,
                    "delta": 0,
                }
            ],
            "banks": [{"region": None, "bytes": 160, "capacity": None}],
        },
        "memory": [
            buffer("x", 96, 64, -1, 0, kind="input"),
            buffer("scratch of conv", 64, 32, 0, 0, kind="scratch"),
            buffer("conv", 0, 64, 0, 1),
            buffer("y", 0, 32, 1, 2, kind="output"),
        ],
        "steps": [
            step(
                name, 0, scratch=[{"need": "32", "bytes": 32, "program_bytes": 64}], fused=["a pad"]
            ),
            step(name, 1, operator="cortex_m::softmax.out", macs=0),
        ],
        "constants": {
            "live_bytes": 16,
            "table_bytes": 64,
            "pieces": [{"symbol": "cortex_m_constant_0123456789abcdef", "bytes": 16}],
            "tables": [
                {
                    "symbol": "cortex_m_constant_fedcba9876543210",
                    "what": "kernel sums",
                    "dtype": "int32",
                    "bytes": 64,
                    "steps": [{"index": 0, "part": 0}],
                }
            ],
        },
    } | more


def item(name: str, group: str, section: str, address: int, size: int, **more: Any) -> Item:
    loaded = section in (".text", ".rodata", ".data")
    values = {"object": f"{name}.o", "loaded": loaded} | more
    return Item(name, groups.Owner(group), values["object"], section, address, size, loaded)


ITEMS = [
    item("cortex_m_quantized_conv2d_1x1", groups.KERNELS, ".text", 0x100, 400),
    item("main", groups.APPLICATION, ".text", 0x300, 40),
    item(".text", groups.PADDING, ".text", 0x328, 2),
    item(".text", groups.PADDING, ".text", 0x32E, 2),
    item("cortex_m_constant_fedcba9876543210", groups.TABLES, ".rodata", 0x400, 64),
    item("start", groups.APPLICATION, ".data", 0x20000204, 8),
    item(".stack", groups.PADDING, ".stack", 0x20000000, 512),
    item("counter", groups.RUNTIME, ".bss", 0x20000200, 4),
    item("arena", groups.PLAN, ".arena", 0x20000210, 160),
]


def report(*plans: dict[str, Any], stack: dict[str, Any] | None = STACK) -> dict[str, Any]:
    """The report of the items above, with one model if none is given."""
    return document.make(dict(HEAD), SIZE, ITEMS, plans or (plan(),), stack)


def profile(*names: str) -> dict[str, Any]:
    """What the steps of `plan` executed."""
    return {
        "format": 1,
        "image": HEAD["image"],
        "cycle_model": {"name": "a", "source": "b", "leaves_out": "c"},
        "models": [
            {
                "name": name,
                "runs": 2,
                "instructions": 1000,
                "steps": [
                    {"symbol": f"{name}_step_0", "instructions": 750, "cycles": 800},
                    {"symbol": f"{name}_step_1", "instructions": 200, "cycles": 300},
                    {"instructions": 50, "cycles": 60},
                ],
            }
            for name in names or ("m",)
        ],
    }
