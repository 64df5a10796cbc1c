# SPDX-License-Identifier: Apache-2.0
"""The validation action of a model: that there is one, and what it looks at."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "CortexMModelInfo")

def _option(argv, name):
    """The values of an option that may be repeated."""
    return [argv[index + 1] for index in range(len(argv) - 1) if argv[index] == name]

def _float_gate_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    info = target[CortexMModelInfo]
    actions = [
        action
        for action in analysistest.target_actions(env)
        if action.mnemonic == "CortexMFloatGate"
    ]
    asserts.equals(env, 1, len(actions))
    action = actions[0]
    asserts.true(env, info.report in action.inputs.to_list(), "the gate does not read the report")
    asserts.equals(env, [info.float_report], action.outputs.to_list())
    asserts.equals(env, ctx.attr.allowed, _option(action.argv, "--allow"))
    asserts.equals(env, [info.report.path], _option(action.argv, "--report"))

    # Bazel builds this group whenever something that depends on the target is built.
    asserts.equals(env, [info.float_report], target[OutputGroupInfo]._validation.to_list())
    return analysistest.end(env)

# The target under test, a lowering, has the gate, with `allowed` in its allow list.
float_gate_test = analysistest.make(
    _float_gate_impl,
    attrs = {"allowed": attr.string_list()},
    # A model is lowered for a core, never for the host.
    config_settings = {
        "//command_line_option:platforms": str(Label("//toolchains/platforms:cortex_m55")),
    },
)
