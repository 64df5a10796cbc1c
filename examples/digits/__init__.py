# SPDX-License-Identifier: Apache-2.0
"""Handwritten digits on a Cortex-M: model, data and training."""
