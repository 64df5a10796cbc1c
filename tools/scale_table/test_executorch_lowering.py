# SPDX-License-Identifier: Apache-2.0
"""ExecuTorch's Python API makes a program, as the table's comparison needs it."""

import os
import subprocess
import sys

SCRIPT = "tools/scale_table/executorch_lowering.py"


def test_makes_a_program(tmp_path):
    program = tmp_path / "conv2d_x3.pte"
    subprocess.run(
        [sys.executable, "-S", SCRIPT, "tests.models.executorch:conv2d_x3", "cortex-m4", program],
        check=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert program.read_bytes()[4:8] == b"ET12"
