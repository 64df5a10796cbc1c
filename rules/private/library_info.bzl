# SPDX-License-Identifier: Apache-2.0
"""Provider of a model compiled to C."""

CortexMLibraryInfo = provider(
    doc = "A model compiled to a plan of kernel calls; comes with CcInfo.",
    fields = {
        "header": "File: the header an application includes.",
        "model": "CortexMModelInfo of the model.",
        "name": "string: C prefix of the model's symbols (`<name>_run`).",
        "plan": "File: JSON form of the plan (steps, memory map, constants).",
    },
)
