# SPDX-License-Identifier: Apache-2.0
"""Provider of a model compiled to C."""

CortexMLibraryInfo = provider(
    doc = "A model compiled to a plan of kernel calls; comes with CcInfo.",
    fields = {
        "arena": "string: name of the arena it shares with other models; empty for one of its own.",
        "banks": "dict of memory region to bytes that the arena was planned for; empty: one memory.",
        "header": "File: the header an application includes.",
        "model": "CortexMModelInfo of the model.",
        "name": "string: C prefix of the model's symbols (`<name>_run`).",
        "plan": "File: JSON form of the plan (steps, memory map, constants).",
    },
)
