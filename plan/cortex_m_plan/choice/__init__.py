# SPDX-License-Identifier: Apache-2.0
"""Which kernel computes a step: the first of an ordered list that can, the general one last.

asked        what has to be computed, in terms of the general kernel
conditions   named reasons why a kernel cannot
tables       constants a kernel reads beside or instead of the program's
candidate    a kernel, its conditions, its tables
convolution, linear, pairwise, pool   the candidates
choose       from a step of the general kernel to one of the chosen kernel
"""

from cortex_m_plan.choice.asked import Asked
from cortex_m_plan.choice.candidate import Candidate
from cortex_m_plan.choice.choose import CANDIDATES, Choice, choose, chosen

__all__ = ["CANDIDATES", "Asked", "Candidate", "Choice", "choose", "chosen"]
