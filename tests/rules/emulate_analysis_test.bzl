# SPDX-License-Identifier: Apache-2.0
"""Where tests that boot an image run."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    asserts.equals(env, "emulate", target[testing.ExecutionInfo].exec_group)
    names = [file.basename for file in target[DefaultInfo].default_runfiles.files.to_list()]
    asserts.true(env, "qemu-system-arm" in names)
    return analysistest.end(env)

# The target under test runs on a machine of the exec group `emulate`, with its emulator.
emulate_test = analysistest.make(_impl)
