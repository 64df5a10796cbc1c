# SPDX-License-Identifier: Apache-2.0
"""Programs that are whole, and say what a plan cannot express."""

import pytest
import support
from support import identity


def test_version(refused):
    draft = identity()
    draft.changes["version"] = 3
    assert "program version 3, this compiler reads 0" in refused(draft)


def test_method(refused):
    draft = identity()
    draft.plan_changes["name"] = "encode"
    assert "methods encode" in refused(draft)


def test_delegate(refused):
    draft = identity()
    draft.plan_changes["delegates"] = [
        {"id": "EthosUBackend", "processed": {"location": "INLINE", "index": 0}}
    ]
    assert "delegated to EthosUBackend" in refused(draft)


def test_dynamic_shape(refused):
    draft = identity()
    draft.values[draft.inputs[0]]["val"]["shape_dynamism"] = "DYNAMIC_BOUND"
    message = refused(draft)
    assert "dynamic shape (at most 1x4)" in message
    assert "without dynamic_shapes" in message


def test_other_memory(refused):
    draft = identity()
    draft.values[1]["val"]["allocation_info"]["memory_id"] = 2
    assert "planned in memory 2" in refused(draft)


def test_two_memories(refused):
    draft = identity()
    draft.plan_changes["non_const_buffer_sizes"] = [0, 64, 64]
    assert "2 planned memories" in refused(draft)


def test_unplanned(refused):
    draft = identity()
    del draft.values[draft.inputs[0]]["val"]["allocation_info"]
    assert "no place in the planned memory" in refused(draft)


def test_outside_the_arena(refused):
    draft = identity()
    draft.values[1]["val"]["allocation_info"]["memory_offset_low"] = 4096
    assert "damaged: tensor %1 ends at byte 4100" in refused(draft)


def test_beyond_4_gib(refused):
    draft = identity()
    draft.values[1]["val"]["allocation_info"]["memory_offset_high"] = 1
    assert "damaged: tensor %1 ends at byte 42949673" in refused(draft)


def test_misaligned(refused):
    draft = identity()
    draft.values[draft.outputs[0]]["val"]["allocation_info"]["memory_offset_low"] = 18
    assert "misaligned" in refused(draft)


def test_external_data(refused):
    draft = identity()
    draft.constant([4])
    draft.values[-1]["val"]["extra_tensor_info"] = {
        "fully_qualified_name": "w", "location": "EXTERNAL"
    }  # fmt: skip
    assert "in another file (a .ptd)" in refused(draft)


def test_initial_state(refused):
    draft = identity()
    draft.constant([4])
    draft.values[1]["val"]["data_buffer_idx"] = 1
    assert "mutable and has an initial state" in refused(draft)


def test_mutable_segment(refused):
    draft = identity()
    draft.changes["mutable_data_segments"] = [{"segment_index": 0, "offsets": [0]}]
    assert "mutable data with an initial state" in refused(draft)


def test_named_data(refused):
    draft = identity()
    draft.changes["named_data"] = [{"key": "k", "segment_index": 0}]
    assert "named data blobs" in refused(draft)


def test_segment_outside_the_file(refused):
    draft = identity()
    draft.changes["segments"] = [{"offset": 0, "size": 1_000_000}]
    assert "cut short: segment 0 ends" in refused(draft)


def test_constant_outside_the_segment(refused):
    draft = identity()
    draft.constant([64])
    draft.values[-1]["val"]["sizes"] = [65]
    assert "ends at byte 65 of the constant segment, which has 64" in refused(draft)


def test_dtype(refused):
    draft = identity()
    draft.values[1]["val"]["scalar_type"] = "DOUBLE"
    assert "elements of type DOUBLE" in refused(draft)


def test_dim_order(refused):
    draft = identity()
    draft.values[1]["val"]["dim_order"] = [1, 1]
    assert "dim_order [1, 1]" in refused(draft)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("JumpFalseCall", {"cond_value_index": 0, "destination_instruction": 0}),
        ("MoveCall", {"move_from": 0, "move_to": 1}),
        ("FreeCall", {"value_index": 0}),
        ("DelegateCall", {"delegate_index": 0, "args": []}),
    ],
)
def test_control_flow(refused, kind, arguments):
    draft = identity()
    draft.instructions[1] = {"instr_args_type": kind, "instr_args": arguments}
    assert f"instruction 1 is a {kind}" in refused(draft)


def test_input_that_is_no_tensor(refused):
    draft = identity()
    draft.inputs.append(draft.literal(5))
    assert "input 1 is not a tensor" in refused(draft)


def test_constant_output(refused):
    draft = identity()
    draft.outputs.append(draft.constant([4]))
    assert "output 1 is a constant" in refused(draft)


def test_no_outputs(refused):
    draft = identity()
    draft.outputs = []
    assert "no outputs" in refused(draft)


def test_index_of_nothing(refused):
    draft = identity()
    draft.instructions[1]["instr_args"]["args"][0] = 99
    assert "damaged: value 99" in refused(draft)
    draft.instructions[1]["instr_args"]["args"][0] = -1
    assert "damaged: value -1" in refused(draft)


def test_scale_keeps_every_bit(tmp_path):
    """flatc prints twelve digits of a double; the plan has all of them."""
    scale = 0.1 + 2.0**-54
    draft = identity()
    for value in draft.values:
        if value["val_type"] == "Double" and value["val"]["double_val"] == 0.1:
            value["val"]["double_val"] = scale
    assert support.plan(draft.write(tmp_path), tmp_path / "out") == 0
    (step, _) = support.steps(tmp_path / "out")
    assert step["parameters"]["inverse_scale"] == 1.0 / scale


def test_no_constants(planned):
    draft = identity()
    draft.changes["segments"] = []
    draft.changes["constant_segment"] = None
    del draft.changes["constant_segment"]
    assert len(planned(draft)) == 2


def test_schema_folder(refused, tmp_path, monkeypatch):
    program = identity().write(tmp_path)
    monkeypatch.setattr(support, "SCHEMA", tmp_path)
    assert "no program schema" in refused(program)


def test_another_schema(refused, tmp_path, monkeypatch):
    program = identity().write(tmp_path)
    for name in ("program.fbs", "scalar_type.fbs"):
        text = (
            (support.SCHEMA / name).read_text().replace("double_val: double", "double_val: float")
        )
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(support, "SCHEMA", tmp_path)
    assert "not the schema this compiler knows" in refused(program)


def test_flatc_that_is_none(refused, tmp_path, monkeypatch):
    program = identity().write(tmp_path)
    monkeypatch.setattr(support, "FLATC", tmp_path / "nonesuch")
    assert "cannot be run" in refused(program)
