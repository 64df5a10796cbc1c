# SPDX-License-Identifier: Apache-2.0
"""Public rules: load everything from here."""

load("//rules/private:accuracy_test.bzl", _cortex_m_accuracy_test = "cortex_m_accuracy_test")
load("//rules/private:benchmark_record.bzl", _cortex_m_benchmark_record = "cortex_m_benchmark_record")
load("//rules/private:benchmark_test.bzl", _cortex_m_benchmark_test = "cortex_m_benchmark_test")
load("//rules/private:board.bzl", _cortex_m_board = "cortex_m_board")
load("//rules/private:firmware.bzl", _cortex_m_firmware = "cortex_m_firmware")
load("//rules/private:firmware_test.bzl", _cortex_m_firmware_test = "cortex_m_firmware_test")
load("//rules/private:library.bzl", _cortex_m_library = "cortex_m_library")
load("//rules/private:model.bzl", _cortex_m_model = "cortex_m_model")
load("//rules/private:program.bzl", _cortex_m_program = "cortex_m_program")
load("//rules/private:size_test.bzl", _cortex_m_size_test = "cortex_m_size_test")
load("//rules/private:vectors_library.bzl", _cortex_m_vectors_library = "cortex_m_vectors_library")

cortex_m_accuracy_test = _cortex_m_accuracy_test
cortex_m_benchmark_record = _cortex_m_benchmark_record
cortex_m_benchmark_test = _cortex_m_benchmark_test
cortex_m_board = _cortex_m_board
cortex_m_firmware = _cortex_m_firmware
cortex_m_firmware_test = _cortex_m_firmware_test
cortex_m_library = _cortex_m_library
cortex_m_model = _cortex_m_model
cortex_m_program = _cortex_m_program
cortex_m_size_test = _cortex_m_size_test
cortex_m_vectors_library = _cortex_m_vectors_library
