# SPDX-License-Identifier: Apache-2.0
"""A general kernel's case given to a kernel that the plan compiler may choose in its place.

What the kernel requires, which constants it reads, and how they lie in memory on each ISA, is what
the plan compiler itself says (cortex_m_plan.choice).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from cortex_m_plan.choice import CANDIDATES, Asked, Candidate
from cortex_m_plan.program import DType

from kernel_cases.calls import fastest
from kernel_cases.case_file import ISAS, Case, Table
from kernel_cases.parameters import as_planned

_PREFIX = "cortex_m_"
_WINDOW = ("input", "weight", "bias", "multipliers", "shifts")
_ROLES = {
    "quantized_add": ("self", "other"),
    "quantized_avg_pool2d": ("input",),
    "quantized_conv2d": _WINDOW,
    "quantized_depthwise_conv2d": _WINDOW,
    "quantized_linear": ("input", "weight", "bias", "kernel_sum"),
    "quantized_mul": ("self", "other"),
}
_ACTIVATIONS = ("input", "self", "other")
_DTYPES = {DType.INT8: np.int8, DType.INT32: np.int32}
_PLENTY = 1 << 20


def asked(case: Case, isa: str, scratch: int = _PLENTY) -> Asked:
    """What the plan compiler knows of a call of a general kernel."""
    constants = {
        role: memoryview(buffer.reshape(-1))
        for role, buffer in zip(_ROLES[case.operator], case.buffers, strict=True)
        if role not in _ACTIVATIONS and buffer is not None
    }
    return Asked(isa, _PREFIX + case.operator, as_planned(case.params), constants, scratch)


def candidate_for(operator: str, kernel: str) -> Candidate:
    """How calls of a general kernel are given to another one."""
    candidates = CANDIDATES[_PREFIX + operator]
    return next(one for one in candidates if one.kernel == _PREFIX + kernel)


def given_to(case: Case, kernel: str) -> Case:
    """The case for another kernel, on those ISAs where the plan may choose it: perhaps none."""
    candidate = candidate_for(case.operator, kernel)
    asks = {isa: asked(case, isa) for isa in ISAS}
    isas = [isa for isa in ISAS if not candidate.objection(asks[isa])]
    if not isas:
        return replace(case, operator=kernel, isas=())
    own = dict(zip(_ROLES[case.operator], case.buffers, strict=True))
    roles = [role for role in candidate.arguments if role in own or role in candidate.tables]
    buffers = [
        own[role]
        if role in _ACTIVATIONS
        else Table({isa: _constant(candidate, role, asks[isa], own.get(role)) for isa in isas})
        for role in roles
    ]
    params = case.params
    if candidate.parameters is not None:
        params = dict(candidate.parameters(asks[isas[0]]))
    struct = candidate.struct.removeprefix(_PREFIX).removesuffix("_params") or case.operator
    given = replace(
        case, operator=kernel, struct=struct, params=params, buffers=buffers, isas=tuple(isas)
    )
    given.calls = {isa: fastest(given, isa) for isa in isas}
    return given


def _constant(candidate: Candidate, role: str, call: Asked, own: np.ndarray | None) -> np.ndarray:
    """A constant as the kernel reads it: a table of the plan's, or the program's own."""
    make = candidate.tables.get(role)
    table = make(call, candidate.kernel) if make else None
    return own if table is None else np.frombuffer(table.data, dtype=_DTYPES[table.dtype])
