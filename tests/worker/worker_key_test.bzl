# SPDX-License-Identifier: Apache-2.0
"""All models share a worker: what starts its process says nothing of a model, core or configuration."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")

_ActionsInfo = provider(
    doc = "The actions of a target, and of what it depends on, that have a worker.",
    fields = {"actions": "depset of struct: `mnemonic`, `start` (command line and environment), `request`, `knows_python` (its lock is an input)"},
)

_EDGES = ["deps", "lowering", "model"]

def _action(action):
    argv = action.argv
    requests = [
        index
        for index, argument in enumerate(argv)
        if argument == "--" or argument.startswith("--import-root=")
    ]
    return struct(
        knows_python = "interpreter.lock" in [file.basename for file in action.inputs.to_list()],
        mnemonic = action.mnemonic,
        request = " ".join(argv[requests[0]:]),
        start = " ".join(argv[:requests[0]] + ["{}={}".format(*item) for item in sorted(action.env.items())]),
    )

def _actions_aspect_impl(target, ctx):
    below = []
    for edge in _EDGES:
        dependencies = getattr(ctx.rule.attr, edge, None) or []
        if type(dependencies) != "list":
            dependencies = [dependencies]
        below.extend([dep[_ActionsInfo].actions for dep in dependencies if _ActionsInfo in dep])
    return [_ActionsInfo(actions = depset(
        [_action(action) for action in target.actions if action.mnemonic in ["CortexMLower", "CortexMPlan"]],
        transitive = below,
    ))]

_actions_aspect = aspect(
    implementation = _actions_aspect_impl,
    attr_aspects = _EDGES,
)

def _impl(ctx):
    env = unittest.begin(ctx)
    actions = depset(transitive = [image[_ActionsInfo].actions for image in ctx.attr.images]).to_list()
    for mnemonic in ["CortexMLower", "CortexMPlan"]:
        found = [action for action in actions if action.mnemonic == mnemonic]
        asserts.true(env, len({action.request: None for action in found}) >= ctx.attr.at_least, mnemonic)
        starts = {action.start: None for action in found}.keys()
        asserts.equals(env, 1, len(starts), "{} starts as:\n{}".format(mnemonic, "\n".join(starts)))
        asserts.true(env, all([action.knows_python for action in found]), mnemonic + " without Python's lock")
        asserts.false(env, "bazel-out" in "".join(starts), "a configuration in: {}".format(starts))
    return unittest.end(env)

worker_key_test = unittest.make(
    _impl,
    attrs = {
        "at_least": attr.int(doc = "How many lowerings, and plans, the images have."),
        "images": attr.label_list(
            aspects = [_actions_aspect],
            doc = "cortex_m_firmware targets.",
        ),
    },
)
