# SPDX-License-Identifier: Apache-2.0
"""What cortex_m_accuracy_test hands to the device, known at analysis."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")

def _bound_impl(ctx):
    env = analysistest.begin(ctx)
    templates = [
        action
        for action in analysistest.target_actions(env)
        if action.mnemonic == "TemplateExpand"
    ]
    asserts.equals(env, 1, len(templates))

    # What the runner itself takes comes first.
    arguments = [
        argument
        for argument in templates[0].substitutions["%{arguments}"].split(" ")
        if not argument.startswith("'--")
    ]
    asserts.equals(env, "'{}'".format(ctx.attr.millionths), arguments[0])
    asserts.true(env, arguments[1].endswith(".vectors'"), "no vectors after the bound: {}".format(arguments))

    labels = [action for action in analysistest.target_actions(env) if action.mnemonic == "CortexMLabels"]
    asserts.equals(env, 1, len(labels))
    files = analysistest.target_under_test(env)[DefaultInfo].default_runfiles.files.to_list()
    for file in labels[0].outputs.to_list():
        asserts.true(env, file in files, "the test runs without looking for labels")
    return analysistest.end(env)

# The test under test passes this bound and the vectors, and depends on the check for labels.
bound_test = analysistest.make(
    _bound_impl,
    attrs = {"millionths": attr.int(mandatory = True)},
)
