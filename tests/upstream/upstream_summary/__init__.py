# SPDX-License-Identifier: Apache-2.0
"""Counts upstream's cases: which run on each ISA, which do not and why."""
