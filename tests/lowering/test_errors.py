# SPDX-License-Identifier: Apache-2.0
"""Bad input gets one message that names the place and the way out, and leaves no file."""

import re

import numpy as np
import pytest
import torch
from cortex_m_lowering import LoweringError, lower
from cortex_m_lowering.executorch_adapter import passes
from safetensors.torch import save_file
from torch import nn

from tests.lowering.support import BROKEN, SMALL, lower_now, request


def refused(tmp_path, **changes) -> str:
    """The message with which a lowering is refused."""
    out = tmp_path / "out"
    with pytest.raises(LoweringError) as error:
        lower(request(out, **changes))
    assert not out.exists() or list(out.iterdir()) == []
    return str(error.value)


@pytest.mark.parametrize(
    ("factory", "expected"),
    [
        ("no_such.module:fn", "there is no Python module 'no_such'"),
        (f"{BROKEN}:missing", "has no 'missing'; it defines: .*not_a_pair"),
        (f"{BROKEN}:NOT_A_FUNCTION", "NOT_A_FUNCTION is a int, not a function"),
        (
            f"{BROKEN}:raises",
            r"the factory raised ValueError: no such layer: 17\n"
            r"  at tests/lowering/broken_models.py:\d+ in _broken_helper: raise ValueError",
        ),
        (f"{BROKEN}:not_a_pair", r"must return \(nn.Module, tuple.*it returned a Linear"),
        (f"{BROKEN}:not_a_module", "its first value is a str"),
        (f"{BROKEN}:inputs_not_a_tuple", "its second value is a Tensor"),
        (f"{BROKEN}:input_not_a_tensor", "example input 0 is a int"),
        (f"{BROKEN}:wrong_input_shape", "torch.export cannot capture the model"),
        (f"{BROKEN}:unsupported_dtype", "input 'input' is float64; supported are float32"),
        (
            f"{BROKEN}:branching",
            r"cannot capture the model at tests/lowering/broken_models.py:\d+ in forward: "
            r"if x.sum\(\) > 0",
        ),
        (
            f"{BROKEN}:data_dependent",
            r"operator aten.nonzero.default has a dynamic shape .* at "
            r"tests/lowering/broken_models.py:\d+ return torch.nonzero\(x\).*fixed shapes",
        ),
        (f"{BROKEN}:stateful", "running the model changes calls; "),
        (f"{BROKEN}:changes_its_input", "running the model changes x; "),
        (f"{BROKEN}:returns_a_number", r"output 1 \(3\) is not a tensor"),
        (f"{BROKEN}:nan_weights", "NaN or infinity in weight; such weights"),
        (f"{BROKEN}:infinite_weights", "NaN or infinity in weight; such weights"),
        (
            f"{BROKEN}:overflowing",
            "with the calibration data the float model itself computes NaN or infinity, first in "
            "aten::linear at module 1",
        ),
        (f"{BROKEN}:overflowing_bias", "the bias of aten::linear at module 0 overflows int32"),
        (
            f"{BROKEN}:scales_too_far_apart",
            r"cortex_m::quantized_add at tests/lowering/broken_models.py:\d+ .* would need "
            r"self_shift -\d+; -62 .. 30 are possible",
        ),
        (f"{BROKEN}:empty_input", r"input 'input' has no elements, its shape is \(0, 8\)"),
        (
            f"{BROKEN}:empty_slice",
            r"operator aten.slice.Tensor has no elements, its shape is \(1, 0\) at "
            r"tests/lowering/broken_models.py:\d+ return torch.cat",
        ),
        (f"{BROKEN}:empty_constant", "constant 'p_weight' has no elements"),
        (
            f"{BROKEN}:raw_zeros",
            r"aten::full_like at tests/lowering/broken_models.py:\d+ .*zeros_like.* works on a "
            "quantized tensor, and ExecuTorch 1.5.1 does not quantize the number",
        ),
        (f"{BROKEN}:raw_comparison", r"aten::gt at tests/lowering/broken_models.py:\d+ "),
        (f"{BROKEN}:mixed_product", "matrix product of a linear's .* without its bias"),
        (f"{BROKEN}:padded_in_rank_five", "Cortex-M passes refuse the model: .*pad"),
    ],
)
def test_factory(tmp_path, factory, expected):
    message = refused(tmp_path, model=factory)
    assert re.search(expected, message, re.DOTALL), message
    assert message.startswith(f"--model {factory}: ")


def test_what_is_advised_instead_lowers():
    report = lower_now(model=f"{BROKEN}:quantized_zeros").report
    assert report["agreement"][0]["max_steps"] <= 1
    assert report["float_operators"] == []
    lower_now(model=f"{BROKEN}:unread_empty_buffer")


def test_a_pass_that_loses_the_meaning_is_noticed(tmp_path, monkeypatch):
    # Without our correction, upstream clamps raw int8 values at 0.
    monkeypatch.setattr(passes, "corrected", list)
    message = refused(tmp_path, model=f"{SMALL}:two_inputs")
    assert re.search("output 1 of the lowered program is off by .* int8 steps", message), message


def _write_weights(path, **changes):
    torch.manual_seed(0)
    state = {
        "left.weight": torch.randn(6, 12),
        "left.bias": torch.randn(6),
        "right.weight": torch.randn(6, 20),
    }
    for name, tensor in changes.items():
        state[name.replace("__", ".")] = tensor
    state = {name: tensor for name, tensor in state.items() if tensor is not None}
    if path.suffix == ".safetensors":
        save_file(state, path)
    else:
        torch.save(state, path)
    return path


@pytest.mark.parametrize("suffix", [".safetensors", ".pt"])
def test_weights_mismatch_lists_every_kind(tmp_path, suffix):
    path = _write_weights(
        tmp_path / f"w{suffix}",
        left__bias=None,
        head__bias=torch.zeros(3),
        right__weight=torch.zeros(6, 21),
    )
    message = refused(tmp_path, weights=path)
    assert "missing in the file:\n    left.bias" in message
    assert "not in the model:\n    head.bias" in message
    assert "right.weight: file (6, 21), model (6, 20)" in message


def test_weights_with_nan(tmp_path):
    path = _write_weights(tmp_path / "w.pt", left__bias=torch.full((6,), float("inf")))
    assert f"--weights {path}: NaN or infinity in left.bias" in refused(tmp_path, weights=path)


def test_weights_that_are_not_weights(tmp_path):
    path = tmp_path / "w.safetensors"
    path.write_bytes(b"hello")
    assert "not a readable safetensors file" in refused(tmp_path, weights=path)
    path = tmp_path / "w.pt"
    path.write_bytes(b"hello")
    assert "torch.load(weights_only=True) refuses it" in refused(tmp_path, weights=path)
    torch.save(nn.Linear(2, 2), path)
    assert "save a plain state_dict" in refused(tmp_path, weights=path)
    torch.save({"epoch": 3}, path)
    assert "not a plain state_dict of tensors" in refused(tmp_path, weights=path)
    path = tmp_path / "w.bin"
    path.write_bytes(b"")
    assert "use .safetensors or .pt" in refused(tmp_path, weights=path)


FIRST = np.zeros((3, 1, 12), np.float32)
SECOND = np.zeros((3, 1, 20), np.float32)
NAN = np.where(np.arange(3)[:, None, None] == 2, np.float32("nan"), FIRST)


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"x": FIRST, "second": SECOND}, r"holds 'second', 'x', .*inputs are 'first', 'second'"),
        ({"first": FIRST}, "holds 'first', the model's inputs are 'first', 'second'"),
        ({"first": FIRST[:, :, :5], "second": SECOND}, r"shape \(3, 1, 5\), expected \(samples, 1"),
        ({"first": FIRST[0], "second": SECOND}, r"leading dimension: array\[None\]"),
        ({"first": FIRST[:, 0], "second": SECOND}, r"batch dimension: array\[:, None\]"),
        (
            {"first": FIRST.astype("float64"), "second": SECOND},
            r"dtype float64, the model's input is float32; convert it: first.astype\('float32'\)",
        ),
        ({"first": FIRST[:2], "second": SECOND}, "different numbers of samples: first 2, second 3"),
        ({"first": FIRST[:0], "second": SECOND[:0]}, "holds no samples"),
        ({"first": NAN, "second": SECOND}, "first holds NaN or infinity, first in sample 2"),
        (
            {"first": FIRST, "second": SECOND, "labels": np.zeros(2, int)},
            r"labels must be integers of shape \(3,\)",
        ),
    ],
)
@pytest.mark.parametrize("option", ["calibration", "vectors"])
def test_samples(tmp_path, arrays, expected, option):
    path = tmp_path / "s.npz"
    np.savez(path, **arrays)
    message = refused(tmp_path, **{option: path})
    assert message.startswith(f"--{option} {path}: ")
    assert re.search(expected, message), message


def test_labels_outside_the_classes(tmp_path):
    path = tmp_path / "s.npz"
    np.savez(path, first=FIRST, second=SECOND, labels=np.array([0, 5, 6]))
    message = refused(tmp_path, vectors=path)
    assert "labels[2] is 6" in message and "labels go from 0 to 5" in message


def test_samples_that_are_no_archive(tmp_path):
    path = tmp_path / "s.npz"
    path.write_bytes(b"PK hello")
    assert "not a readable .npz archive" in refused(tmp_path, calibration=path)
    np.savez(path, first=np.array([{}], dtype=object), second=SECOND)
    assert "not a readable .npz archive of plain arrays" in refused(tmp_path, calibration=path)


def test_program_that_is_no_program(tmp_path):
    path = tmp_path / "m.pt2"
    path.write_bytes(b"hello")
    message = refused(tmp_path, program=path)
    assert f"--program {path}: not a readable torch.export program" in message


def test_program_with_dynamic_shapes(tmp_path):
    batch = torch.export.Dim("batch", min=1, max=8)
    inputs = (torch.zeros(2, 8),)
    exported = torch.export.export(nn.Linear(8, 2), inputs, dynamic_shapes=({0: batch},))
    path = tmp_path / "m.pt2"
    torch.export.save(exported, path)
    message = refused(tmp_path, program=path)
    assert "input 'input' has a dynamic shape (s" in message and "without dynamic_shapes" in message


def test_output_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LoweringError, match=r"--out .*/file/out: cannot make the folder"):
        lower(request(tmp_path / "file" / "out"))


def test_a_failed_write_leaves_nothing(tmp_path):
    out = tmp_path / "out"
    (out / "m.vectors").mkdir(parents=True)
    with pytest.raises(
        LoweringError, match=r"cannot write m.vectors, so none of m.pte, m.json, m.vectors"
    ):
        lower(request(out))
    assert [path.name for path in out.iterdir()] == ["m.vectors"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": "my-model"}, "--name 'my-model' is not a C identifier"),
        ({"model": "no_colon"}, "not of the form package.module:function"),
        ({"model": None}, "give exactly one of --model"),
        ({"random_vectors": -1}, "must not be negative"),
    ],
)
def test_request(tmp_path, changes, expected):
    with pytest.raises(LoweringError, match=expected):
        request(tmp_path, **changes)


def test_missing_files_are_named(tmp_path):
    for option in ("weights", "calibration", "vectors", "program"):
        changes = {option: tmp_path / "missing"} | ({"model": None} if option == "program" else {})
        with pytest.raises(LoweringError, match=f"--{option} .*/missing: no such file"):
            request(tmp_path, **changes)
