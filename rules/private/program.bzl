# SPDX-License-Identifier: Apache-2.0
"""cortex_m_program: a stored program used as a model."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//toolchains:variant.bzl", "CortexMVariantInfo")
load(":float_gate.bzl", "float_gate")
load(":model_info.bzl", "CortexMModelInfo")
load(":python_tool.bzl", "LOWERING_TYPE", "WORKER_ATTRS")
load(":variant.bzl", "cortex_m_only")

def _program_impl(ctx):
    program = ctx.file.program
    report = ctx.file.report
    vectors = ctx.file.vectors
    float_report = float_gate(
        ctx,
        name = ctx.label.name,
        label = ctx.label,
        report = report,
        allow_float = ctx.attr.allow_float,
        tool = ctx.attr._tool,
    )
    return [
        DefaultInfo(files = depset([program, report] + ([vectors] if vectors else []))),
        OutputGroupInfo(
            pte = depset([program]),
            report = depset([report, float_report]),
            vectors = depset([vectors] if vectors else []),
            _validation = depset([float_report]),
        ),
        CortexMModelInfo(
            float_report = float_report,
            has_data_set = bool(vectors),
            layers = None,
            isa = ctx.attr._variant[CortexMVariantInfo].isa,
            program = program,
            report = report,
            vectors = vectors,
        ),
    ]

_cortex_m_program = rule(
    implementation = _program_impl,
    attrs = WORKER_ATTRS | {
        "allow_float": attr.string_list(),
        "program": attr.label(allow_single_file = [".pte"], mandatory = True),
        "report": attr.label(allow_single_file = [".json"], mandatory = True),
        "vectors": attr.label(allow_single_file = [".vectors"]),
        "_tool": attr.label(
            default = Label("//lowering:cortex_m_lowering"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_variant": attr.label(
            default = Label("//toolchains:current_variant"),
            providers = [CortexMVariantInfo],
        ),
    },
    provides = [CortexMModelInfo],
    toolchains = [LOWERING_TYPE],
)

def cortex_m_program(name, program, report, vectors = None, allow_float = [], **kwargs):
    """A lowered program that was stored, used wherever a cortex_m_model is.

    Keep what `bazel build` of a cortex_m_model makes, or what `python -m cortex_m_lowering` writes:
    the `.pte`, its report and its vectors. Nothing is lowered then, and torch is not needed. A
    program is for one ISA; offer more than one with a `select()` on `//toolchains/isa:mve` and the
    like. Its versions are compared with those of this build when the plan is made: another kernel
    ABI, program schema or ISA fails the build, another CMSIS-NN is a warning (the compiler refuses
    every scratch buffer that has become too small), anything else a note in `<name>_plan.json`.
    Output groups: `pte`, `vectors`, `report` (the report and `<name>.float.txt`), `_validation`.

    Example:
      ```starlark
      cortex_m_program(
          name = "digits_released",
          program = "released/digits.pte",
          report = "released/digits.json",
          vectors = "released/digits.vectors",
      )
      ```

    Args:
      name: target name.
      program: label of the ExecuTorch program (`.pte`).
      report: label of the report (`.json`) that was written with it.
      vectors: label of the reference vectors (`.vectors`) that were written with it; needed by
        cortex_m_firmware_test and cortex_m_vectors_library only.
      allow_float: what may compute in float, as in cortex_m_model.
      **kwargs: common attributes (visibility, tags, testonly ...).
    """
    _cortex_m_program(
        name = name,
        program = program,
        report = report,
        vectors = vectors,
        allow_float = allow_float,
        target_compatible_with = cortex_m_only(),
        **kwargs
    )
