# SPDX-License-Identifier: Apache-2.0
"""Makes three hundred lowerings in a row affordable, without a change in their results."""

from __future__ import annotations

import functools
import gc


def prepare() -> None:
    """Call it once all libraries are loaded.

    torch asks the dispatcher for all composite operators anew at every to_edge, several times,
    because a library loaded meanwhile may have added some; here none is.
    """
    from torch._export import utils

    utils._materialize_cpp_cia_ops = functools.cache(utils._materialize_cpp_cia_ops)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
