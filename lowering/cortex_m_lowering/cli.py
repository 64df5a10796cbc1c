# SPDX-License-Identifier: Apache-2.0
"""The command line: arguments in, exit code out."""

import argparse
import sys
import traceback
from pathlib import Path

from cortex_m_lowering.errors import LoweringError
from cortex_m_lowering.pipeline import lower
from cortex_m_lowering.progress import ConsoleProgress
from cortex_m_lowering.quiet import quiet_libraries
from cortex_m_lowering.request import DEFAULT_RANDOM_VECTORS, IO, LoweringRequest

EXIT_OK = 0
EXIT_USER_ERROR = 1
EXIT_INTERNAL_ERROR = 3

_EPILOG = """\
outputs, written all or none:
  OUT/NAME.pte      the ExecuTorch program
  OUT/NAME.json     report: operators, tensors, arena, scratch buffers, quantization, versions
  OUT/NAME.vectors  reference inputs and the bit-exact outputs of the lowered program

exit codes:
  0  done
  1  an error in the input, named in one message on stderr
  2  wrong usage of the command line
  3  an internal error, with its traceback

example:
  python -m cortex_m_lowering --target cortex-m55+int8 --isa mve --name digits --out out \\
      --model examples.digits.model:digits --weights examples/digits/weights.safetensors \\
      --calibration examples/digits/calibration.npz --vectors examples/digits/heldout.npz
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cortex_m_lowering",
        description="Lower a PyTorch model to an int8 ExecuTorch program for a Cortex-M core.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--target", required=True, help="core and format, e.g. cortex-m55+int8")
    parser.add_argument(
        "--isa",
        choices=("scalar", "dsp", "mve"),
        help="instruction set the kernels will use; default: the most the core has",
    )
    model = parser.add_mutually_exclusive_group(required=True)
    model.add_argument(
        "--model",
        metavar="PKG.MOD:FN",
        help="factory without arguments that returns (nn.Module, tuple of example inputs)",
    )
    model.add_argument(
        "--program", type=Path, metavar="FILE.pt2", help="a program saved by torch.export.save"
    )
    parser.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help="state dict as .safetensors or .pt; must match the model exactly",
    )
    parser.add_argument(
        "--calibration",
        type=Path,
        metavar="FILE.npz",
        help="one array per model input, named as forward()'s argument (or input_0, ...), "
        "shape (samples, *input shape); default: the example inputs",
    )
    vectors = parser.add_mutually_exclusive_group()
    vectors.add_argument(
        "--vectors",
        type=Path,
        metavar="FILE.npz",
        help="inputs of the reference vectors, as for --calibration, and optionally `labels`",
    )
    vectors.add_argument(
        "--random-vectors",
        type=int,
        metavar="N",
        help="number of reference vectors to make up within the range of the calibration data, "
        f"the example inputs first; default: {DEFAULT_RANDOM_VECTORS}",
    )
    parser.add_argument(
        "--io",
        choices=IO,
        default=IO[0],
        help="type of the program's inputs and outputs that are float in the model; int8: the "
        "application quantizes and dequantizes, with the report's scales; default: %(default)s",
    )
    parser.add_argument("--name", required=True, help="C identifier: stem of outputs and symbols")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="output folder")
    parser.add_argument("--quiet", action="store_true", help="warnings and errors only")
    parser.add_argument("--debug", action="store_true", help="show tracebacks and library logs")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run the tool; returns the process's exit code (argparse exits with 2 by itself)."""
    arguments = vars(_parser().parse_args(argv))
    quiet, debug = arguments.pop("quiet"), arguments.pop("debug")
    if not debug:
        quiet_libraries()
    try:
        lower(LoweringRequest(**arguments), ConsoleProgress(quiet))
    except LoweringError as error:
        if debug:
            traceback.print_exc()
        print(f"cortex_m_lowering: error: {error}", file=sys.stderr)
        return EXIT_USER_ERROR
    except Exception:
        traceback.print_exc()
        print("cortex_m_lowering: internal error, see the traceback above", file=sys.stderr)
        return EXIT_INTERNAL_ERROR
    return EXIT_OK
