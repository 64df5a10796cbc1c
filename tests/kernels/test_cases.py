# SPDX-License-Identifier: Apache-2.0
"""The runner's table of kernels and the generated cases know the same kernels."""

import os
import re
from pathlib import Path


def test_every_kernel_has_cases() -> None:
    table = Path(os.environ["OPERATORS"]).read_text("utf-8")
    kernels = set(re.findall(r"^ +ENTRY(?:_\w+)?\((\w+)", table, re.MULTILINE))
    first, *lines = Path(os.environ["LIST"]).read_text("utf-8").splitlines()
    print(first)
    with_cases = {line.split()[1] for line in lines}
    assert kernels == with_cases
