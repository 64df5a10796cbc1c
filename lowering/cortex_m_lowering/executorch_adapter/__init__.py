# SPDX-License-Identifier: Apache-2.0
"""Everything that knows ExecuTorch's Cortex-M backend, and nothing else does.

The upstream pass API moves between releases; when it does, only this package changes.
`targets` is importable without torch, so that a bad core is refused at once.
"""
