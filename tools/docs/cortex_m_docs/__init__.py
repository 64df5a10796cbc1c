# SPDX-License-Identifier: Apache-2.0
"""docs/API.md from the docstrings of .bzl files."""
