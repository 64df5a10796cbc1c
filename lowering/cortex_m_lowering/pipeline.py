# SPDX-License-Identifier: Apache-2.0
"""The lowering, step by step: load, calibrate, lower, run, write.

Steps import torch themselves, so that a bad request is refused before that second or two.
"""

from pathlib import Path
from typing import Any

from cortex_m_lowering.determinism import make_deterministic
from cortex_m_lowering.executorch_adapter.targets import Target, resolve_target
from cortex_m_lowering.outputs import prepare_folder, write_all
from cortex_m_lowering.program import Program
from cortex_m_lowering.progress import Progress
from cortex_m_lowering.request import DEFAULT_RANDOM_VECTORS, LoweringRequest


def lower(request: LoweringRequest, progress: Progress | None = None) -> None:
    """Lower one model and write its three files; raises LoweringError, then writes none.

    Can be called repeatedly in one process. Models are imported through sys.modules:
    a caller that serves different versions of one model module must drop it there.
    """
    name = request.name
    progress = progress or Progress()
    target = resolve_target(request.target, request.isa)
    prepare_folder(Path(request.out))
    progress.step(f"{name}: for {target.core}, {target.isa} kernels; loading torch")
    make_deterministic()
    files = _lower(request, target, progress)
    write_all(Path(request.out), {f"{name}.{kind}": data for kind, data in files.items()})
    progress.step(f"{name}: wrote {name}.{{{','.join(files)}}} to {request.out}")


def _lower(request: LoweringRequest, target: Target, progress: Progress) -> dict[str, bytes]:
    from cortex_m_lowering.executorch_adapter.boundary import float_boundary, int8_boundary
    from cortex_m_lowering.executorch_adapter.passes import to_cortex_m, to_edge_dialect
    from cortex_m_lowering.executorch_adapter.quantization import quantize
    from cortex_m_lowering.model import load_model

    progress.step("exporting the model")
    model = load_model(request)
    calibration = _calibration(request, model)
    samples = _samples(request, model, calibration)
    progress.step(f"quantizing with {len(calibration)} calibration samples")
    tensors = (model.tensors(calibration.sample(i)) for i in range(len(calibration)))
    quantized = quantize(model.exported, tensors, model.inputs, model.origin)
    progress.step("lowering to the Cortex-M dialect")
    edge = to_edge_dialect(quantized, model.origin)
    boundary = float_boundary(edge)
    if request.io == "int8":
        edge, boundary = int8_boundary(edge, model.origin)
    lowered = to_cortex_m(edge, target, model.origin, boundary)
    source = "npz" if request.calibration else "example"
    compared = ("calibration samples", calibration)
    if request.vectors is not None:
        compared = ("vectors", samples)
    return make_files(
        request.name, target, model, quantized, lowered, calibration, samples, source, progress,
        compared=compared, boundary=boundary,
    )  # fmt: skip


def make_files(
    name: str,
    target: Target,
    model: Any,
    quantized: Any,
    lowered: Any,
    calibration: Any,
    samples: Any,
    source: str,
    progress: Progress,
    compared: tuple[str, Any] | None = None,
    boundary: Any = None,
) -> dict[str, bytes]:
    """Run and serialize what was lowered; returns the three files by their extension.

    `compared` names and holds the samples for the report's comparison of the layers with the
    float model; without it there is none.
    `lowered` is used up; `quantized`, what it was lowered from, stays as it is. `boundary` is
    what lowering to int8 I/O gave; without it the program's inputs and outputs are the model's.
    """
    from cortex_m_lowering.executorch_adapter.boundary import float_boundary
    from cortex_m_lowering.executorch_adapter.export import callable_module
    from cortex_m_lowering.executorch_adapter.interpreter import LoweredRunner
    from cortex_m_lowering.executorch_adapter.serialize import serialize
    from cortex_m_lowering.executorch_adapter.versions import versions
    from cortex_m_lowering.reference import Reference
    from cortex_m_lowering.report import calibration_summary, make_report

    progress.step(f"running {len(samples)} vectors")
    boundary = boundary or float_boundary(lowered)
    reference = Reference(model, samples, LoweredRunner(lowered), boundary)
    agreement = reference.agreement(callable_module(quantized), calibration)
    layers = _layers(model, quantized, lowered, boundary, compared, progress)
    progress.step("planning memory and serializing")
    program = serialize(lowered, target, model.origin, boundary)
    vectors = reference.vectors(program)
    report = make_report(
        name=name,
        target=target,
        versions=versions(),
        program=program,
        vectors=vectors,
        io=boundary.io,
        agreement=agreement.check(program),
        calibration=calibration_summary(model.specs, calibration, source),
        layout_hint=model.layout_hint(),
        layers=layers,
    )
    _summarize(program, model.layout_hint(), progress)
    return {"pte": program.data, "json": report, "vectors": vectors.encode()}


def _layers(
    model: Any,
    quantized: Any,
    lowered: Any,
    boundary: Any,
    compared: tuple[str, Any] | None,
    progress: Progress,
) -> dict[str, Any]:
    if compared is None:
        return {}
    from cortex_m_lowering.errors import first_line
    from cortex_m_lowering.layers import compare_layers, spread

    source, samples = compared
    progress.step(f"comparing the layers on {len(spread(len(samples)))} samples")
    used = {"source": source, "used": len(spread(len(samples))), "count": len(samples)}
    try:
        layers = compare_layers(
            model.exported, quantized, lowered, boundary, samples, model.tensors
        )
    except Exception as error:  # A missing comparison is no reason to refuse a good program.
        problem = f"{type(error).__name__}: {first_line(error)}"
        progress.warn(f"the layers cannot be compared with the float model: {problem}")
        return {"layers": [], "layers_problem": problem, "layer_samples": used}
    return {"layers": layers, "layer_samples": used}


def _calibration(request: LoweringRequest, model: Any) -> Any:
    from cortex_m_lowering.samples import Samples, read_samples

    if request.calibration is None:
        return Samples(tuple(array[None] for array in model.example_arrays()))
    return read_samples("--calibration", request.calibration, model.specs)


def _samples(request: LoweringRequest, model: Any, calibration: Any) -> Any:
    from cortex_m_lowering.samples import read_samples
    from cortex_m_lowering.vectors import random_samples

    if request.vectors is not None:
        return read_samples("--vectors", request.vectors, model.specs)
    count = request.random_vectors
    if count is None:
        count = DEFAULT_RANDOM_VECTORS
    return random_samples(count, model.specs, model.example_arrays(), calibration)


def _summarize(program: Program, layout_hint: str, progress: Progress) -> None:
    progress.step(f"{len(program.instructions)} instructions, arena {program.arena_bytes} bytes")
    floats = [instruction for instruction in program.instructions if instruction.is_float]
    if floats:
        places = sorted({f"{i.op} ({i.source or i.module or i.node})" for i in floats})
        progress.warn(f"{len(floats)} operators compute in float: {', '.join(places)}{layout_hint}")
