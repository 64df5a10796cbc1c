# SPDX-License-Identifier: Apache-2.0
"""Where in the user's model an operator, or an exception, comes from."""

import os
import re
import sys
import traceback
from dataclasses import dataclass
from typing import Any

# Frames of these packages never are the user's line. `executorch/examples` is not
# among them: its models are models like any other.
_LIBRARIES = re.compile(
    r"(^|/)(torch|torchao|functorch|cortex_m_lowering|importlib|executorch/(backends|exir))/"
    r"|<frozen |<eval_with_key>"
)
_FRAME = re.compile(r'\s*File "(?P<file>[^"]+)", line (?P<line>\d+), in .*')


@dataclass(frozen=True)
class Location:
    """`source` is `file.py:12 code` (or empty), `module` a path like `features.0`."""

    source: str
    module: str


def node_location(node: Any) -> Location:
    """The model line and module that an fx node was traced from."""
    modules = node.meta.get("nn_module_stack") or {}
    module = ""
    for path, kind in modules.values():
        if not str(kind).startswith("torch.export."):
            module = str(path)
    return Location(_innermost_line(node.meta.get("stack_trace") or ""), module)


def user_frame(error: BaseException) -> str:
    """`file.py:12 in function: code` of the innermost frame outside the libraries."""
    found = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if not _LIBRARIES.search(frame.filename):
            found = f"{portable_path(frame.filename)}:{frame.lineno} in {frame.name}: {frame.line}"
    return found


def portable_path(path: str) -> str:
    """A path without this machine in it: as the file is imported, else its last part."""
    names = [
        name
        for name, module in list(sys.modules.items())
        if getattr(module, "__file__", None) == path and name != "__main__"
    ]
    last = os.path.basename(path)
    if not names:
        return last
    parts = max(names, key=len).split(".")
    return "/".join([*parts, last] if last == "__init__.py" else [*parts[:-1], last])


def _innermost_line(stack_trace: str) -> str:
    lines = stack_trace.splitlines()
    found = ""
    for number, line in enumerate(lines):
        frame = _FRAME.match(line)
        if frame is None or _LIBRARIES.search(frame["file"]):
            continue
        code = lines[number + 1].strip() if number + 1 < len(lines) else ""
        found = f"{portable_path(frame['file'])}:{frame['line']} {code}".rstrip()
    return found
