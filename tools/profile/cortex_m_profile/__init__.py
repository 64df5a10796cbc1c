# SPDX-License-Identifier: Apache-2.0
"""What an inference executes, step by step: counted by a QEMU plugin, joined with the plan."""
