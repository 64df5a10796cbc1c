# SPDX-License-Identifier: Apache-2.0
"""What one lowering is asked to do."""

import re
from dataclasses import dataclass
from pathlib import Path

from cortex_m_lowering.errors import LoweringError

DEFAULT_RANDOM_VECTORS = 4
IO = ("float32", "int8")

_C_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_FACTORY = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*\Z")


@dataclass(frozen=True)
class LoweringRequest:
    """One model, one target, one output folder. Checks itself on construction.

    Attributes:
        name: C identifier that names the model; the stem of the three outputs.
        target: `<core>+int8`, e.g. `cortex-m55+int8`.
        out: folder that receives `<name>.pte`, `<name>.json` and `<name>.vectors`.
        isa: `scalar`, `dsp` or `mve`; None takes the core's default.
        model: `package.module:function`, a factory returning (module, example inputs).
        program: path of a saved torch.export program (.pt2), instead of `model`.
        weights: .safetensors or .pt file loaded into the model.
        calibration: .npz of calibration samples; None calibrates on the example inputs.
        vectors: .npz of inputs (and `labels`) that become the reference vectors.
        io: `float32` or `int8`, the type in which the program takes and gives float tensors.
        random_vectors: number of vectors made up instead, the example inputs first.
    """

    name: str
    target: str
    out: Path
    isa: str | None = None
    model: str | None = None
    program: Path | None = None
    weights: Path | None = None
    calibration: Path | None = None
    vectors: Path | None = None
    random_vectors: int | None = None
    io: str = IO[0]

    def __post_init__(self) -> None:
        if not _C_IDENTIFIER.match(self.name):
            raise LoweringError(
                f"--name {self.name!r} is not a C identifier: it becomes part of function and "
                "symbol names; use letters, digits and underscores, not starting with a digit"
            )
        if (self.model is None) == (self.program is None):
            raise LoweringError("give exactly one of --model (a factory) and --program (a .pt2)")
        if self.model is not None and not _FACTORY.match(self.model):
            raise LoweringError(
                f"--model {self.model!r} is not of the form package.module:function"
            )
        if self.vectors is not None and self.random_vectors is not None:
            raise LoweringError("give only one of --vectors and --random-vectors")
        if self.random_vectors is not None and self.random_vectors < 0:
            raise LoweringError(f"--random-vectors {self.random_vectors}: must not be negative")
        if self.io not in IO:
            raise LoweringError(f"--io {self.io}: possible are {' and '.join(IO)}")
        self._check_files()

    def _check_files(self) -> None:
        for option in ("program", "weights", "calibration", "vectors"):
            path = getattr(self, option)
            if path is not None and not Path(path).is_file():
                raise LoweringError(f"--{option} {path}: no such file")
