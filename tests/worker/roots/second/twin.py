# SPDX-License-Identifier: Apache-2.0
"""A module of the same name as another one, below another import root."""

NAME = "second"
