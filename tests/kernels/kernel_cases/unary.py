# SPDX-License-Identifier: Apache-2.0
"""Cases of the elementwise functions, and of conversion."""

from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from kernel_cases.case_file import Case
from kernel_cases.draw import Draw
from kernel_cases.tolerance import exact, ulps

_SPECIAL = np.array(
    [0, -0.0, 1, -1, 0.5, 1.5, 2.5, -2.5, 1e-40, 3e38, -3e38, 2.0**23, np.inf, -np.inf, np.nan],
    np.float32,
)

_FUNCTIONS = {
    "neg": torch.neg,
    "abs": torch.abs,
    "relu": torch.relu,
    "sqrt": torch.sqrt,
    "rsqrt": torch.rsqrt,
    "reciprocal": torch.reciprocal,
    "cube": lambda x: torch.pow(x, 3),
    "floor": torch.floor,
    "ceil": torch.ceil,
    "round": torch.round,
    "trunc": torch.trunc,
    "sign": torch.sign,
    "exp": torch.exp,
    "expm1": torch.expm1,
    "log": torch.log,
    "log1p": torch.log1p,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "erf": torch.erf,
    "sin": torch.sin,
    "cos": torch.cos,
    "gelu": functional.gelu,
    "gelu_tanh": lambda x: functional.gelu(x, approximate="tanh"),
    "silu": functional.silu,
}
_ULPS = {
    "sqrt": 1, "exp": 2, "expm1": 2, "log": 2, "log1p": 2, "sigmoid": 3, "tanh": 3, "erf": 2,
    "sin": 2, "cos": 2, "gelu": 4, "gelu_tanh": 4, "silu": 4, "elu": 4,
}  # fmt: skip
"""As the headers state them; what is not here is exact."""


def floats(draw: Draw) -> Case:
    """Every function over many magnitudes, and where it is special."""
    name = draw.choice(*_FUNCTIONS, "clamp", "leaky_relu", "elu")
    count = draw.integer(1, 200)
    x = draw.normal(draw.choice(1.0, 1.0, 5.0, 30.0, draw.power_of_two(-40, 40)), count)
    if draw.chance(0.3):
        x = np.where(draw.int32(9, count) > 4, draw.choice(*_SPECIAL), x).astype(np.float32)
    if name in ("sin", "cos"):
        x = np.where(np.abs(x) < 1e5, x, np.float32(1.0)).astype(np.float32)
    if name in ("log", "sqrt", "rsqrt") and draw.chance(0.8):
        x = np.abs(x)
    params: dict[str, object] = {"count": count}
    function = _FUNCTIONS.get(name)
    if name == "clamp":
        low, high = sorted(float(np.float32(draw.uniform(-2, 2))) for _ in range(2))
        unbounded = draw.choice(0, 0, 1, 2)
        params |= {"minimum": low, "maximum": high, "unbounded": unbounded}
        bounds = (None if unbounded == 1 else low, None if unbounded == 2 else high)
        expected = torch.clamp(torch.from_numpy(x), *bounds).numpy()
    elif name == "leaky_relu":
        slope = float(np.float32(draw.choice(0.01, 0.1, draw.uniform(-1, 1))))
        params |= {"negative_slope": slope}
        expected = functional.leaky_relu(torch.from_numpy(x), slope).numpy()
    elif name == "elu":
        factors = [float(np.float32(draw.choice(1.0, draw.uniform(0.5, 2)))) for _ in range(3)]
        params |= dict(zip(("alpha", "scale", "input_scale"), factors, strict=True))
        expected = torch.ops.aten.elu(torch.from_numpy(x), *factors).numpy()
    else:
        expected = function(torch.from_numpy(x)).numpy()
    return Case(
        f"{name}_f32", f"count {count} {params}", params, [x], expected,
        tolerance=_tolerance(name, x, expected),
    )  # fmt: skip


def _tolerance(name: str, x: np.ndarray, expected: np.ndarray) -> np.ndarray:
    if name not in _ULPS:
        return exact(expected)
    # The sum 1 + erf of a negative number has lost its last places before it is multiplied.
    return ulps(_ULPS[name], x if name.startswith("gelu") else expected)


def integers(draw: Draw) -> Case:
    name = draw.choice("abs", "neg", "logical_not", "clamp")
    count = draw.integer(1, 60)
    if name == "logical_not":
        x = draw.int32(1, count) > 0
        expected = torch.logical_not(torch.from_numpy(x)).numpy().view(np.uint8)
        return Case("logical_not_u8", f"count {count}", {"count": count}, [x], expected)
    x = draw.int32(draw.choice(9, 2**31 - 1), count).astype(np.int64) * draw.choice(1, 2**31)
    if draw.chance(0.2):
        x[0] = np.iinfo(np.int64).min
    params = {"count": count}
    if name == "clamp":
        low, high = sorted(draw.integer(-9, 9) for _ in range(2))
        unbounded = draw.choice(0, 0, 1, 2)
        params |= {"minimum": low, "maximum": high, "unbounded": unbounded}
        bounds = (None if unbounded == 1 else low, None if unbounded == 2 else high)
        expected = torch.clamp(torch.from_numpy(x), *bounds).numpy()
    else:
        expected = getattr(torch, name)(torch.from_numpy(x)).numpy()
    return Case(f"{name}_s64", f"{params}", params, [x], expected)


_TYPES = {
    torch.uint8: 0, torch.int8: 1, torch.int16: 2, torch.int32: 3, torch.int64: 4,
    torch.float32: 6, torch.bool: 11,
}  # fmt: skip
"""CORTEX_M_CONVERT_..."""


def convert(draw: Draw) -> Case:
    """From every type to every type, beyond the range of the narrower one."""
    source, target = (list(_TYPES)[i] for i in draw.permutation(len(_TYPES))[:2])
    count = draw.integer(1, 60)
    x = draw.int32(draw.choice(3, 300, 2**31 - 1), count).astype(np.int64)
    if source is torch.float32:
        # Beyond int64, and beyond int32 for the narrow types, C leaves the result open.
        limit = 2.0**24 if target is not torch.int64 else 2.0**60
        x = np.clip(draw.normal(draw.choice(1.0, 100.0, 1e6), count), -limit, limit)
        if target is torch.uint8:
            x = np.abs(x)
        if target in (torch.uint8, torch.int8, torch.int16):
            x = np.clip(x, -128, 127)
    tensor = torch.from_numpy(x).to(source)
    expected = tensor.to(target).numpy()
    params = {"count": count, "from": _TYPES[source], "to": _TYPES[target]}
    if expected.dtype == bool:
        expected = expected.view(np.uint8)
    return Case("convert", f"{source} to {target}", params, [tensor.numpy()], expected)
