# SPDX-License-Identifier: Apache-2.0
"""Pieces of C: identifiers, comments, literals."""

import math
import re
import struct
import textwrap
from collections.abc import Iterable

from cortex_m_plan.errors import PlanError
from cortex_m_plan.step import Field

COLUMNS = 100

_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORDS = """
alignas alignof and and_eq asm auto bitand bitor bool break case catch char class compl const
constexpr continue default delete do double else enum explicit export extern false float for
friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator or
or_eq private protected public register restrict return short signed sizeof static
static_assert struct switch template this thread_local throw true try typedef typeid typename
typeof union unsigned using virtual void volatile wchar_t while xor xor_eq
"""
_RESERVED = frozenset(_WORDS.split())


def check_name(name: str) -> None:
    """Refuses a model name that cannot start the names of C functions."""
    why = ""
    if not _IDENTIFIER.fullmatch(name):
        why = "not a C identifier (letters, digits and _, starting with a letter)"
    elif name in _RESERVED:
        why = "a word of C or C++"
    elif name.lower() == "cortex_m" or name.lower().startswith("cortex_m_"):
        why = "cortex_m is the prefix of the kernels and the runtime"
    if why:
        raise PlanError(
            f"--name {name}: {why}", fix="choose a name such as digits: functions are digits_run()"
        )


def identifier(text: str) -> str:
    """A text as part of a C identifier."""
    return re.sub(r"[^A-Za-z0-9_]", "_", text)


def plain(text: str) -> str:
    """A text that cannot end a comment, nor otherwise mean anything to a C compiler."""
    text = "".join(c if " " <= c <= "~" else "?" for c in " ".join(text.split()))
    text = text.replace("*/", "* /").replace("/*", "/ *").replace("\\", "/")
    while "??" in text:
        text = text.replace("??", "?")
    return text.replace("*/", "* /").replace("/*", "/ *")


def comment(lines: Iterable[str], indent: str = "") -> str:
    """A block comment of one or more lines, each wrapped."""
    wrapped = []
    for line in lines:
        wrapped += textwrap.wrap(
            plain(line), COLUMNS - len(indent) - 6, subsequent_indent="    "
        ) or [""]
    body = f"\n{indent} * ".join(wrapped)
    return f"{indent}/* {body} */".replace(" * \n", " *\n")


def float32(value: float) -> str:
    """The shortest decimal literal of at most nine digits that reads back as that float32."""
    if math.isnan(value):
        return '__builtin_nanf("")'
    if math.isinf(value):
        return "-__builtin_inff()" if value < 0 else "__builtin_inff()"
    (single,) = struct.unpack("<f", struct.pack("<f", value))
    for digits in range(1, 10):
        text = f"{single:.{digits}g}"
        if struct.unpack("<f", struct.pack("<f", float(text)))[0] == single:
            break
    if "." not in text and "e" not in text:
        text += ".0"
    return f"{text}f"


def value(item: Field) -> str:
    """The initializer of a struct field."""
    if hasattr(item, "_asdict"):
        return "{" + ", ".join(f".{n} = {value(v)}" for n, v in item._asdict().items()) + "}"
    if isinstance(item, tuple):
        return "{" + ", ".join(map(value, item)) + "}"
    if isinstance(item, float):
        return float32(item)
    return integer(item)


def field(name: str, item: Field, indent: str) -> str:
    """The lines of a designated initializer."""
    return (
        textwrap.fill(
            f".{name} = {value(item)},",
            COLUMNS,
            initial_indent=indent,
            subsequent_indent=indent + "    ",
            break_on_hyphens=False,
        )
        + "\n"
    )


def integer(number: int) -> str:
    """An int32 literal; the smallest one cannot be written plainly."""
    return "INT32_MIN" if number == -(2**31) else str(number)
