# SPDX-License-Identifier: Apache-2.0
"""What a model's `io` comes to: an option of the lowering, and of nothing else."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _io_impl(ctx):
    env = analysistest.begin(ctx)
    actions = [
        action
        for action in analysistest.target_actions(env)
        if action.mnemonic == "CortexMLower"
    ]
    asserts.equals(env, 1, len(actions))
    argv = actions[0].argv
    given = [argv[index + 1] for index in range(len(argv) - 1) if argv[index] == "--io"]
    asserts.equals(env, [ctx.attr.io], given)
    return analysistest.end(env)

# The target under test, a lowering, is asked for inputs and outputs of the type `io`.
io_test = analysistest.make(
    _io_impl,
    attrs = {"io": attr.string(mandatory = True)},
    # A model is lowered for a core, never for the host.
    config_settings = {
        "//command_line_option:platforms": str(Label("//toolchains/platforms:cortex_m55")),
    },
)
