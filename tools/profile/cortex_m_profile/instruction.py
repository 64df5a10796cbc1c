# SPDX-License-Identifier: Apache-2.0
"""Thumb instructions as objdump writes them, and what kinds of them there are."""

import re
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

_CONDITIONS = "eq|ne|cs|hs|cc|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al"

# objdump -d: address, code as groups of hexadecimal digits, mnemonic, operands.
_LINE = re.compile(r"^ *([0-9a-f]+):\t([0-9a-f]{4}(?: [0-9a-f]{4})?) *\t(\S+)\t?(.*)$")


class Kind(Enum):
    """What an instruction keeps busy."""

    LOAD = "load"
    STORE = "store"
    BRANCH = "branch"
    MULTIPLY = "multiply"
    LONG_MULTIPLY = "long multiply"
    DIVIDE = "divide"
    VECTOR_LOAD = "vector load"
    VECTOR_STORE = "vector store"
    VECTOR_MULTIPLY = "vector multiply"
    VECTOR = "vector"
    OTHER = "other"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{text})(?:{_CONDITIONS})?")


# The first pattern that is the whole mnemonic, without its width and type, decides.
_KINDS = [
    (Kind.BRANCH, _pattern(r"b|bl|blx|bx|blxns|bxns|cbn?z|tb[bh]|letp|le|wls|wlstp")),
    (Kind.LOAD, _pattern(r"ldr|ldr(s?[bh]t?|t|d|ex[bh]?)|ldm(ia|db|fd|ea)?|pop|vldr|vldm\w*|vpop")),
    (
        Kind.STORE,
        _pattern(r"str|str([bh]t?|t|d|ex[bh]?)|stm(ia|db|fd|ea)?|push|vstr|vstm\w*|vpush"),
    ),
    (Kind.VECTOR_LOAD, re.compile(r"vldr[bhwd][te]?|vld[24][0-3]")),
    (Kind.VECTOR_STORE, re.compile(r"vstr[bhwd][te]?|vst[24][0-3]")),
    (Kind.DIVIDE, _pattern(r"[su]div")),
    (Kind.LONG_MULTIPLY, _pattern(r"[su]m(ull|lal)s?|umaal")),
    (
        Kind.MULTIPLY,
        _pattern(r"muls?|ml[as]|sm(ul|la)[bt][bt]|sm(ul|la)w[bt]|smm(ul|la|ls)r?|sm(u|l)[as]dx?"),
    ),
    (Kind.MULTIPLY, _pattern(r"smlald?x?|smlsldx?|smlal[bt][bt]|smusdx?")),
    (
        Kind.VECTOR_MULTIPLY,
        re.compile(r"v(q?r?d?|rml|ml|mla|mls)?(mul|ml[as]|fm[as]|lald|lsld)\w*"),
    ),
    (Kind.VECTOR, re.compile(r"v\w+")),
]

_REGISTER = re.compile(r"\b(?:r\d+|sp|lr|pc|fp|ip|sl|s\d+|d\d+|q\d)\b")


@dataclass(frozen=True)
class Instruction:
    """One instruction of an image."""

    address: int
    bytes: int
    mnemonic: str
    operands: str

    @property
    def end(self) -> int:
        return self.address + self.bytes

    @cached_property
    def name(self) -> str:
        """The mnemonic without width (`.w`) and data type (`.s16`)."""
        return self.mnemonic.partition(".")[0]

    @cached_property
    def kind(self) -> Kind:
        for kind, pattern in _KINDS:
            if pattern.fullmatch(self.name):
                return kind
        return Kind.OTHER

    @cached_property
    def registers(self) -> tuple[str, ...]:
        """All registers named, in order; ranges of a list written out."""
        text = re.sub(r"\b([rsdq])(\d+)-[rsdq](\d+)", _spread, self.operands.partition("@")[0])
        return tuple(_REGISTER.findall(text))

    @cached_property
    def listed(self) -> int:
        """How many registers the list in braces has; 0 if there is none."""
        listed, _, _ = self.operands.partition("{")[2].partition("}")
        text = re.sub(r"\b([rsdq])(\d+)-[rsdq](\d+)", _spread, listed)
        return sum(2 if one.startswith("d") else 1 for one in _REGISTER.findall(text))

    @property
    def transfers(self) -> int:
        """Words a load or store of the scalar registers moves."""
        return self.listed or (2 if re.match(r"(ld|st)rd", self.name) else 1)

    @property
    def is_multiple(self) -> bool:
        """Whether it moves more than one register."""
        return self.transfers > 1 or self.listed > 0

    @property
    def is_call(self) -> bool:
        return re.fullmatch(f"blx?(ns)?({_CONDITIONS})?", self.name) is not None

    @cached_property
    def is_vector(self) -> bool:
        """Whether it belongs to the vector extension, not to the scalar FPU."""
        return self.name.startswith(("vpst", "vpt", "vctp", "vpnot")) or any(
            register.startswith("q") for register in self.registers
        )

    @cached_property
    def writes_pc(self) -> bool:
        """Whether it is a branch under another name: `pop {pc}`, `ldr pc, ...`, `mov pc, ...`."""
        if self.kind is Kind.LOAD and self.listed:
            return "pc" in self.registers
        return self.kind not in (Kind.BRANCH, Kind.STORE) and self.registers[:1] == ("pc",)

    @cached_property
    def address_registers(self) -> tuple[str, ...]:
        """Registers a load's or store's address is made from."""
        if "[" in self.operands:
            return tuple(_REGISTER.findall(self.operands.partition("[")[2].partition("]")[0]))
        return self.registers[:1] if self.listed and self.name not in ("push", "pop") else ()

    @cached_property
    def written(self) -> tuple[str, ...]:
        """Registers written, as far as the timing models look."""
        if self.kind in (Kind.STORE, Kind.VECTOR_STORE, Kind.BRANCH):
            return ()
        if self.name.startswith(("cmp", "cmn", "tst", "teq", "it", "nop", "vcmp", "vpt")):
            return ()
        if self.kind is Kind.LOAD and self.listed:
            return self.registers if self.name.startswith("pop") else self.registers[1:]
        pairs = self.kind is Kind.LONG_MULTIPLY or self.name.startswith(("ldrd", "smlald"))
        return self.registers[: 2 if pairs else 1]

    @cached_property
    def is_gather(self) -> bool:
        """Whether a vector load or store takes its addresses from a vector."""
        return any(register.startswith("q") for register in self.address_registers)


def _spread(match: re.Match[str]) -> str:
    kind, first, last = match[1], int(match[2]), int(match[3])
    return ", ".join(f"{kind}{number}" for number in range(first, last + 1))


def parse(line: str) -> Instruction | None:
    """An instruction from a line of `objdump -d`; None for any other line, data included."""
    match = _LINE.match(line)
    if match is None or match[3].startswith("."):
        return None
    code = match[2].replace(" ", "")
    return Instruction(int(match[1], 16), len(code) // 2, match[3], match[4].strip())
