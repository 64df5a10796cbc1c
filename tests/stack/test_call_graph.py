# SPDX-License-Identifier: Apache-2.0
"""What is read of GCC's call graphs."""

from cortex_m_stack import call_graph

GRAPH = r"""
graph: { title: "runtime/start.c"
node: { title: "runtime/start.c:run" label: "run\nruntime/start.c:29:49\n8 bytes (static)" }
node: { title: "__indirect_call" label: "Indirect Call Placeholder" shape : ellipse }
edge: { sourcename: "runtime/start.c:run" targetname: "__indirect_call" label: "start.c:32:6" }
node: { title: "main" label: "main\nruntime/start.c:12:5" shape : ellipse }
edge: { sourcename: "runtime/start.c:run" targetname: "main" label: "runtime/start.c:37:3" }
node: { title: "grows" label: "grows\nruntime/start.c:40:1\n24 bytes (dynamic)" }
node: { title: "limited" label: "limited\nruntime/start.c:44:1\n32 bytes (dynamic,bounded)" }
edge: { sourcename: "grows" targetname: "runtime/start.c:run" label: "runtime/start.c:41:3" }
}
"""


def test_reads_frames_and_calls():
    functions = {one.name: one for one in call_graph.parse(GRAPH)}
    assert set(functions) == {"run", "grows", "limited"}
    run = functions["run"]
    assert (run.source, run.frame, run.bounded) == ("start.c", 8, True)
    assert run.calls == {"main"}
    assert run.indirect
    assert not functions["grows"].bounded
    assert functions["grows"].calls == {"run"}
    assert (functions["limited"].frame, functions["limited"].bounded) == (32, True)


def test_namesakes_of_several_files_are_kept(tmp_path):
    for source, frame in (("a.c", 8), ("b.c", 16)):
        (tmp_path / f"{source}.ci").write_text(
            f'graph: {{ title: "{source}"\n'
            f'node: {{ title: "{source}:same" '
            f'label: "same\\n{source}:1:1\\n{frame} bytes (static)" }}\n'
            "}\n"
        )
    found = call_graph.read(sorted(tmp_path.glob("*.ci")))
    assert [(one.source, one.frame) for one in found["same"]] == [("a.c", 8), ("b.c", 16)]
