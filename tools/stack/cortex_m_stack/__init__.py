# SPDX-License-Identifier: Apache-2.0
"""The stack an image needs at worst.

call_graph reads what GCC says of a source, code what the machine code of a function does, image
joins both for a linked image, known names what indirect calls reach, worst finds the deepest path.
"""
