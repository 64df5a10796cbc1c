# SPDX-License-Identifier: Apache-2.0
"""Runs a Python module of this repository, or of the user's, with the lowering toolchain's interpreter."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//toolchains/lowering:packages.bzl", "execution_path")

LOWERING_TYPE = Label("//toolchains/lowering:toolchain_type")

# Which of the toolchain's packages a module imports from.
LOWERING_PACKAGES = "packages"
TOOL_PACKAGES = "tool_packages"
NO_PACKAGES = ""

_NO_PACKAGES = struct(files = depset(), roots = [], worker_files = depset())

# What run_module() needs of a rule.
WORKER_ATTRS = {
    "_worker": attr.label(
        default = Label("//tools/worker:cortex_m_worker"),
        providers = [PyInfo],
        cfg = "exec",
    ),
}

# No path of a configuration is in a command line, an environment or an output.
_REQUIREMENTS = {"supports-path-mapping": "1"}

_WORKER_REQUIREMENTS = {
    "requires-worker-protocol": "json",
    "supports-worker-cancellation": "1",
    "supports-workers": "1",
}

def _imports(ctx, libraries):
    """What `imports` of some py_library targets name, relative to the execution root or to a root of generated files."""
    return depset([
        execution_path(ctx, path)
        for library in libraries
        for path in library[PyInfo].imports.to_list()
    ]).to_list()

def _repositories(libraries):
    """The roots of their repositories, from which any py_library can import."""
    return depset([
        source.owner.workspace_root or "."
        for library in libraries
        for source in library[PyInfo].transitive_sources.to_list()
    ]).to_list()

def _output_root(file):
    """The root of generated files that a file lies in; None for a source."""
    if file.is_source:
        return None
    path = file.short_path
    if path.startswith("../"):
        path = "external/" + path.removeprefix("../")
    return file.path.removesuffix("/" + path)

def _sources(libraries):
    return depset(transitive = [
        files
        for library in libraries
        for files in [library[PyInfo].transitive_sources, library[DefaultInfo].default_runfiles.files]
    ])

def _dirname(file):
    return file.dirname

def add_folder(args, option, file):
    """Adds an option whose value is the folder of a file, wherever Bazel puts that.

    Args:
      args: Args.
      option: string.
      file: File.
    """
    args.add_all(option, [file], map_each = _dirname)

def run_module(
        ctx,
        module,
        libraries,
        arguments,
        inputs,
        outputs,
        mnemonic,
        progress_message,
        deps = [],
        toolchain = None,
        packages = LOWERING_PACKAGES,
        more_packages = [],
        worker = False,
        preload = None,
        tools = [],
        execution_requirements = {},
        **kwargs):
    """Declares an action that runs a Python module.

    With `worker`, actions of equal `mnemonic`, `module`, `libraries`, packages and `preload` share a process that has
    imported the module, and each runs in a fork of it. Where Bazel runs no workers, the same launcher
    (//tools/worker) does the same for one.

    Args:
      ctx: context of a rule with WORKER_ATTRS.
      module: string, what `python -m` runs.
      libraries: list of targets with PyInfo that hold the module and what it imports, by their `imports`.
      arguments: Args of the module, one per line: none may contain a line break.
      inputs: list of File.
      outputs: list of File.
      mnemonic: string.
      progress_message: string.
      deps: list of targets with PyInfo that this action, unlike others of the module, imports from besides.
      toolchain: CortexMLoweringInfo; default: the rule's own, which then declares LOWERING_TYPE.
      packages: what the module imports besides: LOWERING_PACKAGES (torch and the rest),
        TOOL_PACKAGES or NO_PACKAGES.
      more_packages: list of File, further folders of packages.
      worker: whether it is one for a persistent worker.
      preload: string, a module that imports what takes long and `module` imports when it runs; or None.
      tools: list of depset of File, what the module runs.
      execution_requirements: dict of string.
      **kwargs: more arguments of ctx.actions.run.
    """
    toolchain = toolchain or ctx.toolchains[LOWERING_TYPE].lowering
    found = getattr(toolchain, packages) if packages else _NO_PACKAGES
    launched = [ctx.attr._worker] + libraries

    requirements = _REQUIREMENTS | execution_requirements

    # This, the environment and the tools name a worker. -S and -s: neither the machine's nor the user's own
    # packages. -P: nor the working folder. -B: no files beside the sources.
    start = ctx.actions.args()
    start.add_all(["-P", "-S", "-s", "-B", "-m", "cortex_m_worker", "--module", module])
    if preload:
        start.add("--preload", preload)
    if worker and toolchain.interpreter_worker_files and (found.worker_files or not packages):
        requirements = _WORKER_REQUIREMENTS | requirements

    request = ctx.actions.args()
    request.add_all(_imports(ctx, deps) + _repositories(deps), format_each = "--import-root=%s")
    request.add_all(
        depset(transitive = [dep[PyInfo].transitive_sources for dep in deps]),
        format_each = "--output-root=%s",
        map_each = _output_root,
        uniquify = True,
    )
    request.add("--")
    for args in [request, arguments]:
        args.set_param_file_format("multiline")
        args.use_param_file("@%s", use_always = True)

    ctx.actions.run(
        outputs = outputs,
        executable = toolchain.interpreter,
        arguments = [start, request, arguments],
        # Packages and interpreter may have folders, which Bazel 7 refuses among the tools of a worker.
        inputs = depset(
            inputs + more_packages,
            transitive = [_sources(deps), found.files, toolchain.interpreter_files],
        ),
        tools = [_sources(launched), toolchain.interpreter_worker_files, found.worker_files] + tools,
        env = toolchain.env | {
            "PYTHONPATH": ":".join(
                _imports(ctx, launched) + found.roots + [folder.path for folder in more_packages],
            ),
        },
        mnemonic = mnemonic,
        progress_message = progress_message,
        execution_requirements = requirements,
        **kwargs
    )
