# SPDX-License-Identifier: Apache-2.0
"""upstream_suite: ExecuTorch's own test cases, lowered, planned, linked and run per ISA.

    upstream_programs   one action: test files of the wheel -> programs of all ISAs, and a list
    upstream_plans      one action per ISA: programs -> C, and a list of those refused
    upstream_library    the C, compiled for the platform
    cortex_m_firmware   one image per ISA with all of a suite's programs
    upstream_summary    what was run and what was not, of all suites

Programs and plans are made as tools are: in one configuration, whatever the images'.
"""

load("@rules_cc//cc:find_cc_toolchain.bzl", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_common.bzl", "cc_common")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load("@rules_python//python:defs.bzl", "PyInfo")
load("//rules:defs.bzl", "cortex_m_firmware", "cortex_m_firmware_test")

# The tests run Python, and compile, as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:compile.bzl", "cc_features")

# buildifier: disable=bzl-visibility
load("//rules/private:python_tool.bzl", "LOWERING_TYPE", "NO_PACKAGES", "TOOL_PACKAGES", "WORKER_ATTRS", "run_module")

ISAS = ["scalar", "dsp", "mve"]

# The core each ISA runs on, and the board if the programs do not fit the core's own.
_CORES = {
    "dsp": "cortex-m4",
    "mve": "cortex-m55",
    "scalar": "cortex-m3",
}

_BOARDS = {
    "mve": "//tests/upstream:mps3_an547_large",
}

# Where the constants go that do not fit the 512 KiB of the board's FLASH, above its RAM.
_CONSTANTS = {
    "mve": struct(address = "0x78000000", section = ".constants"),
}

_ProgramsInfo = provider(
    doc = "Upstream's cases as programs.",
    fields = {
        "folders": "dict of string to File: by ISA, a folder of .pte, .json and .vectors",
        "index": "File: JSON list of all cases and of those that have no program",
    },
)

_PlansInfo = provider(
    doc = "The C of a suite's programs for one ISA.",
    fields = {
        "assembly": "File: embeds the programs",
        "index": "File: the list of the programs' ProgramsInfo",
        "isa": "string",
        "outcome": "File: JSON list of the programs that were planned and of those refused",
        "programs": "File: folder of the .pte files",
        "sources": "File: folder of the plans",
        "table": "File: C that lists the models",
    },
)

def _programs_impl(ctx):
    index = ctx.actions.declare_file(ctx.label.name + ".json")
    folders = {
        isa: ctx.actions.declare_directory("{}_{}".format(ctx.label.name, isa))
        for isa in ISAS
    }
    args = ctx.actions.args()
    args.add_all(ctx.attr.files, before_each = "--file")
    args.add("--index", index)
    for isa, folder in folders.items():
        args.add_all("--" + isa, [folder], expand_directories = False)
    run_module(
        ctx,
        module = "upstream_cases",
        libraries = [ctx.attr._cases],
        arguments = args,
        inputs = [],
        outputs = [index] + folders.values(),
        mnemonic = "UpstreamLower",
        worker = True,
        preload = "cortex_m_lowering.warm",
        progress_message = "Lowering ExecuTorch's test cases %{label}",
        more_packages = [ctx.file._dev_packages],
    )
    return [
        DefaultInfo(files = depset([index] + folders.values())),
        _ProgramsInfo(folders = folders, index = index),
    ]

_upstream_programs = rule(
    implementation = _programs_impl,
    attrs = WORKER_ATTRS | {
        "files": attr.string_list(mandatory = True),
        "_cases": attr.label(
            default = "//tests/upstream:cases",
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_dev_packages": attr.label(
            default = "@cortex_m_python_dev//:site-packages",
            allow_single_file = True,
        ),
    },
    toolchains = [LOWERING_TYPE],
)

def _plans_impl(ctx):
    lowering = ctx.toolchains[LOWERING_TYPE].lowering
    isa = ctx.attr.isa
    info = ctx.attr.programs[_ProgramsInfo]
    programs = info.folders[isa]
    sources = ctx.actions.declare_directory(ctx.label.name + ".sources")
    assembly = ctx.actions.declare_file(ctx.label.name + ".S")
    table = ctx.actions.declare_file(ctx.label.name + ".c")
    outcome = ctx.actions.declare_file(ctx.label.name + ".json")
    args = ctx.actions.args()
    args.add_all("--programs", [programs], expand_directories = False)
    args.add("--isa", isa)
    args.add("--flatc", lowering.flatc)
    args.add("--schema-dir", lowering.schema[0].dirname)
    args.add("--constants", _CONSTANTS[isa].section if isa in _CONSTANTS else "")
    args.add_all("--sources", [sources], expand_directories = False)
    args.add("--assembly", assembly)
    args.add("--table", table)
    args.add("--outcome", outcome)
    run_module(
        ctx,
        module = "upstream_plan",
        libraries = [ctx.attr._plans, ctx.attr._plan],
        arguments = args,
        inputs = [programs, lowering.flatc] + lowering.schema,
        outputs = [sources, assembly, table, outcome],
        mnemonic = "UpstreamPlan",
        worker = True,
        progress_message = "Planning ExecuTorch's test cases %{label}",
        packages = TOOL_PACKAGES,
    )
    return [
        DefaultInfo(files = depset([outcome])),
        _PlansInfo(
            assembly = assembly,
            index = info.index,
            isa = isa,
            outcome = outcome,
            programs = programs,
            sources = sources,
            table = table,
        ),
    ]

_upstream_plans = rule(
    implementation = _plans_impl,
    attrs = WORKER_ATTRS | {
        "isa": attr.string(mandatory = True),
        "programs": attr.label(mandatory = True, providers = [_ProgramsInfo]),
        "_plan": attr.label(
            default = "//plan:cortex_m_plan",
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_plans": attr.label(
            default = "//tests/upstream:plans",
            providers = [PyInfo],
            cfg = "exec",
        ),
    },
    toolchains = [LOWERING_TYPE],
)

def _vectors_impl(ctx):
    return [DefaultInfo(files = depset([ctx.attr.plans[_PlansInfo].programs]))]

_upstream_vectors = rule(
    implementation = _vectors_impl,
    doc = "The folder with the vectors, for a test's data.",
    attrs = {"plans": attr.label(mandatory = True, providers = [_PlansInfo], cfg = "exec")},
)

def _library_impl(ctx):
    plans = ctx.attr.plans[_PlansInfo]
    toolchain, features = cc_features(ctx)
    dependencies = [dep[CcInfo] for dep in ctx.attr._device]
    context, objects = cc_common.compile(
        name = ctx.label.name,
        actions = ctx.actions,
        feature_configuration = features,
        cc_toolchain = toolchain,
        srcs = [plans.sources, plans.assembly, plans.table],
        private_hdrs = [ctx.file._header],
        includes = [plans.sources.path, ctx.file._header.dirname],
        additional_inputs = [plans.programs, plans.sources],
        user_compile_flags = ["-Wa,-I" + plans.programs.path],
        compilation_contexts = [info.compilation_context for info in dependencies],
    )
    linking, _ = cc_common.create_linking_context_from_compilation_outputs(
        name = ctx.label.name,
        actions = ctx.actions,
        feature_configuration = features,
        cc_toolchain = toolchain,
        compilation_outputs = objects,
        linking_contexts = [info.linking_context for info in dependencies],
        disallow_dynamic_library = True,
    )
    return [
        DefaultInfo(files = depset([plans.sources])),
        CcInfo(compilation_context = context, linking_context = linking),
    ]

_upstream_library = rule(
    implementation = _library_impl,
    attrs = {
        "plans": attr.label(mandatory = True, providers = [_PlansInfo], cfg = "exec"),
        "_device": attr.label_list(
            default = ["//kernels", "//plan:model"],
            providers = [CcInfo],
        ),
        "_header": attr.label(
            default = "//tests/upstream:program_test.h",
            allow_single_file = True,
        ),
    },
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(),
)

def _summary_impl(ctx):
    summary = ctx.actions.declare_file(ctx.label.name + ".txt")
    args = ctx.actions.args()
    inputs = []
    for target in ctx.attr.plans:
        plans = target[_PlansInfo]
        args.add_all("--outcome", [plans.isa, plans.index, plans.outcome])
        inputs.extend([plans.index, plans.outcome])
    args.add("--out", summary)
    run_module(
        ctx,
        module = "upstream_summary",
        libraries = [ctx.attr._summary],
        arguments = args,
        inputs = inputs,
        outputs = [summary],
        mnemonic = "UpstreamSummary",
        progress_message = "Counting ExecuTorch's test cases",
        packages = NO_PACKAGES,
    )
    return [DefaultInfo(files = depset([summary]))]

_upstream_summary = rule(
    implementation = _summary_impl,
    attrs = WORKER_ATTRS | {
        "plans": attr.label_list(mandatory = True, providers = [_PlansInfo], cfg = "exec"),
        "_summary": attr.label(
            default = "//tests/upstream:summary_tool",
            providers = [PyInfo],
            cfg = "exec",
        ),
    },
    toolchains = [LOWERING_TYPE],
)

def upstream_suite(name, files, tags = []):
    """Tests of the programs that some of the wheel's test files lower, on each ISA.

    Args:
      name: prefix of the targets; `<name>_<isa>_test` are the tests.
      files: paths below executorch/backends/cortex_m/test in the wheel.
      tags: further tags of the tests.
    """
    _upstream_programs(
        name = name + "_programs",
        testonly = True,
        files = files,
        tags = ["manual"],
    )
    for isa in ISAS:
        prefix = "{}_{}".format(name, isa)
        _upstream_plans(
            name = prefix + "_plans",
            testonly = True,
            isa = isa,
            programs = name + "_programs",
            tags = ["manual"],
        )
        _upstream_vectors(
            name = prefix + "_vectors",
            testonly = True,
            plans = prefix + "_plans",
            tags = ["manual"],
        )
        _upstream_library(
            name = prefix + "_library",
            testonly = True,
            plans = prefix + "_plans",
            tags = ["manual"],
        )
        cortex_m_firmware(
            name = prefix + "_image",
            testonly = True,
            srcs = [
                "program_test.c",
                "program_test.h",
            ],
            board = _BOARDS.get(isa),
            core = _CORES[isa],
            isa = isa,
            linkopts = ["-Wl,--section-start={}={}".format(
                _CONSTANTS[isa].section,
                _CONSTANTS[isa].address,
            )] if isa in _CONSTANTS else [],
            stack_bytes = 8192,
            tags = ["manual"],
            deps = [
                prefix + "_library",
                "//plan:vectors",
            ],
        )
        cortex_m_firmware_test(
            name = prefix + "_test",
            size = "small",
            arguments = ["$(rlocationpath :{}_vectors)".format(prefix)],
            data = [prefix + "_vectors"],
            expected_output = [" 0 failed"],
            firmware = prefix + "_image",
            tags = [
                "slow",
                "upstream",
            ] + tags,
        )

def upstream_summary(name, suites):
    """The cases of all suites, run and not run, as a text.

    Args:
      name: target name; writes `<name>.txt`.
      suites: names of the suites.
    """
    _upstream_summary(
        name = name,
        testonly = True,
        plans = ["{}_{}_plans".format(suite, isa) for suite in suites for isa in ISAS],
        tags = ["manual"],
    )
