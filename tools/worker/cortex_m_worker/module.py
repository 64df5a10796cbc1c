# SPDX-License-Identifier: Apache-2.0
"""Runs a module as `python -m` does, with import roots of the request's own."""

import argparse
import importlib
import importlib.util
import os
import runpy
import sys
from collections.abc import Sequence


def import_main(module: str) -> None:
    """Imports what run_module() runs, so that what it imports is there already."""
    spec = importlib.util.find_spec(module)
    package = spec is not None and spec.submodule_search_locations is not None
    name = f"{module}.__main__" if package else module
    importlib.import_module(name)
    # It runs under another name, with its own globals.
    del sys.modules[name]


def run_module(module: str, request: Sequence[str]) -> int:
    """Runs the module; returns its exit status, or raises SystemExit as the module does.

    Args:
        module: as for `python -m`.
        request: `[--import-root=DIR ...] [--output-root=DIR ...] -- ARGUMENT ...`
    """
    roots, arguments = _split(request)
    sys.path[:0] = roots
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
    return 0


def _split(request: Sequence[str]) -> tuple[list[str], list[str]]:
    parser = argparse.ArgumentParser(prog="a request of cortex_m_worker", allow_abbrev=False)
    parser.add_argument("--import-root", action="append", default=[])
    parser.add_argument("--output-root", action="append", default=[])
    request = list(request)
    if "--" not in request:
        parser.error("the module's arguments have to follow `--`")
    end = request.index("--")
    options = parser.parse_args(request[:end])
    roots = [
        os.path.normpath(os.path.join(output, root))
        for output in ["", *options.output_root]
        for root in options.import_root
    ]
    return [root for root in dict.fromkeys(roots) if os.path.isdir(root)], request[end + 1 :]
