# SPDX-License-Identifier: Apache-2.0
"""Runs a Python module of this repository, or of the user's, with the lowering toolchain's interpreter."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//toolchains/lowering:packages.bzl", "execution_path")

LOWERING_TYPE = Label("//toolchains/lowering:toolchain_type")

# Which of the toolchain's packages a module imports from.
LOWERING_PACKAGES = "packages"
TOOL_PACKAGES = "tool_packages"
NO_PACKAGES = ""

def _python_path(ctx, libraries):
    """Import path of some py_library targets, relative to the execution root."""
    roots = [".", ctx.bin_dir.path]
    for library in libraries:
        for path in library[PyInfo].imports.to_list():
            roots.append(execution_path(ctx, path))
        for source in library[PyInfo].transitive_sources.to_list():
            if source.owner.workspace_root and source.owner.workspace_root not in roots:
                roots.append(source.owner.workspace_root)
    return {root: None for root in roots}.keys()

def _python_sources(library):
    return depset(transitive = [
        library[PyInfo].transitive_sources,
        library[DefaultInfo].default_runfiles.files,
    ])

def run_module(
        ctx,
        module,
        libraries,
        arguments,
        inputs,
        outputs,
        mnemonic,
        progress_message,
        toolchain = None,
        packages = LOWERING_PACKAGES,
        more_packages = [],
        **kwargs):
    """Declares an action that runs a Python module.

    Args:
      ctx: rule context.
      module: string, what `python -m` runs.
      libraries: list of targets with PyInfo that hold the module and what it imports.
      arguments: Args of the module.
      inputs: list of File.
      outputs: list of File.
      mnemonic: string.
      progress_message: string.
      toolchain: CortexMLoweringInfo; default: the rule's own, which then declares LOWERING_TYPE.
      packages: what the module imports besides: LOWERING_PACKAGES (torch and the rest),
        TOOL_PACKAGES or NO_PACKAGES.
      more_packages: list of File, further folders of packages.
      **kwargs: more arguments of ctx.actions.run.
    """
    toolchain = toolchain or ctx.toolchains[LOWERING_TYPE].lowering
    path = _python_path(ctx, libraries)
    package_files = [depset(more_packages)]
    if packages:
        package_files.append(getattr(toolchain, packages).files)
        path.extend(getattr(toolchain, packages).roots)
    path.extend([folder.path for folder in more_packages])

    # -S and -s: neither the machine's nor the user's own packages. -B: no files beside the sources.
    python = ctx.actions.args()
    python.add_all(["-S", "-s", "-B", "-m", module])
    ctx.actions.run(
        outputs = outputs,
        executable = toolchain.interpreter,
        arguments = [python, arguments],
        inputs = depset(
            inputs,
            transitive = [_python_sources(library) for library in libraries] +
                         package_files + [toolchain.interpreter_files],
        ),
        env = toolchain.env | {"PYTHONPATH": ":".join(path)},
        mnemonic = mnemonic,
        progress_message = progress_message,
        **kwargs
    )
