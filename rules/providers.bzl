# SPDX-License-Identifier: Apache-2.0
"""Public providers, for rules that build on these."""

load("//rules/private:benchmark_info.bzl", _CortexMBenchmarkInfo = "CortexMBenchmarkInfo")
load("//rules/private:board_info.bzl", _CortexMBoardInfo = "CortexMBoardInfo")
load("//rules/private:firmware_info.bzl", _CortexMFirmwareInfo = "CortexMFirmwareInfo")
load("//rules/private:library_info.bzl", _CortexMLibraryInfo = "CortexMLibraryInfo")
load("//rules/private:model_info.bzl", _CortexMModelInfo = "CortexMModelInfo")

CortexMBenchmarkInfo = _CortexMBenchmarkInfo
CortexMBoardInfo = _CortexMBoardInfo
CortexMFirmwareInfo = _CortexMFirmwareInfo
CortexMLibraryInfo = _CortexMLibraryInfo
CortexMModelInfo = _CortexMModelInfo
