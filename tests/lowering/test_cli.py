# SPDX-License-Identifier: Apache-2.0
"""The command line: help, exit codes, speed of refusal, and output that never varies."""

import pytest
from cortex_m_lowering import cli

from tests.lowering.support import REPOSITORY, SMALL, lower_now, python

MODEL = ["--model", f"{SMALL}:two_inputs", "--name", "m"]
TARGET = ["--target", "cortex-m55+int8"]


def test_help_names_outputs_and_exit_codes(capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--help"])
    text = capsys.readouterr().out
    assert exit_.value.code == 0
    for word in ("NAME.pte", "NAME.json", "NAME.vectors", "exit codes", "--calibration", "--isa"):
        assert word in text


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        [*TARGET, "--name", "m", "--out", "o"],
        [*TARGET, *MODEL, "--program", "m.pt2", "--out", "o"],
        [*TARGET, *MODEL, "--out", "o", "--isa", "neon"],
        [*TARGET, *MODEL, "--out", "o", "--vectors", "v.npz", "--random-vectors", "3"],
        [*TARGET, *MODEL, "--out", "o", "--random-vectors", "many"],
        [*TARGET, *MODEL, "--out", "o", "--no-such-option"],
    ],
)
def test_wrong_usage_exits_with_2(arguments, capsys):
    with pytest.raises(SystemExit) as exit_:
        cli.main(arguments)
    assert exit_.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_an_error_is_one_message_without_traceback(tmp_path, capsys):
    arguments = [*MODEL, "--target", "cortex-m99+int8", "--out", str(tmp_path)]
    assert cli.main(arguments) == cli.EXIT_USER_ERROR
    error = capsys.readouterr().err
    assert error.startswith("cortex_m_lowering: error: --target cortex-m99+int8: unknown core")
    assert "Traceback" not in error
    assert cli.main([*arguments, "--debug"]) == cli.EXIT_USER_ERROR
    assert "Traceback" in capsys.readouterr().err


def test_a_bad_argument_is_refused_before_torch_is_imported(tmp_path):
    program = (
        "import sys\n"
        "from cortex_m_lowering.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "assert not {'torch', 'numpy'} & set(sys.modules), 'imported too early'\n"
        "sys.exit(code)\n"
    )
    for bad in (
        ["--target", "cortex-m99+int8", *MODEL],
        ["--target", "cortex-m0+int8", "--isa", "mve", *MODEL],
        [*TARGET, *MODEL, "--weights", "missing.pt"],
        [*TARGET, "--model", "no_colon", "--name", "m"],
        [*TARGET, "--model", "a:b", "--name", "1m"],
    ):
        run = python("-c", program, *bad, "--out", str(tmp_path / "out"))
        assert run.returncode == 1, run.stderr
    assert not (tmp_path / "out").exists()


def test_output_does_not_depend_on_process_hash_seed_or_folder(tmp_path):
    out = tmp_path / "out"
    run = python(
        *["-m", "cortex_m_lowering", *TARGET, "--name", "m", "--out", str(out)],
        *["--model", "tests.models.mlperf_tiny:ds_cnn"],
        PYTHONHASHSEED="1",
        cwd=str(tmp_path),
    )
    assert run.returncode == 0, run.stderr
    assert "m: wrote m.{pte,json,vectors}" in run.stderr
    assert run.stdout == ""
    assert sorted(path.name for path in out.iterdir()) == ["m.json", "m.pte", "m.vectors"]
    here = lower_now(model="tests.models.mlperf_tiny:ds_cnn")
    assert (out / "m.pte").read_bytes() == here.program
    assert (out / "m.json").read_text() == here.raw_report
    assert (out / "m.vectors").read_bytes() == here.raw_vectors
    assert str(REPOSITORY).encode() not in here.program
    assert str(REPOSITORY) not in here.raw_report


def test_quiet_keeps_warnings(tmp_path, capsys):
    arguments = ["--model", f"{SMALL}:unsupported", "--name", "m", "--out", str(tmp_path)]
    assert cli.main([*TARGET, *arguments, "--quiet"]) == cli.EXIT_OK
    error = capsys.readouterr().err
    assert error.startswith(
        "cortex_m_lowering: warning: 1 operators compute in float: aten::cumsum"
    )
    assert error.count("\n") == 1
