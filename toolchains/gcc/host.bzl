# SPDX-License-Identifier: Apache-2.0
"""The toolchains of the compiler that //toolchains/gcc:repository.bzl found on the machine."""

load("@cortex_m_gcc//:gcc.bzl", "GCC")
load(":toolchain.bzl", "cortex_m_gcc_toolchains")

def host_gcc_toolchains(name):
    """One toolchain for each variant, called `<name>_<variant>`.

    Args:
      name: the start of their names.
    """
    cortex_m_gcc_toolchains(name = name, **GCC)
