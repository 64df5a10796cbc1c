# SPDX-License-Identifier: Apache-2.0
"""Each test program of the runtime as firmware tests on cores and boards."""

load("//rules:defs.bzl", "cortex_m_firmware", "cortex_m_firmware_test")
load("//toolchains:cores.bzl", "core_name")

def runtime_tests(name, targets, cases, program = None, size = "small"):
    """Builds a program for each target and runs each case on it.

    Args:
      name: first part of the names of the tests.
      targets: list of pairs (core, board): where it runs. The names of the tests say both.
      cases: list of `case()`.
      program: the program's C file without `.c`; default: `name`.
      size: the tests' size.
    """
    for core, board in targets:
        firmware = "{}_{}_on_{}".format(name, core_name(core), board)
        cortex_m_firmware(
            name = firmware,
            testonly = True,
            srcs = [
                (program or name) + ".c",
                "busy.h",
            ],
            board = "//toolchains/boards:" + board,
            core = core,
            tags = ["manual"],
            deps = ["//runtime:internal"],
        )
        for case in cases:
            cortex_m_firmware_test(
                name = "_".join([firmware] + ([case.name] if case.name else []) + ["test"]),
                size = size,
                arguments = case.arguments,
                data = case.data,
                exit_status = case.exit_status,
                expected_output = case.expected_output,
                firmware = ":" + firmware,
                tags = ["runtime"],
            )

def case(expected_output = [], name = "", arguments = [], data = [], exit_status = 0):
    """One run of a program.

    Args:
      expected_output: texts the console has to show.
      name: part of the test's name; empty if it is the program's only case.
      arguments: the program's arguments.
      data: files it reads.
      exit_status: how it has to end.

    Returns:
      A struct of the arguments.
    """
    return struct(
        arguments = arguments,
        data = data,
        exit_status = exit_status,
        expected_output = expected_output,
        name = name,
    )

def fault_case(fault, expected_output):
    """A run of fault.c that ends in the runtime's report.

    Args:
      fault: the fault it commits.
      expected_output: what the report has to show.

    Returns:
      A case.
    """
    return case(
        arguments = [fault],
        exit_status = 70,
        expected_output = ["committing " + fault] + expected_output,
        name = fault,
    )
