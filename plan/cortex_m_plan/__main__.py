# SPDX-License-Identifier: Apache-2.0
"""Entry point of `python -m cortex_m_plan`."""

import sys

from cortex_m_plan.cli import main

if __name__ == "__main__":
    sys.exit(main())
