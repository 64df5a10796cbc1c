# SPDX-License-Identifier: Apache-2.0
"""Runs `python -m MODULE` once, or again and again as a persistent worker of Bazel.

A persistent worker imports once what takes long. Each request then runs in a fork of that process:
it starts from the same state as every other, and nothing it does, up to a crash, outlives it.
"""
