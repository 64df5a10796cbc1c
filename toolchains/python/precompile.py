# SPDX-License-Identifier: Apache-2.0
"""Compiles the modules that a program importing MODULE... loads, once and for all.

    python3.11 precompile.py SITE_PACKAGES MODULE...

Without this every action would compile torch and executorch from source again, for several
seconds; all of them at once would take a minute. The files say neither date nor place (unchecked
hash, relative path), so that they are the same on every machine. Importing also proves that the
environment works.
"""

import importlib
import os
import py_compile
import sys


def precompile(site_packages: str, modules: list[str]) -> None:
    sys.path.insert(0, site_packages)
    for name in modules:
        importlib.import_module(name)
    for module in list(sys.modules.values()):
        source = getattr(module, "__file__", None) or ""
        if source.startswith(site_packages + os.sep) and source.endswith(".py"):
            py_compile.compile(
                source,
                dfile=os.path.relpath(source, site_packages),
                doraise=True,
                invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
            )


if __name__ == "__main__":
    sys.dont_write_bytecode = True  # those that import writes have dates in them
    precompile(os.path.abspath(sys.argv[1]), sys.argv[2:])
