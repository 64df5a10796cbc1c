# SPDX-License-Identifier: Apache-2.0
"""Examples of rules_cortex_m."""
