# SPDX-License-Identifier: Apache-2.0
"""The compiler's own call graphs of the libraries an image is linked from.

GCC writes a call graph (`-fcallgraph-info`) beside an object, where Bazel's compile actions do not
expect a file. So each of them is run a second time, with the same command line and that option.
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:find_cc_toolchain.bzl", "CC_TOOLCHAIN_TYPE", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":compile.bzl", "cc_features")

CortexMCallGraphsInfo = provider(
    doc = "Call graphs GCC writes when it compiles a target and what it depends on.",
    fields = {"files": "depset of File: `.ci`, one for each compiled C and C++ source."},
)

# Attributes through which code gets into an image.
_EDGES = ["actual", "deps", "implementation_deps", "_device", "_reader"]

_OPTION = "-fcallgraph-info=su"

# Assembly has no call graph.
_SOURCES = ["c", "cc", "cpp", "cxx", "C", "c++"]

def _value_of(argv, option):
    """What follows an option; None if it is not there."""
    for index in range(len(argv) - 1):
        if argv[index] == option:
            return argv[index + 1]
    return None

def call_graph_command(argv, output):
    """A compile command that writes the call graph and nothing else of use.

    Args:
      argv: list of string, a compile action's command line.
      output: string, path of the call graph, ending in `.ci`.

    Returns:
      list of string.
    """
    stem = output.removesuffix(".ci")
    object = _value_of(argv, "-o")
    dependencies = _value_of(argv, "-MF")
    command = []
    for argument in argv:
        if argument == object:
            argument = stem + ".o"
        elif argument == dependencies:
            argument = stem + ".d"
        command.append(argument)
    return command + [_OPTION]

def _compiled(action):
    """The source a compile action compiles, if it is C or C++; else None."""
    if action.mnemonic != "CppCompile" or not action.argv:
        return None
    source = _value_of(action.argv, "-c")
    if not source or source.rpartition(".")[2] not in _SOURCES or not _value_of(action.argv, "-o"):
        return None
    return source

def _environment(ctx):
    """What the toolchain lets the compiler find in its environment; `action.env` lacks it."""
    toolchain, features = cc_features(ctx)
    return cc_common.get_environment_variables(
        action_name = ACTION_NAMES.c_compile,
        feature_configuration = features,
        variables = cc_common.create_compile_variables(
            cc_toolchain = toolchain,
            feature_configuration = features,
        ),
    )

def _call_graph(ctx, action, number, headers):
    source = _compiled(action)
    stem = "{}.stack/{}.{}".format(ctx.label.name, number, source.rpartition("/")[2])
    graph = ctx.actions.declare_file(stem + ".ci")
    object = ctx.actions.declare_file(stem + ".o")
    command = call_graph_command(action.argv, graph.path)
    outputs = [graph, object]
    if _value_of(action.argv, "-MF"):
        outputs.append(ctx.actions.declare_file(stem + ".d"))
    ctx.actions.run(
        outputs = outputs,
        executable = command[0],
        arguments = [_arguments(ctx, command[1:])],
        inputs = depset(transitive = [action.inputs, headers]),
        env = action.env | _environment(ctx),
        toolchain = CC_TOOLCHAIN_TYPE,
        mnemonic = "CortexMCallGraph",
        progress_message = "Reading the stack use of {}".format(source),
    )
    return graph

def _arguments(ctx, words):
    args = ctx.actions.args()
    args.add_all(words)
    return args

def _aspect_impl(target, ctx):
    inherited = []
    headers = []
    for name in _EDGES:
        values = getattr(ctx.rule.attr, name, None)
        for value in values if type(values) == "list" else [values]:
            if type(value) != "Target":
                continue
            if CortexMCallGraphsInfo in value:
                inherited.append(value[CortexMCallGraphsInfo].files)
            if CcInfo in value:
                headers.append(value[CcInfo].compilation_context.headers)
    graphs = []
    if CcInfo in target:
        headers.append(target[CcInfo].compilation_context.headers)
        for number, action in enumerate(target.actions):
            if _compiled(action):
                graphs.append(_call_graph(ctx, action, number, depset(transitive = headers)))
    files = depset(graphs, transitive = inherited)
    return [CortexMCallGraphsInfo(files = files), OutputGroupInfo(call_graphs = files)]

call_graphs_aspect = aspect(
    implementation = _aspect_impl,
    attr_aspects = _EDGES,
    doc = "Collects the compiler's call graphs of C and C++ libraries.",
    fragments = ["cpp"],
    provides = [CortexMCallGraphsInfo],
    toolchains = use_cc_toolchain(mandatory = False),
)
