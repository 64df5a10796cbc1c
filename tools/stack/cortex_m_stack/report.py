# SPDX-License-Identifier: Apache-2.0
"""NAME.stack.json and NAME.stack.txt: what the stack of an image needs at worst.

{"format": 1, "image": "//firmware:m55_app", "reserved": bytes of the stack,
 "worst_case": bytes, "path": [{"function", "bytes"}, ...],
 "program": bytes without exceptions, "exceptions": [{"handler", "entry", "bytes"}, ...],
 "fault_report": bytes below the failing program, or null,
 "unknown": [{"function", "kind", "text"}, ...],
 "models": [{"name", "worst_case", "path"}, ...],
 "functions": [{"name", "frame", "worst_case", "source"}, ...]}

`worst_case` is the deepest path from reset, and on top every handler of the vector table once, as
if each had interrupted the one before it, with what the core stacks. Handlers of faults are left
out: they end the program. What `unknown` names is in the numbers as far as it is known, and no
further.
"""

from typing import Any

from cortex_m_stack.image import FAULT_ENTRY, Image
from cortex_m_stack.worst import Depths, Step, Worst

FORMAT = 1

# What the core stacks on an exception: 8 words, or 26 with floating-point context; up to one more
# to align the stack to 8 bytes.
_ENTRY = 8 * 4 + 4
_ENTRY_WITH_FLOATS = 26 * 4 + 4


def make(
    label: str, image: Image, recursion: dict[str, int], models: list[str], reserved: int | None
) -> dict[str, Any]:
    """The table of NAME.stack.json.

    Args:
        label: what to call the image.
        image: the image.
        recursion: function -> how many calls of it may be active at a time.
        models: names of the models linked in.
        reserved: bytes of the stack.
    """
    depths = Depths(image.functions, recursion)
    reset, handlers = image.handlers()
    program = depths[reset] if reset else Worst(0, ())
    entry = _ENTRY_WITH_FLOATS if image.uses_vectors_or_floats else _ENTRY
    path = list(program.path)
    for handler in handlers:
        path += [Step(f"exception entry of {handler}", entry), *depths[handler].path]
    fault = image.name_of(FAULT_ENTRY)
    return {
        "format": FORMAT,
        "image": label,
        "reserved": reserved,
        "worst_case": sum(step.bytes for step in path),
        "path": _path(path),
        "program": program.bytes,
        "exceptions": [
            {"handler": name, "entry": entry, "bytes": depths[name].bytes} for name in handlers
        ],
        "fault_report": None if fault is None else entry + depths[fault].bytes,
        "unknown": _unknown(image, depths, [name for name in (reset, *handlers) if name]),
        "models": [
            {
                "name": name,
                "worst_case": depths[run].bytes,
                "path": _path(depths[run].path),
            }
            for name in models
            if (run := image.name_of(f"{name}_run")) is not None
        ],
        "functions": [
            {
                "name": name,
                "frame": function.frame,
                "worst_case": depths[name].bytes,
                "source": "compiler" if function.from_compiler else "machine code",
            }
            for name, function in sorted(image.functions.items())
        ],
    }


def _path(steps) -> list[dict[str, Any]]:
    return [{"function": step.function, "bytes": step.bytes} for step in steps]


def _reached(image: Image, roots: list[str]) -> set[str]:
    seen: set[str] = set()
    work = list(roots)
    while work:
        name = work.pop()
        if name not in seen:
            seen.add(name)
            work.extend(image.functions[name].calls)
    return seen


def _unknown(image: Image, depths: Depths, roots: list[str]) -> list[dict[str, str]]:
    """What the numbers cannot vouch for, of functions that are reached."""
    reached = _reached(image, roots)
    found = []
    for name in sorted(reached):
        function = image.functions[name]
        if function.undeclared:
            text = (
                f"{name} calls through a pointer; counted as the deepest function whose address "
                f'is taken. Declare what it reaches: stack_calls = {{"{name}": ["FUNCTION"]}}'
            )
            found.append({"function": name, "kind": "indirect call", "text": text})
        if not function.bounded:
            text = f"the frame of {name} grows at run time; counted as {function.frame} bytes"
            found.append({"function": name, "kind": "dynamic frame", "text": text})
        for address in function.lost:
            text = f"{name} calls {address:#010x}, where no function is known; counted as nothing"
            found.append({"function": name, "kind": "unknown function", "text": text})
    for cycle in depths.cycles:
        if reached.intersection(cycle):
            text = (
                f"{' and '.join(cycle)} may call {'each other' if len(cycle) > 1 else 'itself'} "
                f"again; counted once. Declare how many calls are active at a time: "
                f'stack_recursion = {{"{cycle[0]}": "TIMES"}}'
            )
            found.append({"function": cycle[0], "kind": "recursion", "text": text})
    return found


def as_text(table: dict[str, Any]) -> str:
    """The table for people."""
    reserved = table["reserved"]
    lines = [table["image"], ""]
    lines.append(f"{'stack at worst':<32} {table['worst_case']:>7} bytes")
    if reserved is not None:
        lines.append(f"{'reserved':<32} {reserved:>7}")
    lines.append(f"{'program':<32} {table['program']:>7}")
    for one in table["exceptions"]:
        lines.append(f"{'exception ' + one['handler']:<32} {one['entry'] + one['bytes']:>7}")
    for model in table["models"]:
        lines.append(f"{model['name'] + '_run':<32} {model['worst_case']:>7}")
    if table["fault_report"] is not None:
        lines.append(f"{'report of a fault (ends it)':<32} {table['fault_report']:>7}")
    lines += ["", "deepest path", *_path_lines(table["path"])]
    for model in table["models"]:
        lines += ["", f"deepest path of {model['name']}_run", *_path_lines(model["path"])]
    lines += ["", "not known:"] if table["unknown"] else ["", "nothing is unknown"]
    lines += [f"  {one['kind']}: {one['text']}" for one in table["unknown"]]
    return "\n".join(lines) + "\n"


def _path_lines(path: list[dict[str, Any]]) -> list[str]:
    return [f"  {step['bytes']:>6}  {step['function']}" for step in path]
