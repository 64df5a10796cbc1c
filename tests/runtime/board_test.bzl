# SPDX-License-Identifier: Apache-2.0
"""What cortex_m_board makes of its attributes."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:defs.bzl", "cortex_m_board")
load("//rules:providers.bzl", "CortexMBoardInfo")
load("//tests/rules:firmware_analysis_test.bzl", "refusal_test")

def _board_test_impl(ctx):
    env = analysistest.begin(ctx)
    board = analysistest.target_under_test(env)[CortexMBoardInfo]
    asserts.equals(env, "cortex-m4", board.core)
    asserts.equals(env, ["cortex-m4", "cortex-m3"], board.cores)
    asserts.equals(env, struct(length = 256 << 10, origin = 0x08000000), board.memory["FLASH"])
    asserts.equals(env, struct(length = 0x1800, origin = 536870912), board.memory["RAM"])
    asserts.equals(env, struct(length = 1 << 30, origin = 0xC0000000), board.memory["RAM_2"])
    asserts.equals(env, "RAM_2", board.arena_region)
    asserts.equals(env, ["-cpu", "cortex-m4"], board.machine_args[-2:])
    asserts.equals(env, board.name + ".ld", board.linker_script.basename)
    return analysistest.end(env)

_board_test = analysistest.make(_board_test_impl)

def board_test(name):
    """Checks a board that uses all of the attributes.

    Args:
      name: name of the test.
    """
    cortex_m_board(
        name = name + "_board",
        arena_region = "RAM_2",
        core = "cortex-m4",
        machine = "some-machine",
        machine_args = ["-cpu", "cortex-m4"],
        memory = {
            "FLASH": "0x08000000 256K",
            "RAM": "536870912 0x1800",
            "RAM_2": "0xC0000000 1G",
        },
        nearest_cores = ["cortex-m3"],
        systick_hz = 1,
        tags = ["manual"],
    )
    _board_test(
        name = name,
        size = "small",
        target_under_test = ":" + name + "_board",
    )

def board_refusal_test(name, message, memory = {}, **kwargs):
    """Checks that a board is refused.

    Args:
      name: name of the test.
      message: what the refusal has to say.
      memory: regions that replace or add to those of a board that is fine; None takes one away.
      **kwargs: attributes of the board.
    """
    regions = {"FLASH": "0x0 256K", "RAM": "0x20000000 16K"} | memory
    cortex_m_board(
        name = name + "_board",
        memory = {region: text for region, text in regions.items() if text != None},
        tags = ["manual"],
        **({"core": "cortex-m0", "systick_hz": 1} | kwargs)
    )
    refusal_test(
        name = name,
        size = "small",
        messages = [
            "//tests/runtime:{}_board: ".format(name),
            message,
        ],
        target_under_test = ":" + name + "_board",
    )
