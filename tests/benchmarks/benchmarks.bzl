# SPDX-License-Identifier: Apache-2.0
"""Benchmarks of the networks that docs/BENCHMARKS.md compares, one for each network and column."""

load("//rules:defs.bzl", "cortex_m_benchmark_test", "cortex_m_firmware")
load("//toolchains:cores.bzl", "core_name")

NETWORKS = [
    "conv2d_x3",
    "ds_cnn",
    "resnet8",
    "mobilenet_v1_025",
    "deep_autoencoder",
]

# A micro:bit has too little RAM: Armv6-M code runs on the M3 machine.
_BOARDS = {"cortex-m0": "//toolchains/boards:mps2_an385"}

def _column(core, io = "int8"):
    return struct(core = core, io = io)

# What others have published figures of: int8 input and output, and float32 on Cortex-M3.
PUBLISHED = [
    _column("cortex-m55"),
    _column("cortex-m4"),
    _column("cortex-m7"),
    _column("cortex-m3", "float32"),
    _column("cortex-m0"),
]

# The same instruction sets on other cores, and Cortex-M3 with int8.
FURTHER = [
    _column("cortex-m3"),
    _column("cortex-m0plus"),
    _column("cortex-m23"),
    _column("cortex-m33"),
    _column("cortex-m52"),
    _column("cortex-m85"),
]

def _name(network, column):
    return "_".join(
        [network, core_name(column.core).removeprefix("cortex_")] +
        ([] if column.io == "int8" else [column.io]),
    )

def cells(columns, suffix):
    """Targets by network and column.

    Args:
      columns: list of columns.
      suffix: of the targets' names: `benchmark` or `flash`.

    Returns:
      dict of label to "NETWORK CORE IO".
    """
    return {
        "//tests/benchmarks:{}_{}".format(_name(network, column), suffix): " ".join([
            network,
            column.core,
            column.io,
        ])
        for network in NETWORKS
        for column in columns
    }

def network_benchmarks(name, columns, record, **kwargs):
    """Declares NETWORK_CORE_benchmark and NETWORK_CORE_flash, e.g. `ds_cnn_m4_benchmark`.

    Args:
      name: unused; what buildifier expects of a macro.
      columns: list of columns.
      record: label of the record.
      **kwargs: arguments of the tests.
    """
    for network in NETWORKS:
        for column in columns:
            cell = _name(network, column)
            cortex_m_benchmark_test(
                name = cell + "_benchmark",
                size = "medium",
                board = _BOARDS.get(column.core),
                core = column.core,
                model = "//tests/networks:{}{}".format(network, "_int8" if column.io == "int8" else ""),
                record = record,
                visibility = ["//tools/benchmark_table:__pkg__"],
                **kwargs
            )
            cortex_m_firmware(
                name = cell + "_flash",
                testonly = True,
                srcs = ["run_once.c"],
                board = _BOARDS.get(column.core),
                core = column.core,
                tags = ["manual"],
                visibility = ["//tools/benchmark_table:__pkg__"],
                deps = [":{}_benchmark.library".format(cell)],
            )
