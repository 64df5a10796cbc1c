# SPDX-License-Identifier: Apache-2.0
"""What an image takes, held against what it may take.

`check` looks at a linked image, `fit` at plans and a board before anything is linked.
"""
