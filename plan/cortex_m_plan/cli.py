# SPDX-License-Identifier: Apache-2.0
"""The command line."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cortex_m_plan import arena, container, decode, emit, flatbuffer, plan, report, versions
from cortex_m_plan.build import Build, read_lock
from cortex_m_plan.emit.c import check_name
from cortex_m_plan.errors import PlanError
from cortex_m_plan.output import write_all

_EPILOG = """\
writes to DIR, all of them or none:
  NAME.h            what an application includes
  NAME_plan.c       the calls, needs cortex_m/kernels.h and cortex_m/model.h
  NAME_program.S    includes the .pte and the tables by file name: assemble with -I both folders
  NAME_tables.bin   constants made for the kernels, empty if there are none
  NAME_plan.json    the plan for tools: steps, memory map, constants

exit status: 0 done, 1 the program cannot become a plan (one message on stderr), 2 wrong usage
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cortex_m_plan",
        description="Compile an ExecuTorch program (.pte) to a flat C plan of kernel calls.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    required = parser.add_argument_group("required")
    required.add_argument(
        "--program", type=Path, required=True, metavar="FILE", help="the .pte, of cortex_m_lowering"
    )
    required.add_argument(
        "--report", type=Path, required=True, metavar="FILE", help="its report (.json)"
    )
    required.add_argument(
        "--isa", required=True, choices=report.ISAS, help="the instruction set of the kernels"
    )
    required.add_argument(
        "--name", required=True, help="prefix of the C functions and the files, e.g. digits"
    )
    required.add_argument(
        "--flatc", type=Path, required=True, metavar="FILE", help="the flatbuffers compiler"
    )
    required.add_argument(
        "--schema-dir", type=Path, required=True, metavar="DIR",
        help="folder of ExecuTorch's program.fbs and scalar_type.fbs",
    )  # fmt: skip
    required.add_argument("--out", type=Path, required=True, metavar="DIR", help="output folder")
    parser.add_argument(
        "--core", default="", help="the core the firmware is for, e.g. cortex-m52: for the report"
    )
    parser.add_argument(
        "--executorch-core", default="", metavar="CORE",
        help="the core ExecuTorch's backend lowers for in its place; default: the core itself",
    )  # fmt: skip
    parser.add_argument(
        "--lock", type=Path, metavar="FILE",
        help="pip's lock of the lowering tool: its versions are compared with the program's",
    )  # fmt: skip
    parser.add_argument(
        "--embed", choices=plan.EMBED, default=plan.EMBED_CONSTANTS,
        help="what goes into flash: the constants (default), or the whole program",
    )  # fmt: skip
    parser.add_argument(
        "--arena", default="", metavar="NAME",
        help="an arena that models of an image share, cortex_m_arena_NAME, which the image has; "
        "default: one of its own",
    )  # fmt: skip
    parser.add_argument(
        "--bank", type=arena.region, action="append", default=[], metavar="NAME:BYTES",
        help="memory the arena may take, and how much; repeated, fastest first. Default: one "
        "memory without limit",
    )  # fmt: skip
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the compiler; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        check_name(options.name)
        if options.arena:
            check_name(options.arena)
        file = container.read(options.program)
        side = report.read(options.report)
        tables = flatbuffer.tables(file, options.flatc, options.schema_dir)
        program = decode.decode(file, tables)
        build = Build(
            isa=options.isa,
            core=options.core,
            executorch_core=options.executorch_core or options.core,
            versions=read_lock(options.lock) if options.lock else {},
        )
        made = plan.make(
            options.name, options.embed, program, side, build, options.bank, options.arena
        )
        for finding in made.findings:
            if finding.severity == versions.WARNING:
                print(f"warning: {options.program}: {finding.text}", file=sys.stderr)
        write_all(options.out, emit.files(made, options.program.name))
    except PlanError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
