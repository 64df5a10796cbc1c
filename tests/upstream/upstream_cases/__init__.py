# SPDX-License-Identifier: Apache-2.0
"""ExecuTorch's own Cortex-M test cases, taken from the wheel and lowered by this project.

stand_ins   what the wheel's tests import and these runs do not need
collect     runs the wheel's tests up to their first lowering and keeps model and inputs
case        one such model with its inputs, and what has become of it
lower       one case to a program per ISA
index       the list of all cases beside the programs
"""

import logging
import os
import warnings

# As the lowering tool's command line: only its own words.
os.environ.setdefault("TORCH_LOGS", "-all")
warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
