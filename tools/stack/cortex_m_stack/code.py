# SPDX-License-Identifier: Apache-2.0
"""What the machine code of a function does to the stack.

All ways through the function are followed, with the stack's depth at each instruction. For
functions no call graph is there of (assembly, the C library), and to check those it is there of.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cortex_m_profile.instruction import Instruction

_CONDITIONS = "(?:eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)"
_BRANCH = re.compile(rf"b({_CONDITIONS})?|cbn?z|le|letp|wls|wlstp")
_UNCONDITIONAL = ("b",)
_SAVE = re.compile(rf"(push|vpush|stmdb|stmfd|vstmdb)({_CONDITIONS})?")
_RESTORE = re.compile(rf"(pop|vpop|ldmia|ldmfd|ldm|vldmia)({_CONDITIONS})?")
_MOVE = re.compile(rf"(add|sub)w?s?({_CONDITIONS})?")
_TARGET = re.compile(r"\b([0-9a-f]+) <")
_LITERAL = re.compile(r"@ \(([0-9a-f]+)\b")
_IMMEDIATE = re.compile(r"#(-?\d+|0x[0-9a-f]+)")
_PRE_INDEXED = re.compile(r"\[sp, #-(\d+)\]!")
_POST_INDEXED = re.compile(r"\[sp\], #(\d+)")

# Deeper than any real frame: a loop that pushes.
_ABSURD = 1 << 20

_RETURN = "return address"


@dataclass
class Code:
    """What a function does, from its instructions.

    `frame`: the deepest its own code gets, bytes. `calls`: address of a function -> depth at the
    deepest call of it (a function that is jumped to takes over what is left of the frame).
    `indirect`: the depth at the deepest call through a pointer, None if there is none. `bounded`
    is false if the depth could not be followed. `taken`: addresses it loads that may be functions.
    """

    frame: int = 0
    bounded: bool = True
    indirect: int | None = None
    calls: dict[int, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)


def analyse(
    instructions: Sequence[Instruction], word_at: Callable[[int], int | None], end: int
) -> Code:
    """Follows a function through its instructions.

    Args:
        instructions: all of the function, in order of address, data left out.
        word_at: the word at an address of the image, None outside of it.
        end: address behind the function.
    """
    return _Analysis(instructions, word_at, end).result if instructions else Code()


class _Analysis:
    def __init__(self, instructions, word_at, end) -> None:
        self._at = {one.address: one for one in instructions}
        self._order = list(instructions)
        self._word_at = word_at
        self._start, self._end = instructions[0].address, end
        self._known = self._constants()
        self._depths: dict[int, int] = {}
        self._jump_depth: int | None = None
        self.result = Code()
        for known in self._known.values():
            self.result.taken |= {value for value in known.values() if isinstance(value, int)}
        self._follow([(self._start, 0)])
        self._follow_tables()

    def _constants(self) -> dict[int, dict[str, int | str]]:
        """Per instruction: registers whose value is known before it, within straight code."""
        targets = {
            int(match[1], 16)
            for one in self._order
            if not one.is_call and (match := _TARGET.search(one.operands))
        }
        known: dict[str, int | str] = {}
        states = {}
        for one in self._order:
            if one.address in targets:  # also reached another way
                known.clear()
            states[one.address] = dict(known)
            literal = _LITERAL.search(one.operands)
            registers = one.registers
            if one.name == "ldr" and literal and registers:
                word = self._word_at(int(literal[1], 16))
                known.pop(registers[0], None)
                if word is not None:
                    known[registers[0]] = word
            elif one.name in ("movw", "movt") and (value := _IMMEDIATE.search(one.operands)):
                number = int(value[1], 0)
                low = known.get(registers[0], 0)
                if one.name == "movw":
                    known[registers[0]] = number
                elif isinstance(low, int):
                    known[registers[0]] = low & 0xFFFF | number << 16
            elif one.name == "mov" and len(registers) == 2 and registers[1] in known:
                known[registers[0]] = known[registers[1]]
            elif one.name == "pop":
                for register in registers:
                    known[register] = _RETURN
            else:
                for register in one.written:
                    known.pop(register, None)
                if one.is_call:
                    for register in ("r0", "r1", "r2", "r3", "ip", "lr"):
                        known.pop(register, None)
        if self._order:
            states[self._end] = dict(known)
        return states

    def _follow(self, work: list[tuple[int, int]]) -> None:
        while work:
            address, depth = work.pop()
            one = self._at.get(address)
            if one is None:
                if address == self._end:  # falls into the next function
                    self._call(address, depth)
                continue
            if self._depths.get(address, -1) >= depth or not self.result.bounded:
                continue
            self._depths[address] = depth
            after = self._moved(one, depth)
            self.result.frame = max(self.result.frame, depth, after)
            if after > _ABSURD:
                self.result.bounded = False
                return
            work.extend(self._successors(one, after))

    def _follow_tables(self) -> None:
        """Code that only a table of addresses leads to."""
        for one in self._order:
            if one.address in self._depths:
                continue
            depth = self._jump_depth
            if depth is None:
                # Reached in no way known: behind a call that does not return, or padding.
                continue
            self._follow([(one.address, depth)])

    def _moved(self, one: Instruction, depth: int) -> int:
        """The depth after an instruction."""
        conditional = re.search(_CONDITIONS + "$", one.name) is not None
        lowered = 0
        writes_back = "sp!" in one.operands
        if match := _SAVE.fullmatch(one.name):
            if match[1] in ("push", "vpush") or writes_back:
                lowered = self._bytes(one)
        elif match := _RESTORE.fullmatch(one.name):
            if match[1] in ("pop", "vpop") or writes_back:
                lowered = -self._bytes(one)
        elif index := _PRE_INDEXED.search(one.operands):
            lowered = int(index[1])
        elif index := _POST_INDEXED.search(one.operands):
            lowered = -int(index[1])
        elif one.written[:1] == ("sp",):
            lowered = self._arithmetic(one)
        if conditional and lowered < 0:
            lowered = 0
        return max(depth + lowered, 0)

    @staticmethod
    def _bytes(one: Instruction) -> int:
        listed = one.operands.partition("{")[2]
        return one.listed * 4 if not listed.startswith("q") else one.listed * 16

    def _arithmetic(self, one: Instruction) -> int:
        match = _MOVE.fullmatch(one.name)
        if match is None or (len(one.registers) > 1 and one.registers[1] not in ("sp",)):
            amount = self._register(one, one.registers[-1])
        elif value := _IMMEDIATE.search(one.operands.partition("@")[0]):
            amount = int(value[1], 0)
        else:
            amount = self._register(one, one.registers[-1])
        if match is None or amount is None:
            if one.name in ("mov", "movs") and len(one.registers) == 2:
                return 0  # back to a frame pointer: what was taken is counted where it was taken
            self.result.bounded = False
            return 0
        return amount if match[1] == "sub" else -amount

    def _register(self, one: Instruction, register: str) -> int | None:
        value = self._known[one.address].get(register)
        if not isinstance(value, int):
            return None
        return value - (1 << 32) if value >> 31 else value

    def _successors(self, one: Instruction, depth: int) -> list[tuple[int, int]]:
        following = [(one.end, depth)]
        target = _TARGET.search(one.operands)
        if one.is_call:
            if target:
                self._call(int(target[1], 16), depth)
            else:
                self._through_pointer(one, depth)
            return following
        if _BRANCH.fullmatch(one.name):
            if target is None:
                return following
            address = int(target[1], 16)
            inside = self._start <= address < self._end
            if not inside:
                self._call(address, depth)
            elif one.name in _UNCONDITIONAL:
                return [(address, depth)]
            else:
                following.append((address, depth))
            return [] if one.name in _UNCONDITIONAL else following
        if one.name.startswith(("bx", "blx")):
            register = one.registers[-1] if one.registers else "lr"
            if register != "lr" and self._known[one.address].get(register) != _RETURN:
                self._through_pointer(one, depth)
            return following if one.name not in ("bx", "bxns") else []
        if one.name in ("tbb", "tbh"):
            self._jump_depth = max(depth, self._jump_depth or 0)
            return []
        if one.writes_pc:
            if one.listed == 0:
                self._jump_depth = max(depth, self._jump_depth or 0)
                literal = _LITERAL.search(one.operands)
                if literal and (word := self._word_at(int(literal[1], 16))) is not None:
                    self._call(word & ~1, depth)
            returns = re.search(_CONDITIONS + "$", one.name) and one.name not in ("ldmia",)
            return following if returns else []
        if one.name in ("udf",):
            return []
        return following

    def _call(self, address: int, depth: int) -> None:
        self.result.calls[address] = max(depth, self.result.calls.get(address, 0))

    def _through_pointer(self, one: Instruction, depth: int) -> None:
        value = self._known[one.address].get(one.registers[-1]) if one.registers else None
        if isinstance(value, int) and value & 1:
            self._call(value & ~1, depth)
        else:
            self.result.indirect = max(depth, self.result.indirect or 0)
