# SPDX-License-Identifier: Apache-2.0
"""Plans for all programs of a folder, and the table a test runs them from. Needs no torch."""
