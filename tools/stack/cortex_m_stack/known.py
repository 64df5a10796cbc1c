# SPDX-License-Identifier: Apache-2.0
"""What the calls through pointers of this project and of the C library reach.

Patterns of shell style, matched against the symbols of the image.
"""

from fnmatch import fnmatchcase

# Caller: what it may call through a pointer.
CALLS = {
    # picolibc's formatter, whose stream writes into a string.
    "__*vfprintf": ("__file_str_put*", "__file_wstr_put*"),
    "vfprintf": ("__file_str_put*", "__file_wstr_put*"),
    # newlib's, the same.
    "_svfprintf_r": ("__ssprint_r", "__ssputs_r"),
    "_svfiprintf_r": ("__ssprint_r", "__ssputs_r"),
    # kernels: how a run of elements is copied.
    "cortex_m_permute_runs*": ("cortex_m_copy_run_singly*", "copy_run*"),
    # kernels, MVE: how rows of an image are brought together.
    "load_rows*": ("interleave*",),
    # plan/device: where vectors come from.
    "take*": ("read_memory", "read_host"),
    "read_header*": ("read_memory", "read_host"),
    "cortex_m_vectors_*": ("read_memory", "read_host"),
}

# Start-up's loop over constructors; they are read from the image.
CONSTRUCTORS = "run"


def targets(caller: str, declared: dict[str, list[str]], symbols: set[str]) -> set[str] | None:
    """What a function's calls through pointers reach; None if nobody says.

    Args:
        caller: symbol of the function.
        declared: the user's own declarations, as CALLS; they replace those of the same caller.
        symbols: the functions of the image.
    """
    for table in (declared, CALLS):
        named = [callees for pattern, callees in table.items() if fnmatchcase(caller, pattern)]
        if named:
            return {
                symbol
                for callees in named
                for pattern in callees
                for symbol in symbols
                if fnmatchcase(symbol, pattern)
            }
    return None
