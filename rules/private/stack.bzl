# SPDX-License-Identifier: Apache-2.0
"""NAME.stack.json and NAME.stack.txt: the stack an image needs at worst."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load("@rules_cc//cc:find_cc_toolchain.bzl", "CC_TOOLCHAIN_TYPE")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_python//python:defs.bzl", "PyInfo")
load(":compile.bzl", "cc_features")
load(":python_tool.bzl", "TOOL_PACKAGES", "run_module")
load(":runfiles.bzl", "readable_label")
load(":stack_aspect.bzl", "CortexMCallGraphsInfo", "call_graph_command")

# What stack_report() needs of a rule, beside call_graphs_aspect on its dependencies.
STACK_ATTRS = {
    "stack_calls": attr.string_list_dict(),
    "stack_recursion": attr.string_dict(),
    "_stack": attr.label(
        default = Label("//tools/stack:cortex_m_stack"),
        providers = [PyInfo],
        cfg = "exec",
    ),
}

def _action_name(source):
    if source.extension == "c":
        return ACTION_NAMES.c_compile
    return ACTION_NAMES.cpp_compile if source.extension in ["cc", "cpp"] else None

def source_call_graphs(ctx, sources, headers, flags, contexts):
    """Declares the compiler's call graphs of a rule's own sources.

    Args:
      ctx: rule context of a rule with `use_cc_toolchain()` and the `cpp` fragment.
      sources: list of File; assembly is passed over.
      headers: list of File, private ones.
      flags: list of string, further flags of the compiler, macros included.
      contexts: list of CcCompilationContext.

    Returns:
      list of File.
    """
    toolchain, features = cc_features(ctx)
    merged = cc_common.merge_compilation_contexts(compilation_contexts = contexts)
    options = ctx.fragments.cpp
    root = ctx.label.workspace_root
    quoted = depset(
        [root or ".", "/".join([part for part in [ctx.bin_dir.path, root] if part])],
        transitive = [merged.quote_includes],
    )
    graphs = []
    for number, source in enumerate(sources):
        action = _action_name(source)
        if not action:
            continue
        stem = "{}.stack/{}.{}".format(ctx.label.name, number, source.basename)
        graph = ctx.actions.declare_file(stem + ".ci")
        object = ctx.actions.declare_file(stem + ".o")
        of_language = options.conlyopts if action == ACTION_NAMES.c_compile else options.cxxopts
        variables = cc_common.create_compile_variables(
            cc_toolchain = toolchain,
            feature_configuration = features,
            include_directories = merged.includes,
            output_file = object.path,
            preprocessor_defines = merged.defines,
            quote_include_directories = quoted,
            source_file = source.path,
            system_include_directories = merged.system_includes,
            user_compile_flags = options.copts + of_language + flags,
        )
        command = cc_common.get_memory_inefficient_command_line(
            action_name = action,
            feature_configuration = features,
            variables = variables,
        )
        args = ctx.actions.args()
        args.add_all(call_graph_command(command, graph.path))
        ctx.actions.run(
            outputs = [graph, object],
            executable = cc_common.get_tool_for_action(action_name = action, feature_configuration = features),
            arguments = [args],
            inputs = depset([source] + headers, transitive = [merged.headers, toolchain.all_files]),
            env = cc_common.get_environment_variables(
                action_name = action,
                feature_configuration = features,
                variables = variables,
            ),
            toolchain = CC_TOOLCHAIN_TYPE,
            mnemonic = "CortexMCallGraph",
            progress_message = "Reading the stack use of {}".format(source.short_path),
        )
        graphs.append(graph)
    return graphs

def check_recursion(label, recursion):
    """Fails for a count of calls that is none.

    Args:
      label: the target's.
      recursion: dict of function to text.
    """
    for function, times in recursion.items():
        if not times.isdigit() or int(times) < 1:
            fail("{}: stack_recursion: {} = {}: write how many of its calls are active at a time, 1 or more".format(
                label,
                function,
                repr(times),
            ))

def stack_report(ctx, elf, profile, graphs, dependencies):
    """Declares the report of the stack.

    Args:
      ctx: context of a rule with STACK_ATTRS and LOWERING_TYPE.
      elf: File, the image.
      profile: File, its NAME.profile.json.
      graphs: list of File, call graphs of its own sources.
      dependencies: list of Target that call_graphs_aspect has visited.

    Returns:
      (text, json).
    """
    check_recursion(ctx.label, ctx.attr.stack_recursion)
    text = ctx.actions.declare_file(ctx.label.name + ".stack.txt")
    json = ctx.actions.declare_file(ctx.label.name + ".stack.json")
    collected = depset(graphs, transitive = [
        dep[CortexMCallGraphsInfo].files
        for dep in dependencies
        if CortexMCallGraphsInfo in dep
    ])
    args = ctx.actions.args()
    args.add("--image", readable_label(ctx.label))
    args.add("--elf", elf)
    args.add("--profile", profile)
    args.add_all(collected, before_each = "--graph")
    for caller, callees in ctx.attr.stack_calls.items():
        args.add("--calls", "{}={}".format(caller, ",".join(callees)))
    for function, times in ctx.attr.stack_recursion.items():
        args.add("--recursion", "{}={}".format(function, times))
    args.add("--json", json)
    args.add("--text", text)
    run_module(
        ctx,
        module = "cortex_m_stack",
        libraries = [ctx.attr._stack],
        arguments = args,
        inputs = [elf, profile] + collected.to_list(),
        outputs = [text, json],
        mnemonic = "CortexMStack",
        worker = True,
        packages = TOOL_PACKAGES,
        progress_message = "Following the stack of %{label}",
    )
    return text, json
