# SPDX-License-Identifier: Apache-2.0
"""Saved .pt2 programs, weights from a file, and repeated calls in one process."""

import torch
from safetensors.torch import save_file

from tests.lowering.support import lower_now
from tests.models import small


def _save(tmp_path):
    model, inputs = small.grouped()
    path = tmp_path / "m.pt2"
    torch.export.save(torch.export.export(model, inputs), path)
    return path, model


def test_a_saved_program_lowers_like_its_factory(tmp_path):
    path, _ = _save(tmp_path)
    saved = lower_now(program=path, isa="dsp")
    made = lower_now(model="tests.models.small:grouped", isa="dsp")
    assert saved.raw_vectors == made.raw_vectors
    assert saved.report["operators"] == made.report["operators"]
    assert str(tmp_path) not in saved.raw_report


def test_weights_replace_those_of_a_saved_program(tmp_path):
    path, model = _save(tmp_path)
    weights = {name: -2 * tensor for name, tensor in model.state_dict().items()}
    save_file(weights, tmp_path / "w.safetensors")
    torch.save(weights, tmp_path / "w.pt")
    plain = lower_now(program=path)
    changed = lower_now(program=path, weights=tmp_path / "w.safetensors")
    assert changed.program != plain.program
    assert changed.program == lower_now(program=path, weights=tmp_path / "w.pt").program


def test_calls_in_one_process_do_not_influence_each_other():
    first = lower_now(model="tests.models.small:grouped")
    lower_now(model="tests.models.small:two_inputs", isa="scalar")
    torch.manual_seed(99)
    assert lower_now(model="tests.models.small:grouped") == first
