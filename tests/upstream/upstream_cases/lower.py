# SPDX-License-Identifier: Apache-2.0
"""One case through this project's lowering: exported and quantized once, lowered per ISA."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from cortex_m_lowering.errors import LoweringError, first_line
from cortex_m_lowering.executorch_adapter.export import export_module
from cortex_m_lowering.executorch_adapter.passes import to_cortex_m, to_edge_dialect
from cortex_m_lowering.executorch_adapter.quantization import quantize
from cortex_m_lowering.executorch_adapter.targets import Target, resolve_target
from cortex_m_lowering.model import Model, described
from cortex_m_lowering.pipeline import make_files
from cortex_m_lowering.progress import Progress
from cortex_m_lowering.samples import Samples
from cortex_m_lowering.vectors import random_samples

from upstream_cases.adapt import (
    OnCopies,
    tensors_only,
    with_planned_scratch,
    without_scratch,
)
from upstream_cases.case import EXPECTED_TO_FAIL, REFUSED, Case, NotRun

_TARGETS = {"scalar": "cortex-m0+int8", "dsp": "cortex-m4+int8", "mve": "cortex-m55+int8"}

# The case's own inputs, and others within the range of its calibration data.
_VECTORS = 3


def lower(case: Case, folders: Mapping[str, Path]) -> dict[str, NotRun]:
    """Writes a case's program into the folder of each ISA; returns why not, by ISA."""
    try:
        edge, prepared = _prepare(case)
    except LoweringError as error:
        return dict.fromkeys(_TARGETS, _refused(case, error))
    not_run = {}
    for isa, target in _TARGETS.items():
        try:
            resolved = resolve_target(target, isa)
            lowered = _lowered(case, edge, resolved)
            files = make_files(case.name, resolved, lowered=lowered, **prepared)
        except LoweringError as error:
            not_run[isa] = _refused(case, error)
            continue
        for kind, data in files.items():
            (folders[isa] / f"{case.name}.{kind}").write_bytes(data)
    return not_run


def _prepare(case: Case) -> tuple[Any, dict[str, Any]]:
    """What all targets share: the program in the edge dialect, and arguments of make_files."""
    exported, inputs = _export(case)
    model = described(case.id, exported, inputs)
    calibration = _calibration(case, model)
    quantized = exported
    if case.quantizer is not None:
        tensors = (model.tensors(calibration.sample(i)) for i in range(len(calibration)))
        quantized = quantize(exported, tensors, inputs, case.id, case.quantizer)
    return to_edge_dialect(quantized, case.id), {
        "model": model,
        "quantized": quantized,
        "calibration": calibration,
        "samples": random_samples(_VECTORS, model.specs, model.example_arrays(), calibration),
        "source": "npz" if case.calibration else "example",
        "progress": Progress(),
    }


def _refused(case: Case, error: LoweringError) -> NotRun:
    cause: BaseException = error
    while cause.__cause__ is not None:  # the pass manager says only which pass it was
        cause = cause.__cause__
    reason = first_line(cause).removeprefix(f"{case.id}: ")
    if case.expected_failure:
        return NotRun(case.id, EXPECTED_TO_FAIL, f"{case.expected_failure} ({reason})")
    return NotRun(case.id, REFUSED, reason)


def _calibration(case: Case, model: Model) -> Samples:
    if case.calibration is None:
        return Samples(tuple(array[None] for array in model.example_arrays()))
    columns = zip(*case.calibration, strict=True)
    return Samples(tuple(np.stack([t.contiguous().numpy() for t in column]) for column in columns))


def _export(case: Case) -> tuple[Any, tuple]:
    module, inputs = tensors_only(case.module, case.inputs)
    if not case.passes:
        module, inputs = without_scratch(module, inputs)
    try:
        return export_module(module, inputs, case.id), inputs
    except LoweringError as error:
        if "running the model changes" not in str(error):
            raise
    # A lowered program leaves its inputs alone; upstream's would write into them as well.
    return export_module(OnCopies(module), inputs, case.id), inputs


def _lowered(case: Case, edge: Any, target: Target) -> Any:
    if case.passes:
        return to_cortex_m(edge, target, case.id)
    return with_planned_scratch(edge, target)
