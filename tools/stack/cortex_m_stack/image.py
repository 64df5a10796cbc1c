# SPDX-License-Identifier: Apache-2.0
"""The functions of a linked image: their frames, and which of them call which.

What the compiler says comes first. The machine code adds the calls the linker made (veneers,
helpers), tells how deep the stack is at each call, and stands in where there is no call graph.
"""

import struct
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cortex_m_profile.instruction import Instruction
from elftools.elf.constants import SH_FLAGS
from elftools.elf.elffile import ELFFile

from cortex_m_stack import code, known
from cortex_m_stack.call_graph import Compiled

# Entry of every exception nobody handles, where the runtime shows a report and ends the program.
FAULT_ENTRY = "cortex_m_fault_entry"

_RESET = 1


@dataclass
class Function:
    """A function of the image.

    `frame`: bytes its own code takes at most. `calls`: callee -> bytes taken at the call.
    `from_compiler`: whether a call graph told, and not the machine code alone. `bounded` is false
    if the frame is not known. `assumed`: callees of calls through pointers that nobody declared.
    """

    name: str
    frame: int
    calls: dict[str, int] = field(default_factory=dict)
    from_compiler: bool = False
    bounded: bool = True
    undeclared: bool = False
    lost: list[int] = field(default_factory=list)

    def add_call(self, callee: str, depth: int) -> None:
        self.calls[callee] = max(depth, self.calls.get(callee, 0))


@dataclass(frozen=True)
class _Symbol:
    name: str
    address: int
    size: int
    rank: int  # the lower, the better a name
    source: str  # of a local symbol


class Image:
    """A linked image.

    Args:
        elf: the image, with symbols.
        instructions: all of its code.
        graphs: what GCC said of its sources, by symbol; of more than is linked.
        declared: caller -> what it calls through pointers, patterns.
    """

    def __init__(
        self,
        elf: ELFFile,
        instructions: list[Instruction],
        graphs: dict[str, list[Compiled]],
        declared: dict[str, list[str]],
    ) -> None:
        self._elf = elf
        self._graphs = graphs
        self._declared = declared
        self._loaded = [
            (section["sh_addr"], section.data())
            for section in elf.iter_sections()
            if section["sh_flags"] & SH_FLAGS.SHF_ALLOC and section["sh_type"] == "SHT_PROGBITS"
        ]
        self._symbols = self._read_symbols()
        self._starts = sorted({symbol.address for symbol in self._symbols})
        self._by_address: dict[int, _Symbol] = {}
        for symbol in sorted(self._symbols, key=lambda one: (one.rank, one.name), reverse=True):
            self._by_address[symbol.address] = symbol
        self._addresses: dict[str, int] = {one.name: one.address for one in self._symbols}
        self._instructions = sorted(instructions, key=lambda one: one.address)
        self._codes = self._analyse_code()
        self.uses_vectors_or_floats = any(one.name.startswith("v") for one in instructions)
        self.functions = self._join()

    def _read_symbols(self) -> list[_Symbol]:
        table = self._elf.get_section_by_name(".symtab")
        source, found = "", []
        for symbol in table.iter_symbols() if table is not None else ():
            kind, bind = symbol["st_info"]["type"], symbol["st_info"]["bind"]
            if kind == "STT_FILE":
                source = symbol.name
            elif kind == "STT_FUNC" and symbol["st_shndx"] != "SHN_UNDEF":
                rank = 2 * (bind == "STB_WEAK") + (symbol["st_size"] == 0)
                found.append(
                    _Symbol(
                        symbol.name.partition(".lto_priv")[0],
                        symbol["st_value"] & ~1,
                        symbol["st_size"],
                        rank,
                        source if bind == "STB_LOCAL" else "",
                    )
                )
        return found

    def word_at(self, address: int) -> int | None:
        """The word the image holds at an address, if it does."""
        for start, data in self._loaded:
            if start <= address and address + 4 <= start + len(data):
                return struct.unpack_from("<I", data, address - start)[0]
        return None

    def symbol_at(self, address: int) -> str | None:
        """The function an address lies in."""
        index = bisect_right(self._starts, address & ~1) - 1
        return self._by_address[self._starts[index]].name if index >= 0 else None

    def values_of(self, name: str) -> int | None:
        """The value of a symbol that is no function."""
        table = self._elf.get_section_by_name(".symtab")
        found = table.get_symbol_by_name(name) if table is not None else None
        return found[0]["st_value"] if found else None

    def name_of(self, symbol: str) -> str | None:
        """The name `functions` has a symbol under: several may share an address."""
        address = self._addresses.get(symbol)
        return None if address is None else self._by_address[address].name

    def _analyse_code(self) -> dict[str, code.Code]:
        found = {}
        addresses = [one.address for one in self._instructions]
        for index, start in enumerate(self._starts):
            end = self._starts[index + 1] if index + 1 < len(self._starts) else addresses[-1] + 4
            size = max(one.size for one in self._symbols if one.address == start)
            if size:
                end = min(end, start + size)
            first, last = bisect_right(addresses, start - 1), bisect_right(addresses, end - 1)
            found[self._by_address[start].name] = code.analyse(
                self._instructions[first:last], self.word_at, end
            )
        return found

    @cached_property
    def taken(self) -> set[str]:
        """Functions whose address the image holds outside of the vector table."""
        values = set()
        for section in self._elf.iter_sections():
            flags = section["sh_flags"]
            if (
                flags & SH_FLAGS.SHF_ALLOC
                and not flags & SH_FLAGS.SHF_EXECINSTR
                and section["sh_type"] == "SHT_PROGBITS"
                and not section.name.startswith(".vectors")
            ):
                data = section.data()
                values.update(struct.unpack_from(f"<{len(data) // 4}I", data))
        for one in self._codes.values():
            values |= one.taken
        return {
            self._by_address[value - 1].name
            for value in values
            if value & 1 and value - 1 in self._by_address
        }

    def constructors(self) -> set[str]:
        """What start-up calls before main()."""
        start = self.values_of("__cortex_m_init_array_start")
        end = self.values_of("__cortex_m_init_array_end")
        words = [] if start is None or end is None else map(self.word_at, range(start, end, 4))
        names = (self.symbol_at(word) for word in words if word)
        return {name for name in names if name}

    def handlers(self) -> tuple[str | None, list[str]]:
        """Reset, and the functions of the vector table that are no fault report; each once."""
        section = self._elf.get_section_by_name(".vectors")
        words = [
            self.word_at(section["sh_addr"] + offset) for offset in range(0, section["sh_size"], 4)
        ]
        reset = self.symbol_at(words[_RESET] or 0)
        faults = self.name_of(FAULT_ENTRY)
        named: dict[str, None] = {}
        for word in words[_RESET + 1 :]:
            address = (word or 0) & ~1
            if word and word & 1 and address in self._by_address:
                named[self._by_address[address].name] = None
        return reset, [name for name in named if name not in (reset, faults)]

    def _compiled(self, symbol: _Symbol) -> list[Compiled]:
        """What GCC said of a function, or of its namesakes if several files have it."""
        found = [
            graph
            for one in self._symbols
            if one.address == symbol.address
            for graph in self._graphs.get(one.name, ())
        ]
        same = [one for one in found if symbol.source and one.source == symbol.source]
        return same or found

    def _told(self, graphs: list[Compiled]) -> tuple[set[str], bool]:
        """The functions of the image that call graphs lead to, and whether pointers do.

        What is called but not in the image was inlined when it was linked: its calls count.
        """
        callees: set[str] = set()
        indirect, work, seen = False, list(graphs), set()
        while work:
            graph = work.pop()
            indirect |= graph.indirect
            for name in graph.calls - seen:
                seen.add(name)
                linked = self.name_of(name)
                if linked is not None:
                    callees.add(linked)
                else:
                    work += self._graphs.get(name, ())
        return callees, indirect

    def _join(self) -> dict[str, Function]:
        functions = {}
        names = set(self._codes)
        for start in self._starts:
            symbol = self._by_address[start]
            graphs, seen = self._compiled(symbol), self._codes[symbol.name]
            frame = max([seen.frame, *(graph.frame for graph in graphs)])
            told = bool(graphs)
            function = Function(
                symbol.name,
                frame,
                from_compiler=told,
                bounded=all(graph.bounded for graph in graphs) if told else seen.bounded,
            )
            exact = seen.bounded and seen.frame == frame
            for address, depth in seen.calls.items():
                callee = self.symbol_at(address)
                if callee is None:
                    function.lost.append(address)
                elif callee != symbol.name or address == start:
                    function.add_call(callee, depth if exact else frame)
            callees, indirect = self._told(graphs)
            for callee in sorted(callees - set(function.calls)):
                function.add_call(callee, frame)
            if not told:
                indirect = seen.indirect is not None
            if indirect:
                depth = seen.indirect if exact and seen.indirect is not None else frame
                self._add_pointers(function, depth, names)
            functions[symbol.name] = function
        return functions

    def _add_pointers(self, function: Function, depth: int, names: set[str]) -> None:
        callees = known.targets(function.name, self._declared, names)
        if callees is None and function.name == known.CONSTRUCTORS:
            callees = self.constructors()
        function.undeclared = callees is None
        for callee in self.taken - {function.name} if callees is None else callees:
            function.add_call(callee, depth)


def instructions(profile: dict[str, Any]) -> list[Instruction]:
    """The code of an image, from its NAME.profile.json."""
    return [Instruction(*words) for words in profile["code"]]
