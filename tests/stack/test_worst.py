# SPDX-License-Identifier: Apache-2.0
"""The deepest path, cycles included."""

from cortex_m_stack.image import Function
from cortex_m_stack.worst import Depths, Step


def functions(**described) -> dict[str, Function]:
    """Name -> (frame, {callee: bytes taken at the call})."""
    return {name: Function(name, frame, calls) for name, (frame, calls) in described.items()}


def test_the_deepest_path_wins():
    depths = Depths(
        functions(
            main=(100, {"deep": 20, "shallow": 100}),
            deep=(90, {}),
            shallow=(8, {}),
        ),
        {},
    )
    assert depths["main"].bytes == 110
    assert depths["main"].path == (Step("main", 20), Step("deep", 90))
    assert depths.cycles == []


def test_a_frame_may_be_deeper_than_what_is_called():
    depths = Depths(functions(main=(100, {"leaf": 8}), leaf=(4, {})), {})
    assert depths["main"].path == (Step("main", 100),)


def test_recursion_is_told_and_counted_as_declared():
    graph = functions(main=(8, {"walk": 8}), walk=(16, {"walk": 16, "leaf": 16}), leaf=(4, {}))
    undeclared = Depths(graph, {})
    assert undeclared.cycles == [["walk"]]
    assert undeclared["main"].bytes == 8 + 16 + 4
    declared = Depths(graph, {"walk": 5})
    assert declared.cycles == []
    assert declared["main"].bytes == 8 + 5 * 16 + 4


def test_a_cycle_of_two_counts_both():
    graph = functions(a=(16, {"b": 16}), b=(24, {"a": 24, "leaf": 24}), leaf=(4, {}))
    depths = Depths(graph, {"b": 3})
    assert depths["a"].bytes == 3 * (16 + 24) + 4
    assert Depths(graph, {}).cycles == [["a", "b"]]


def test_the_path_adds_up():
    graph = functions(
        a=(16, {"b": 8, "c": 16}), b=(64, {"d": 40}), c=(8, {"d": 8}), d=(32, {}), alone=(4, {})
    )
    depths = Depths(graph, {})
    for name in graph:
        assert sum(step.bytes for step in depths[name].path) == depths[name].bytes
    assert depths["a"].bytes == 8 + 40 + 32
