# SPDX-License-Identifier: Apache-2.0
"""Memory maps as people write them: `{"RAM": "0x20000000 128K"}`."""

_UNITS = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}

_ADDRESS_SPACE = 1 << 32

# The vector table is aligned to its size, up to 1 KiB; the MPU's guard below RAM takes 256 bytes
# and more.
_ALIGNMENTS = {"FLASH": 1024, "RAM": 256}

# Sections of the linker script: a region of this name would have the same section.
_SECTIONS = ["ARENA", "BSS", "DATA", "RODATA", "STACK", "TBSS", "TBSS_ROOM", "TDATA", "TEXT", "VECTORS"]

def _consists_of(text, characters):
    for character in text.elems():
        if character not in characters:
            return False
    return bool(text)

def parse_number(text):
    """Reads an integer in decimal or, after 0x, hexadecimal.

    Args:
      text: what was written.

    Returns:
      The integer, or None if it is none.
    """
    if text.lower().startswith("0x"):
        digits = text[2:]
        return int(digits, 16) if _consists_of(digits, "0123456789abcdefABCDEF") else None
    return int(text, 10) if _consists_of(text, "0123456789") else None

def parse_size(text):
    """Reads bytes: a number with an optional unit K, M or G.

    Args:
      text: what was written.

    Returns:
      The integer, or None if it is none.
    """
    unit = _UNITS.get(text[-1:])
    number = parse_number(text[:-1] if unit else text)
    return None if number == None else number * (unit or 1)

def _is_region_name(name):
    return _consists_of(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") and not name[0].isdigit()

def _parse_region(label, name, text):
    where = "{}: memory region {} = {}".format(label, name, repr(text))
    if not _is_region_name(name):
        fail(where + ": a region's name consists of capitals, digits and _, e.g. RAM2")
    if name in _SECTIONS:
        fail(where + ": a section of every image has this name: choose another")
    words = text.split(" ")
    origin = parse_number(words[0]) if len(words) == 2 else None
    length = parse_size(words[1]) if len(words) == 2 else None
    if origin == None or length == None:
        fail(where + ": write the first address and the length, e.g. \"0x20000000 128K\"")
    if length == 0:
        fail(where + ": it is empty")
    if origin + length > _ADDRESS_SPACE:
        fail(where + ": it ends behind the last 32-bit address")
    if origin % _ALIGNMENTS.get(name, 16) != 0:
        fail("{}: it has to start at a multiple of {} bytes".format(where, _ALIGNMENTS.get(name, 16)))
    return struct(origin = origin, length = length)

def _check_overlaps(label, memory):
    ordered = sorted([(region.origin, region.length, name) for name, region in memory.items()])
    for index in range(1, len(ordered)):
        origin, length, name = ordered[index - 1]
        if origin + length > ordered[index][0]:
            fail("{}: memory regions {} and {} overlap at 0x{}".format(
                label,
                name,
                ordered[index][2],
                "%x" % ordered[index][0],
            ))

def parse_memory(label, memory):
    """Reads and checks a memory map.

    Args:
      label: the target it belongs to, for messages.
      memory: dict of region name to "origin length".

    Returns:
      Dict of region name to struct(origin, length), in the order given.
    """
    for needed in ["FLASH", "RAM"]:
        if needed not in memory:
            fail("{}: memory has no region {}; it has {}".format(
                label,
                needed,
                ", ".join(memory.keys()) or "none",
            ))
    regions = {name: _parse_region(label, name, text) for name, text in memory.items()}
    _check_overlaps(label, regions)
    return regions
