# SPDX-License-Identifier: Apache-2.0
"""Shared helpers: lower a model, and read back what was written."""

import json
import os
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cortex_m_lowering import LoweringRequest, lower
from cortex_m_lowering.determinism import make_deterministic

make_deterministic()

REPOSITORY = Path(__file__).absolute().parents[2]
DIGITS = REPOSITORY / "examples" / "digits"
ISAS = ("scalar", "dsp", "mve")
SMALL = "tests.models.small"
BROKEN = "tests.lowering.broken_models"


@dataclass(frozen=True)
class DecodedVectors:
    """A .vectors file taken apart, independently of the code that writes it."""

    labelled: bool
    float_correct: int
    int8_correct: int
    sizes: tuple[int, ...]
    input_count: int
    labels: tuple[int, ...]
    tensors: tuple[tuple[bytes, ...], ...]


@dataclass(frozen=True)
class Lowered:
    """The three outputs of one lowering."""

    program: bytes
    report: dict
    raw_report: str
    raw_vectors: bytes

    @property
    def vectors(self) -> DecodedVectors:
        return decode_vectors(self.raw_vectors)


def request(out: Path, **changes) -> LoweringRequest:
    """A valid request for a small model, with some attributes changed."""
    attributes = {"name": "m", "target": "cortex-m55+int8", "out": out} | changes
    if "program" not in attributes:
        attributes.setdefault("model", f"{SMALL}:two_inputs")
    return LoweringRequest(**attributes)


def lower_now(**changes) -> Lowered:
    """Lower in this process and read the outputs."""
    with tempfile.TemporaryDirectory() as folder:
        asked = request(Path(folder), **changes)
        lower(asked)
        raw = (Path(folder) / f"{asked.name}.json").read_text()
        return Lowered(
            program=(Path(folder) / f"{asked.name}.pte").read_bytes(),
            report=json.loads(raw),
            raw_report=raw,
            raw_vectors=(Path(folder) / f"{asked.name}.vectors").read_bytes(),
        )


@cache
def lowered(model: str, isa: str) -> Lowered:
    """A small model lowered once per test process."""
    return lower_now(model=f"{SMALL}:{model}", isa=isa)


@cache
def digits(isa: str) -> Lowered:
    """The digits example as its BUILD file lowers it."""
    return lower_now(
        name="digits",
        model="examples.digits.model:digits",
        weights=DIGITS / "weights.safetensors",
        calibration=DIGITS / "calibration.npz",
        vectors=DIGITS / "heldout.npz",
        isa=isa,
    )


def decode_vectors(data: bytes) -> DecodedVectors:
    """Read the format described for the device's reader."""
    fields = struct.unpack_from("<4s4I2iI", data)
    assert fields[0] == b"CMV1" and fields[7] == 0
    count, inputs, outputs = fields[1:4]
    sizes = struct.unpack_from(f"<{inputs + outputs}I", data, 32)
    offset = _align(32 + 4 * len(sizes))
    labels, tensors = [], []
    for _ in range(count):
        labels.append(struct.unpack_from("<i12x", data, offset)[0])
        assert data[offset + 4 : offset + 16] == bytes(12)
        offset += 16
        vector = []
        for size in sizes:
            vector.append(data[offset : offset + size])
            offset = _align(offset + size)
        tensors.append(tuple(vector))
    assert offset == len(data)
    return DecodedVectors(
        labelled=bool(fields[4]),
        float_correct=fields[5],
        int8_correct=fields[6],
        sizes=sizes,
        input_count=inputs,
        labels=tuple(labels),
        tensors=tuple(tensors),
    )


def flatbuffer(program: bytes) -> dict:
    """The program as JSON, by the flatc and the schema of the executorch wheel."""
    import executorch

    wheel = Path(next(iter(executorch.__path__)))
    flatc = os.environ.get("FLATC", wheel / "data" / "bin" / "flatc")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "program.pte"
        path.write_bytes(program)
        schema = wheel / "exir" / "_serialize" / "program.fbs"
        flags = ["--json", "--defaults-json", "--strict-json", "--raw-binary", "-o", folder]
        subprocess.run(
            [flatc, *flags, schema, "--", path],
            check=True,
            capture_output=True,
        )
        return json.loads((Path(folder) / "program.json").read_text())


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    """Run this interpreter with this process's import path."""
    cwd = environment.pop("cwd", None)
    path = os.pathsep.join(str(Path(entry or ".").resolve()) for entry in sys.path)
    return subprocess.run(
        [sys.executable, *arguments],
        env={**os.environ, "PYTHONPATH": path, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
    )


def _align(value: int) -> int:
    return -(-value // 16) * 16
