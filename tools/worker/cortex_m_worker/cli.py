# SPDX-License-Identifier: Apache-2.0
"""The command line."""

import argparse
import gc
import importlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from cortex_m_worker.errors import WorkerError
from cortex_m_worker.module import import_main, run_module
from cortex_m_worker.streams import take_stdout

EXIT_OK = 0
EXIT_USAGE = 2

_EPILOG = """\
a request is one argument per line of FILE, or the `arguments` of a WorkRequest:
  [--import-root=DIR ...] [--output-root=DIR ...] -- ARGUMENT ...
  --import-root  MODULE imports from there, before PYTHONPATH
  --output-root  where generated files lie: every --import-root is looked for below it, too

exit status: that of MODULE; 2 for wrong usage, or for what is not Bazel's JSON worker protocol
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cortex_m_worker",
        description="Run a Python module for one request, or for many as a persistent worker.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--module",
        required=True,
        help="what `python -m` would run; a worker also imports it, which has to run nothing",
    )
    parser.add_argument(
        "--preload",
        action="append",
        default=[],
        metavar="MODULE",
        help="imported before any request, in this order; repeated",
    )
    requests = parser.add_mutually_exclusive_group(required=True)
    requests.add_argument(
        "--persistent_worker",
        action="store_true",
        help="take requests from stdin, in Bazel's JSON worker protocol, until it ends",
    )
    requests.add_argument(
        "request",
        nargs="*",
        default=[],
        metavar="@FILE",
        help="the only request, in one file or more",
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve requests until stdin ends, or run one; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        if not options.persistent_worker:
            request = [line for name in options.request for line in _read(name)]
            _preload(options.preload, importlib.import_module)
            return run_module(options.module, request)
        from cortex_m_worker.serve import serve  # takes time that a single request need not spend

        # Taken before anything is imported: a library may print while it is.
        responses = take_stdout()
        _preload(options.preload, importlib.import_module)
        _preload([options.module], import_main)
        # What the forks share is not touched by their garbage collectors, so it stays shared.
        gc.freeze()
        serve(options.module, sys.stdin.fileno(), responses)
    except WorkerError as error:
        print(f"cortex_m_worker: error: {error}", file=sys.stderr)
        return EXIT_USAGE
    return EXIT_OK


def _read(request: str) -> list[str]:
    path = Path(request.removeprefix("@"))
    try:
        return path.read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise WorkerError(f"the request {path} cannot be read: {error}") from error


def _preload(modules: Sequence[str], importing: Callable[[str], object]) -> None:
    for name in modules:
        try:
            importing(name)
        except Exception as error:
            raise WorkerError(f"importing {name}: {type(error).__name__}: {error}") from error
