# SPDX-License-Identifier: Apache-2.0
"""cortex_m_firmware: a linked, bootable image for one core and board."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "CC_TOOLCHAIN_TYPE", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_python//python:defs.bzl", "PyInfo")
load("//toolchains:cores.bzl", "variant_problem")
load("//toolchains:variant.bzl", "CortexMVariantInfo")
load("//toolchains/gcc:tools.bzl", "image_tool")
load(":arenas.bzl", "check_banks", "shared_arenas")
load(":board_info.bzl", "CortexMBoardInfo")
load(":budgets.bzl", "BUDGET_ATTRS", "budget_text", "budgets_of", "check_budgets", "check_fit")
load(":compile.bzl", "cc_features")
load(":emulator.bzl", "QEMU_TYPE")
load(":firmware_info.bzl", "CortexMFirmwareInfo")
load(":libraries.bzl", "libraries_aspect", "libraries_of")
load(":python_tool.bzl", "LOWERING_TYPE", "TOOL_PACKAGES", "WORKER_ATTRS", "run_module")
load(":report.bzl", "image_report")
load(":runfiles.bzl", "readable_label", "runfiles_path")
load(":stack.bzl", "STACK_ATTRS", "source_call_graphs", "stack_report")
load(":stack_aspect.bzl", "call_graphs_aspect")
load(":transitions.bzl", "firmware_transition")
load(":variant.bzl", "cortex_m_only", "default_board")

def _check(ctx, core, board):
    """Fails, naming the way out, if the core, ISA or board cannot go together."""
    problem = variant_problem(ctx.attr.core, ctx.attr.isa) if ctx.attr.core else None
    if problem:
        fail("{}: {}".format(ctx.label, problem))
    if core not in board.cores:
        fail("{}: board {} runs {}, not {}; choose another core, or another board with board = ...".format(
            ctx.label,
            board.name,
            ", ".join(board.cores),
            core,
        ))

def _link(ctx, core, isa, board, libraries):
    """Compiles the application and links the image; returns (elf, map, call graphs)."""
    toolchain, features = cc_features(ctx)
    dependencies = [dep[CcInfo] for dep in ctx.attr.deps + [ctx.attr._runtime]]
    contexts = [info.compilation_context for info in dependencies]
    sources = [file for file in ctx.files.srcs if file.extension != "h"] + shared_arenas(ctx, libraries)
    headers = [file for file in ctx.files.srcs if file.extension == "h"]
    flags = ctx.attr.copts + ["-D" + define for define in ctx.attr.local_defines]
    defines = [
        'CORTEX_M_BOARD="{}"'.format(board.name),
        'CORTEX_M_CORE="{}"'.format(core),
        'CORTEX_M_ISA="{}"'.format(isa),
    ]
    _, objects = cc_common.compile(
        name = ctx.label.name,
        actions = ctx.actions,
        feature_configuration = features,
        cc_toolchain = toolchain,
        srcs = sources,
        private_hdrs = headers,
        user_compile_flags = flags,
        local_defines = defines,
        compilation_contexts = contexts,
    )
    graphs = source_call_graphs(
        ctx,
        sources = sources,
        headers = headers,
        flags = flags + ["-D" + define for define in defines],
        contexts = contexts,
    )
    linkmap = ctx.actions.declare_file(ctx.label.name + ".map")
    linked = cc_common.link(
        name = ctx.label.name + ".elf",
        actions = ctx.actions,
        feature_configuration = features,
        cc_toolchain = toolchain,
        compilation_outputs = objects,
        linking_contexts = [info.linking_context for info in dependencies],
        user_link_flags = ctx.attr.linkopts + [
            "-T" + board.linker_script.path,
            "-Wl,-Map=" + linkmap.path,
            "-Wl,--defsym=__cortex_m_stack_size={}".format(ctx.attr.stack_bytes),
        ],
        # Not read: what does not fit is told before the linker says so in its own words.
        additional_inputs = [board.linker_script, check_fit(ctx, board, ctx.attr.stack_bytes, libraries)],
        additional_outputs = [linkmap],
        output_type = "executable",
    )
    return linked.executable, linkmap, graphs

def _objcopy(ctx, elf, extension, format):
    objcopy = image_tool(ctx, "objcopy")
    output = ctx.actions.declare_file("{}.{}".format(ctx.label.name, extension))
    args = ctx.actions.args()
    args.add_all(["-O", format, elf, output])
    ctx.actions.run(
        outputs = [output],
        executable = objcopy.path,
        arguments = [args],
        inputs = [elf],
        tools = [objcopy.files],
        toolchain = CC_TOOLCHAIN_TYPE,
        mnemonic = "CortexMObjcopy",
        progress_message = "Writing %{output}",
    )
    return output

def _size_report(ctx, elf, board):
    """Declares the size report; returns (text, json)."""
    text = ctx.actions.declare_file(ctx.label.name + ".size.txt")
    json = ctx.actions.declare_file(ctx.label.name + ".size.json")
    args = ctx.actions.args()
    args.add("--image", str(ctx.label))
    args.add("--elf", elf)
    for name, region in board.memory.items():
        args.add("--region", "{}:{}:{}".format(name, region.origin, region.length))
    args.add("--text", text)
    args.add("--json", json)
    run_module(
        ctx,
        module = "size_report",
        libraries = [ctx.attr._size_report],
        arguments = args,
        inputs = [elf],
        outputs = [text, json],
        mnemonic = "CortexMSize",
        worker = True,
        packages = TOOL_PACKAGES,
        progress_message = "Measuring %{label}",
    )
    return text, json

def _profile_image(ctx, core, isa, elf, libraries):
    """Declares the action that writes down what a profile has to know of the image."""
    objdump = image_tool(ctx, "objdump")
    output = ctx.actions.declare_file(ctx.label.name + ".profile.json")
    plans = [library.plan for library in libraries]
    args = ctx.actions.args()
    args.add("--image", readable_label(ctx.label))
    args.add("--core", core)
    args.add("--isa", isa)
    args.add("--elf", elf)
    args.add("--objdump", objdump.path)
    args.add_all(plans, before_each = "--plan")
    args.add("--out", output)
    run_module(
        ctx,
        module = "cortex_m_profile.make_image",
        libraries = [ctx.attr._profile],
        arguments = args,
        inputs = [elf] + plans,
        outputs = [output],
        tools = [objdump.files],
        mnemonic = "CortexMProfileImage",
        worker = True,
        packages = TOOL_PACKAGES,
        progress_message = "Listing the steps of %{label}",
    )
    return output

def _quote(text):
    return "'" + text.replace("'", "'\\''") + "'"

def _runner(ctx, elf, board, profile, report):
    """Writes the script `bazel run` executes.

    Returns:
      (script, runfiles to boot the image, runfiles that `--profile` and `--report` need besides)
    """
    qemu = ctx.toolchains[QEMU_TYPE].qemu
    python = ctx.toolchains[LOWERING_TYPE].lowering
    tools = [ctx.attr._profile, ctx.attr._report]
    imports = python.tool_packages.runfiles_roots + [tool[PyInfo].imports.to_list()[0] for tool in tools]
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._runner_template,
        output = script,
        is_executable = True,
        substitutions = {
            "%{board}": board.name,
            "%{counter}": _quote(runfiles_path(ctx, qemu.counter) if qemu.counter else ""),
            "%{elf}": _quote(runfiles_path(ctx, elf)),
            "%{image}": _quote(runfiles_path(ctx, profile)),
            "%{imports}": " ".join([_quote(folder) for folder in imports]),
            "%{interpreter}": _quote(runfiles_path(ctx, python.interpreter)),
            "%{label}": str(ctx.label),
            "%{machine_args}": " ".join([_quote(argument) for argument in board.machine_args]),
            "%{machine}": _quote(board.machine),
            "%{qemu}": _quote(runfiles_path(ctx, qemu.qemu_system_arm)),
            "%{report_json}": _quote(runfiles_path(ctx, report.json)),
            "%{report_text}": _quote(runfiles_path(ctx, report.text)),
        },
    )
    boot = ctx.runfiles([elf, qemu.qemu_system_arm]).merge(qemu.runfiles)
    more = ctx.runfiles(
        [profile, report.json, report.text] + ([qemu.counter] if qemu.counter else []),
        transitive_files = depset(transitive = [python.interpreter_files, python.tool_packages.files] + [
            files
            for tool in tools
            for files in [tool[PyInfo].transitive_sources, tool[DefaultInfo].default_runfiles.files]
        ]),
    )
    return script, boot, more

def _firmware_impl(ctx):
    core = ctx.attr._variant[CortexMVariantInfo].core
    isa = ctx.attr._variant[CortexMVariantInfo].isa
    board = ctx.attr.board[CortexMBoardInfo]
    _check(ctx, core, board)
    libraries = libraries_of(ctx.attr.deps)
    check_banks(ctx.label, libraries, board)
    budgets = budgets_of(ctx, ctx.attr.stack_bytes)
    elf, linkmap, graphs = _link(ctx, core, isa, board, libraries)
    image = _objcopy(ctx, elf, "bin", "binary")
    hex = _objcopy(ctx, elf, "hex", "ihex")
    size_text, size_json = _size_report(ctx, elf, board)
    profile = _profile_image(ctx, core, isa, elf, libraries)
    stack_text, stack_json = stack_report(ctx, elf, profile, graphs, ctx.attr.deps + [ctx.attr._runtime])
    budget = check_budgets(ctx, ctx.label, budgets, elf, linkmap, libraries, stack_json)
    plans = [library.plan for library in libraries]
    report = image_report(ctx, ctx.attr._report, core, isa, board, size_json, elf, linkmap, plans, stack_json)
    script, boot, more = _runner(ctx, elf, board, profile, report)

    return [
        DefaultInfo(executable = script, files = depset([elf]), runfiles = boot.merge(more)),
        OutputGroupInfo(
            accuracy = depset([library.model.layers for library in libraries if library.model.layers]),
            bin = depset([image]),
            elf = depset([elf]),
            hex = depset([hex]),
            linkmap = depset([linkmap]),
            pte = depset([library.model.program for library in libraries]),
            report = depset(
                [size_text, size_json, stack_text, stack_json, budget] +
                [report.html, report.json, report.text] +
                plans +
                [library.model.report for library in libraries] +
                [library.model.float_report for library in libraries],
            ),
            vectors = depset([library.model.vectors for library in libraries if library.model.vectors]),
            _validation = depset([budget] if budgets else []),
        ),
        CortexMFirmwareInfo(
            bin = image,
            board = board,
            boot = boot,
            core = core,
            elf = elf,
            hex = hex,
            isa = isa,
            libraries = libraries,
            linkmap = linkmap,
            profile = profile,
            report = size_json,
            stack = stack_json,
            stack_bytes = ctx.attr.stack_bytes,
        ),
    ]

_cortex_m_firmware = rule(
    implementation = _firmware_impl,
    cfg = firmware_transition,
    attrs = BUDGET_ATTRS | STACK_ATTRS | WORKER_ATTRS | {
        "board": attr.label(mandatory = True, providers = [CortexMBoardInfo]),
        "copts": attr.string_list(),
        "core": attr.string(),
        "deps": attr.label_list(aspects = [call_graphs_aspect, libraries_aspect], providers = [CcInfo]),
        "isa": attr.string(),
        "linkopts": attr.string_list(),
        "local_defines": attr.string_list(),
        "srcs": attr.label_list(allow_files = [".c", ".cc", ".cpp", ".S", ".h"]),
        "stack_bytes": attr.int(),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
        "_profile": attr.label(
            default = Label("//tools/profile:cortex_m_profile"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_report": attr.label(
            default = Label("//tools/report:cortex_m_report"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_runner_template": attr.label(
            default = Label("firmware_runner.sh.tpl"),
            allow_single_file = True,
        ),
        "_runtime": attr.label(
            default = Label("//runtime"),
            aspects = [call_graphs_aspect],
            providers = [CcInfo],
        ),
        "_size_report": attr.label(
            default = Label("//tools/size_report"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_variant": attr.label(
            default = Label("//toolchains:current_variant"),
            providers = [CortexMVariantInfo],
        ),
    },
    executable = True,
    fragments = ["cpp"],
    provides = [CortexMFirmwareInfo],
    toolchains = use_cc_toolchain() + [LOWERING_TYPE, QEMU_TYPE],
)

def cortex_m_firmware(
        name,
        core = None,
        isa = None,
        board = None,
        srcs = [],
        deps = [],
        stack_bytes = 2048,
        copts = [],
        linkopts = [],
        local_defines = [],
        flash_budget = None,
        ram_budget = None,
        arena_budget = None,
        stack_budget = None,
        stack_calls = {},
        stack_recursion = {},
        **kwargs):
    """Links a firmware image for one core; `bazel run` boots it in QEMU.

    Output: `<name>.elf`, and what `bazel run` needs besides. Output groups:

    * `elf`: `<name>.elf`, the linked image, and nothing besides: the fastest build.
    * `bin`, `hex`: `<name>.bin`, raw, and `<name>.hex`, Intel HEX, to be flashed.
    * `linkmap`: `<name>.map`, the linker's map.
    * `report`: `<name>.report.html`, `.json` and `.txt`, what is in the image; `<name>.size.txt` and
      `.json`, sizes by memory region; `<name>.stack.txt` and `.json`, the stack at worst;
      `<name>.budget.txt`; the plans and lowering reports of the models in `deps`.
    * `pte`, `vectors`: the programs of the models and their reference inputs and outputs.
    * `accuracy`: int8 against float, layer by layer, of each model.
    * `_validation`: the budgets, if there are some; Bazel makes it in every build.

    The sources see the macros CORTEX_M_CORE, CORTEX_M_ISA and CORTEX_M_BOARD (string literals).
    Arguments of `bazel run` reach the firmware as its semihosting command line, except these, which
    come first:

    * `--profile`: afterwards shows what an inference of each model in `deps` executed, per step
      of its plan: operator, shape, kernel, instructions (exact), loads, stores and estimated
      cycles.
    * `--profile_json=FILE`: the same as JSON.
    * `--report`: prints what is in flash and RAM, and what makes the arena as large as it is,
      instead of booting.
    * `--report_html=FILE`: writes `<name>.report.html` with the instructions of this run in it.

    Example:
      ```starlark
      cortex_m_firmware(
          name = "m55_app",
          srcs = ["app.c"],
          core = "cortex-m55",
          deps = [":digits_model"],
      )
      ```

    Args:
      name: target name.
      core: core to build for, e.g. `cortex-m55`; default: the core of `--platforms`.
      isa: `scalar`, `dsp` or `mve`; default: the core's.
      board: label of a cortex_m_board; default: the core's emulated board.
      srcs: the application's C, C++ and assembly sources and private headers.
      deps: cortex_m_library and cc_library targets.
      stack_bytes: bytes reserved for the stack.
      copts: compiler flags for `srcs`.
      linkopts: linker flags.
      local_defines: macros for `srcs`.
      flash_budget: bytes the image may take in flash, e.g. `"96K"` or 98304. A budget that is exceeded
        fails the build, by a validation action whose report, `<name>.budget.txt`, is a table of what
        takes how much.
      ram_budget: bytes of RAM: data, bss, arenas and the reserved stack.
      arena_budget: bytes of all arenas of models.
      stack_budget: bytes of the stack at worst, from the compiler's call graphs, exceptions
        included; also exceeded if it cannot be known.
      stack_calls: what a function calls through pointers, e.g.
        `{"my_dispatch": ["on_key", "on_tick*"]}`; patterns of C symbols.
      stack_recursion: how many calls of a recursive function are active at a time, at most, e.g.
        `{"my_walk": 4}`.
      **kwargs: common attributes (visibility, tags, testonly ...).
    """
    _cortex_m_firmware(
        name = name,
        core = core,
        isa = isa,
        board = board or default_board(),
        srcs = srcs,
        deps = deps,
        stack_bytes = stack_bytes,
        copts = copts,
        linkopts = linkopts,
        local_defines = local_defines,
        flash_budget = budget_text(flash_budget),
        ram_budget = budget_text(ram_budget),
        arena_budget = budget_text(arena_budget),
        stack_budget = budget_text(stack_budget),
        stack_calls = stack_calls,
        stack_recursion = {function: str(times) for function, times in stack_recursion.items()},
        target_compatible_with = cortex_m_only(),
        **kwargs
    )
