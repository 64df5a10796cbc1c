# SPDX-License-Identifier: Apache-2.0
"""The arena: where every tensor and the scratch of every step lies.

problem    blocks with lifetimes, and which may share bytes in which way of a step
bound      what lives at one moment: what the arena has at least
instance   the problem with one way chosen for each step
fit        the heuristic
solve      the optimum by CP-SAT, where the bound does not prove the heuristic's result
place      from the problem to a placement
banks      several memories
arrange    the program with everything where it lies then
check      what the emitter asks again, by itself, before it writes anything
"""

from cortex_m_plan.arena.arrange import Arena, Arranged, Fitted, arrange, fit
from cortex_m_plan.arena.banks import Bank, Region, region

__all__ = ["Arena", "Arranged", "Bank", "Fitted", "Region", "arrange", "fit", "region"]
