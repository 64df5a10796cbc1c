# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits on a Raspberry Pi Pico 2."""
