# SPDX-License-Identifier: Apache-2.0
"""The summary in the terminal."""

import pytest
import support
from cortex_m_report import document, text

_WHOLE = """\
//a:b: cortex-m55 (mve) on mps3_an547

flash         516 of 4,096 bytes, 12.6 %
      kernels 400, tables 64, application 48, padding 4
RAM           684 of 2,048 bytes, 33.4 %
      arena 160, stack 512 (worst case 132), static 12

m: arena 160 bytes; proved least
  the .pte's own plan 256, without overlap at least 192
  peak at step 0 conv2d:
           64  x
           64  conv
           32  scratch of conv
"""


def test_says_what_is_where_and_what_makes_the_peak():
    assert text.summary(support.report()) == _WHOLE


def test_says_what_is_proved_when_that_is_less():
    plan = support.plan()
    plan["arena"] |= {"bound": 150, "proved": False}
    assert "m: arena 160 bytes; no plan needs less than 150\n" in text.summary(support.report(plan))


def test_names_the_slowest_steps_of_a_run():
    report = support.report()
    document.add_profile(report, support.profile())
    last = text.summary(report).splitlines()[-1]
    assert last == "  1,000 instructions per inference: 0 conv2d 75 %, 1 softmax 20 %"


def test_counts_what_it_leaves_out_of_a_peak():
    plan = support.plan()
    plan["memory"] += [support.buffer(f"t{n}", 0, 1, 0, 0) for n in range(4)]
    plan["arena"]["peak"]["buffers"] = list(range(8))
    assert "and 4 smaller" in text.summary(support.report(plan))


@pytest.mark.parametrize("models", [1, 2, 3, 9, 40])
def test_is_short_however_many_models(models):
    plans = [support.plan(f"model_{number}") for number in range(models)]
    lines = text.summary(support.report(*plans)).splitlines()
    assert len(lines) <= text.LINES
    assert any(line.startswith("model_0: arena 160 bytes") for line in lines)
