# SPDX-License-Identifier: Apache-2.0
"""cortex_m_library: a lowered model compiled to C, linkable into any firmware."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_python//python:defs.bzl", "PyInfo")
load("//toolchains:cores.bzl", "CORES")
load("//toolchains:variant.bzl", "CortexMVariantInfo")
load(":board_info.bzl", "CortexMBoardInfo")
load(":c_name.bzl", "c_name", "check_symbol")
load(":compile.bzl", "compile_embedding")
load(":library_info.bzl", "CortexMLibraryInfo")
load(":model_info.bzl", "CortexMModelInfo")
load(":python_tool.bzl", "LOWERING_TYPE", "TOOL_PACKAGES", "WORKER_ATTRS", "add_folder", "run_module")
load(":variant.bzl", "cortex_m_only")

def _plan(ctx, model, name, banks):
    """Declares the plan compiler's action; returns its outputs."""
    toolchain = ctx.toolchains[LOWERING_TYPE].lowering

    # A folder of its own, so that two libraries of a package may share a C name.
    folder = ctx.label.name + "/"
    outputs = struct(
        header = ctx.actions.declare_file(folder + name + ".h"),
        json = ctx.actions.declare_file(folder + name + "_plan.json"),
        program = ctx.actions.declare_file(folder + name + "_program.S"),
        source = ctx.actions.declare_file(folder + name + "_plan.c"),
        tables = ctx.actions.declare_file(folder + name + "_tables.bin"),
    )
    args = ctx.actions.args()
    args.add("--name", name)
    args.add("--program", model.program)
    args.add("--report", model.report)
    variant = ctx.attr._variant[CortexMVariantInfo]
    args.add("--isa", variant.isa)
    if variant.core:
        args.add("--core", variant.core)
        args.add("--executorch-core", CORES[variant.core].executorch_target)
    args.add("--embed", ctx.attr.embed)
    if ctx.attr.arena:
        args.add("--arena", ctx.attr.arena)
    args.add_all(
        ["{}:{}".format(region, size) for region, size in banks.items()],
        before_each = "--bank",
    )
    args.add("--flatc", toolchain.flatc)
    add_folder(args, "--schema-dir", toolchain.schema[0])
    inputs = [model.program, model.report, toolchain.flatc] + toolchain.schema
    if toolchain.lock:
        args.add("--lock", toolchain.lock)
        inputs.append(toolchain.lock)
    add_folder(args, "--out", outputs.header)
    run_module(
        ctx,
        module = "cortex_m_plan",
        libraries = [ctx.attr._tool],
        arguments = args,
        inputs = inputs,
        outputs = [
            outputs.header,
            outputs.source,
            outputs.program,
            outputs.tables,
            outputs.json,
        ],
        mnemonic = "CortexMPlan",
        worker = True,
        progress_message = "Planning %{label}",
        packages = TOOL_PACKAGES,
    )
    return outputs

def _library_impl(ctx):
    model = ctx.attr.model[CortexMModelInfo]
    name = c_name(ctx)
    check_symbol(ctx, "arena", ctx.attr.arena)
    banks = ctx.attr.board[CortexMBoardInfo].arena_banks if ctx.attr.board else {}
    plan = _plan(ctx, model, name, banks)
    info = compile_embedding(
        ctx,
        sources = [plan.source, plan.program],
        header = plan.header,
        embedded = [model.program, plan.tables],
        dependencies = [dep[CcInfo] for dep in ctx.attr._device],
    )
    return [
        DefaultInfo(files = depset([plan.header, plan.source])),
        OutputGroupInfo(
            accuracy = depset([model.layers] if model.layers else []),
            plan = depset([plan.source, plan.program, plan.tables, plan.header, plan.json]),
            pte = depset([model.program]),
            report = depset([model.report, plan.json]),
            vectors = depset([model.vectors] if model.vectors else []),
        ),
        info,
        CortexMLibraryInfo(
            arena = ctx.attr.arena,
            banks = banks,
            header = plan.header,
            model = model,
            name = name,
            plan = plan.json,
        ),
    ]

_cortex_m_library = rule(
    implementation = _library_impl,
    attrs = WORKER_ATTRS | {
        "arena": attr.string(),
        "board": attr.label(providers = [CortexMBoardInfo]),
        "c_name": attr.string(),
        "embed": attr.string(default = "constants", values = ["constants", "program"]),
        "model": attr.label(mandatory = True, providers = [CortexMModelInfo]),
        "_device": attr.label_list(
            default = [Label("//kernels"), Label("//plan:model")],
            providers = [CcInfo],
        ),
        "_tool": attr.label(
            default = Label("//plan:cortex_m_plan"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_variant": attr.label(
            default = Label("//toolchains:current_variant"),
            providers = [CortexMVariantInfo],
        ),
    },
    fragments = ["cpp"],
    provides = [CcInfo, CortexMLibraryInfo],
    toolchains = use_cc_toolchain() + [LOWERING_TYPE],
)

def cortex_m_library(
        name,
        model,
        c_name = None,
        embed = "constants",
        arena = None,
        board = None,
        **kwargs):
    """Compiles a lowered model to C: a static plan of kernel calls, its header and its weights.

    Depend on it from a firmware or from any cc_library and include `"<name>.h"`. The C is compiled for
    the target platform's ISA; what it was lowered for is checked against it. Output groups:

    * `plan`: what is compiled: `<name>_plan.c`, `<name>.h`, `<name>_program.S`,
      `<name>_tables.bin`; and `<name>_plan.json`, the same for programs that read it.
    * `pte`, `vectors`: the model's program and its reference inputs and outputs.
    * `report`: the model's lowering report and `<name>_plan.json`.
    * `accuracy`: int8 against float, layer by layer.

    Example:
      ```starlark
      cortex_m_library(
          name = "digits_model",
          model = ":digits",
          c_name = "digits",
      )
      ```

    Args:
      name: target name.
      model: label of a cortex_m_model or cortex_m_program.
      c_name: prefix of the C symbols and name of the header; default: the target's name.
      embed: `constants` loads only what the kernels read of the program's constants (weights) into
        flash and keeps the whole `.pte` in a section that is not loaded; `program` loads all of
        it. Either way tables that the plan makes of constants for the kernels are loaded too:
        with `program` they come on top. `<name>_plan.json` lists them. Of constants that are
        equal, in one model or several, an image has one.
      arena: name of an arena that this model shares with all models of an image which have the same
        name here: RAM for the largest of them. For models that do not run at the same time; inputs
        and outputs are in the arena, too, and last until another one is written or run. By
        default a model has an arena of its own.
      board: label of a cortex_m_board with `arena_banks`: the arena is placed across these memories,
        by their capacities. An image for another board is refused.
      **kwargs: common attributes (visibility, tags, testonly ...).
    """
    _cortex_m_library(
        name = name,
        model = model,
        c_name = c_name,
        embed = embed,
        arena = arena,
        board = board,
        target_compatible_with = cortex_m_only(),
        **kwargs
    )
