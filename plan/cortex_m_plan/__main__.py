# SPDX-License-Identifier: Apache-2.0
"""`python -m cortex_m_plan`."""

import sys

from cortex_m_plan.cli import main

sys.exit(main())
