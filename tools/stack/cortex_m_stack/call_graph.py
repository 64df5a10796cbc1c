# SPDX-License-Identifier: Apache-2.0
"""Call graphs as GCC writes them: `-fcallgraph-info=su`, one `.ci` file a source.

A graph is text: a `node` for each function, with its frame in bytes if the source defines it, and
an `edge` for each call. A static function's title is `FILE:NAME`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

INDIRECT = "__indirect_call"

_GRAPH = re.compile(r'^graph: \{ title: "(.*)"$')
_NODE = re.compile(r'^node: \{ title: "(.*?)" label: "(.*?)"')
_EDGE = re.compile(r'^edge: \{ sourcename: "(.*?)" targetname: "(.*?)"')
_FRAME = re.compile(r"\\n(\d+) bytes \((static|dynamic,bounded|dynamic)\)")


@dataclass
class Compiled:
    """A function GCC compiled.

    `frame` is in bytes; `bounded` is false if it grows at run time (alloca, arrays of variable
    length). `calls` are symbols; `indirect` tells whether it calls through a pointer.
    """

    name: str
    source: str
    frame: int
    bounded: bool
    calls: set[str] = field(default_factory=set)
    indirect: bool = False


def _symbol(title: str) -> str:
    return title.rpartition(":")[2]


def parse(text: str) -> list[Compiled]:
    """The functions that a `.ci` file defines."""
    functions: dict[str, Compiled] = {}
    source = ""
    for line in text.splitlines():
        if graph := _GRAPH.match(line):
            source = PurePosixPath(graph[1]).name
        elif node := _NODE.match(line):
            if frame := _FRAME.search(node[2]):
                functions[node[1]] = Compiled(
                    _symbol(node[1]), source, int(frame[1]), frame[2] != "dynamic"
                )
        elif (edge := _EDGE.match(line)) and edge[1] in functions:
            if edge[2] == INDIRECT:
                functions[edge[1]].indirect = True
            else:
                functions[edge[1]].calls.add(_symbol(edge[2]))
    return list(functions.values())


def read(paths: list[Path]) -> dict[str, list[Compiled]]:
    """The functions of several files by symbol: static ones may share theirs."""
    found: dict[str, list[Compiled]] = {}
    for path in paths:
        for function in parse(path.read_text("utf-8")):
            found.setdefault(function.name, []).append(function)
    return found
