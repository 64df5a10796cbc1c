# SPDX-License-Identifier: Apache-2.0
"""The actions of budgets: which there are, what they look at, and when they run."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "CortexMFirmwareInfo")

_KINDS = ["flash", "ram", "arena", "stack-budget"]

def _option(argv, name):
    """The value of an option; None without it."""
    values = [argv[index + 1] for index in range(len(argv) - 1) if argv[index] == name]
    return values[0] if values else None

def _only(env, mnemonic):
    """The target's one action of a kind."""
    actions = [action for action in analysistest.target_actions(env) if action.mnemonic == mnemonic]
    asserts.equals(env, 1, len(actions), mnemonic)
    return actions[0]

def _budget_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    info = target[CortexMFirmwareInfo]
    check = _only(env, "CortexMBudget")
    given = {kind: _option(check.argv, "--" + kind) for kind in _KINDS}
    asserts.equals(
        env,
        ctx.attr.budgets,
        {kind: value for kind, value in given.items() if value != None},
    )
    inputs = check.inputs.to_list()
    for file in [info.elf, info.linkmap] + [library.plan for library in info.libraries]:
        asserts.true(env, file in inputs, "{} is not looked at".format(file.basename))

    # Following the stack compiles everything once more: only where its budget asks for it.
    asserts.equals(env, "stack-budget" in ctx.attr.budgets, info.stack in inputs)

    # Bazel builds this group whenever something that depends on the target is built.
    expected = check.outputs.to_list() if ctx.attr.budgets else []
    asserts.equals(env, expected, target[OutputGroupInfo]._validation.to_list())
    return analysistest.end(env)

# The target under test, an image, is held against `budgets`: option of the tool -> bytes.
budget_test = analysistest.make(
    _budget_impl,
    attrs = {"budgets": attr.string_dict()},
)

def _fit_impl(ctx):
    env = analysistest.begin(ctx)
    fit = _only(env, "CortexMFit")
    link = _only(env, "CppLink")
    output = fit.outputs.to_list()[0]
    asserts.true(env, output in link.inputs.to_list(), "the link does not wait for the check")
    info = analysistest.target_under_test(env)[CortexMFirmwareInfo]
    for library in info.libraries:
        asserts.true(env, library.plan in fit.inputs.to_list(), "a plan is not looked at")
    asserts.equals(env, str(info.stack_bytes), _option(fit.argv, "--stack-bytes"))
    return analysistest.end(env)

# Whether the target under test fits its board is looked at before it is linked.
fit_test = analysistest.make(_fit_impl)

def _call_graphs_impl(ctx):
    env = analysistest.begin(ctx)
    actions = analysistest.target_actions(env)
    compiled = {action.argv[-2]: None for action in actions if action.mnemonic == "CortexMCallGraph"}
    asserts.true(env, compiled, "no source of the image is compiled for its call graph")
    own = [action.argv for action in actions if action.mnemonic == "CppCompile"]
    for action in actions:
        if action.mnemonic == "CortexMCallGraph":
            flags = [flag for flag in action.argv if flag.startswith(("-O", "-m", "-D", "-std", "-f"))]
            flags = [flag for flag in flags if not flag.startswith(("-fcallgraph-info", "-frandom-seed"))]
            for flag in flags:
                asserts.true(env, flag in own[0], "{} is not how the image is compiled".format(flag))
    return analysistest.end(env)

# The sources of the target under test are compiled for their call graphs as they are for the image.
call_graphs_test = analysistest.make(_call_graphs_impl)
