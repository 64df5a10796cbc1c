# SPDX-License-Identifier: Apache-2.0
"""kernel_cases: a file of randomized kernel calls with the results of ExecuTorch's operators."""

load("@rules_python//python:defs.bzl", "PyInfo")

# The tests run Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:python_tool.bzl", "LOWERING_TYPE", "WORKER_ATTRS", "run_module")

def _kernel_cases_impl(ctx):
    cases = ctx.actions.declare_file(ctx.label.name + ".cases")
    listing = ctx.actions.declare_file(ctx.label.name + ".txt")
    args = ctx.actions.args()
    args.add_all("--headers", ctx.files.headers)
    args.add_all(ctx.attr.operators, before_each = "--operator")
    args.add("--count", ctx.attr.count)
    args.add("--seed", ctx.attr.seed)
    args.add("--out", cases)
    args.add("--list", listing)
    args.add_all(
        ["{}:{}".format(name, isa) for name, isa in ctx.attr.variants.items()],
        before_each = "--variant",
    )
    run_module(
        ctx,
        module = "kernel_cases",
        libraries = [ctx.attr._generator],
        arguments = args,
        inputs = ctx.files.headers,
        outputs = [cases, listing],
        mnemonic = "KernelCases",
        progress_message = "Computing kernel cases %{label}",
        more_packages = [ctx.file._dev_packages],
    )
    return [
        DefaultInfo(files = depset([cases])),
        OutputGroupInfo(list = depset([listing])),
    ]

kernel_cases = rule(
    doc = """Writes `<name>.cases`, which case_runner.c reads.

Output group `list`: `<name>.txt`, the kernels and how many cases each has.""",
    implementation = _kernel_cases_impl,
    attrs = WORKER_ATTRS | {
        "count": attr.int(default = 250, doc = "Cases per operator."),
        "headers": attr.label_list(
            allow_files = [".h"],
            default = ["//kernels:headers"],
            doc = "The kernels' headers, which say how parameters are laid out.",
        ),
        "operators": attr.string_list(doc = "Which operators; all, if empty."),
        "seed": attr.int(doc = "Equal seeds give equal cases."),
        "variants": attr.string_dict(doc = "What runs the cases, with its ISA; for the list."),
        "_dev_packages": attr.label(
            default = "@cortex_m_python_dev//:site-packages",
            allow_single_file = True,
        ),
        "_generator": attr.label(
            default = "//tests/kernels:generator",
            providers = [PyInfo],
            cfg = "exec",
        ),
    },
    toolchains = [LOWERING_TYPE],
)
