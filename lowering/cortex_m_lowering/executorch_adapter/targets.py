# SPDX-License-Identifier: Apache-2.0
"""Cores and ISAs as ExecuTorch's Cortex-M backend knows them (no torch needed)."""

from dataclasses import dataclass
from typing import Any

from cortex_m_lowering.errors import LoweringError

# Cores upstream has no name for, and the one whose CMSIS-NN code paths they share.
_STANDS_FOR = {"cortex-m52": "cortex-m55"}

_DTYPE = "int8"


@dataclass(frozen=True)
class Target:
    """A core and ISA resolved against upstream's tables.

    Attributes:
        core: the core the user named, e.g. `cortex-m52`.
        isa: `scalar`, `dsp` or `mve`.
        upstream: the core the backend is asked for, e.g. `cortex-m55`.
        config: upstream's target configuration object.
    """

    core: str
    isa: str
    upstream: str
    config: Any


def known_cores() -> list[str]:
    """The cores that can be named in `--target`, in upstream's order."""
    from executorch.backends.cortex_m.target_config import CortexM, CortexMTargetConfig

    cores = [CortexMTargetConfig(cpu=cpu).target_string for cpu in CortexM]
    for alias, original in _STANDS_FOR.items():
        cores.insert(cores.index(original), alias)
    return cores


def resolve_target(target: str, isa: str | None) -> Target:
    """Parse `<core>+int8` and an optional ISA override, or say what is permitted."""
    from executorch.backends.cortex_m.library import cmsis_nn
    from executorch.backends.cortex_m.target_config import CortexMTargetConfig

    core, plus, dtype = target.partition("+")
    if core not in known_cores():
        raise LoweringError(
            f"--target {target}: unknown core {core!r}; known cores: {', '.join(known_cores())}"
        )
    if not plus or dtype != _DTYPE:
        raise LoweringError(
            f"--target {target}: the only supported number format is {_DTYPE}; "
            f"write --target {core}+{_DTYPE}"
        )
    upstream = _STANDS_FOR.get(core, core)
    cpu = CortexMTargetConfig.from_target_string(upstream).cpu
    if isa is None:
        config = CortexMTargetConfig(cpu=cpu)
        return Target(core, config.backend.name.lower(), upstream, config)
    permitted = permitted_isas(core)
    if isa not in permitted:
        raise LoweringError(
            f"--isa {isa}: {core} cannot execute it; permitted for {core}: {', '.join(permitted)}"
        )
    config = CortexMTargetConfig(cpu=cpu, isa=getattr(cmsis_nn.Backend, isa.upper()))
    return Target(core, isa, upstream, config)


def permitted_isas(core: str) -> list[str]:
    """The ISAs upstream lets `core` be lowered for, smallest first."""
    from executorch.backends.cortex_m.library import cmsis_nn
    from executorch.backends.cortex_m.target_config import CortexMTargetConfig

    cpu = CortexMTargetConfig.from_target_string(_STANDS_FOR.get(core, core)).cpu
    permitted = []
    for isa in ("scalar", "dsp", "mve"):
        try:
            CortexMTargetConfig(cpu=cpu, isa=getattr(cmsis_nn.Backend, isa.upper()))
        except ValueError:
            continue
        permitted.append(isa)
    return permitted
