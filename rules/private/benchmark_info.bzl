# SPDX-License-Identifier: Apache-2.0
"""Provider of a benchmark: what measures it, and where its figures are recorded."""

CortexMBenchmarkInfo = provider(
    doc = "A measurement of a model on an emulated core.",
    fields = {
        "key": "string: its name in the record.",
        "measure": "File: executable; `--measure FILE` writes the profile to a file and checks nothing.",
        "record": "File: the source file that holds the recorded figures, JSON.",
    },
)
