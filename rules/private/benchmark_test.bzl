# SPDX-License-Identifier: Apache-2.0
"""cortex_m_benchmark_test: the instructions of an inference, against recorded ones."""

load("@rules_python//python:defs.bzl", "PyInfo")
load(":benchmark_info.bzl", "CortexMBenchmarkInfo")
load(":emulator.bzl", "EMULATE_EXEC_GROUPS", "emulated_test")
load(":firmware_info.bzl", "CortexMFirmwareInfo")
load(":firmware_test.bzl", "model_firmware")
load(":python_tool.bzl", "LOWERING_TYPE")
load(":runfiles.bzl", "readable_label", "runfiles_path")

def _benchmark_test_impl(ctx):
    firmware = ctx.attr.firmware
    vectors = firmware[CortexMFirmwareInfo].libraries[0].model.vectors
    if not vectors:
        fail("{}: the model has no vectors to run; give its cortex_m_program vectors = ...".format(ctx.label))
    python = ctx.toolchains[LOWERING_TYPE].lowering
    tool = ctx.attr._profile[PyInfo]
    emulated = emulated_test(ctx, profile = True)
    runner = firmware[DefaultInfo].files_to_run.executable
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._template,
        output = script,
        is_executable = True,
        substitutions = {
            "%{arguments}": " ".join(["'{}'".format(argument) for argument in emulated.arguments]),
            "%{bound}": str(ctx.attr.bound_percent),
            "%{imports}": "'{}'".format(tool.imports.to_list()[0]),
            "%{interpreter}": "'./{}'".format(runfiles_path(ctx, python.interpreter)),
            "%{key}": "'{}'".format(ctx.label.name),
            "%{label}": readable_label(ctx.label),
            "%{recorder}": "'{}'".format(readable_label(ctx.attr.recorder)),
            "%{record}": "'{}'".format(runfiles_path(ctx, ctx.file.record)),
            "%{runner}": runfiles_path(ctx, runner),
            "%{vectors}": "'{}'".format(runfiles_path(ctx, vectors)),
        },
    )
    runfiles = ctx.runfiles([runner, vectors, ctx.file.record])
    return [
        DefaultInfo(
            executable = script,
            runfiles = runfiles.merge_all([firmware[DefaultInfo].default_runfiles, emulated.runfiles]),
        ),
        emulated.execution_info,
        CortexMBenchmarkInfo(key = ctx.label.name, measure = script, record = ctx.file.record),
    ]

_cortex_m_benchmark_test = rule(
    implementation = _benchmark_test_impl,
    attrs = {
        "bound_percent": attr.int(),
        "firmware": attr.label(mandatory = True, providers = [CortexMFirmwareInfo]),
        "record": attr.label(mandatory = True, allow_single_file = [".json"]),
        "recorder": attr.string(),
        "_profile": attr.label(
            default = Label("//tools/profile:cortex_m_profile"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_template": attr.label(
            default = Label("benchmark_test.sh.tpl"),
            allow_single_file = True,
        ),
    },
    exec_groups = EMULATE_EXEC_GROUPS,
    provides = [CortexMBenchmarkInfo],
    test = True,
    toolchains = [LOWERING_TYPE],
)

def cortex_m_benchmark_test(
        name,
        model,
        core,
        record,
        recorder = ":record",
        isa = None,
        board = None,
        stack_bytes = 2048,
        bound_percent = 1,
        **kwargs):
    """Counts the instructions of an inference in QEMU and fails if they are not the recorded ones.

    The model runs on its vectors, whose outputs are compared with PyTorch's too. Counted is what
    is executed between the call of the model's run function and its return, the mean over the
    vectors; that is exact, so more than `bound_percent` away, up or down, fails the test. It then
    shows which steps of the plan changed. One run of the recorder accepts all new figures.

    The record is a source file, at first with the content `{}`.

    Example:
      ```starlark
      cortex_m_benchmark_test(
          name = "digits_m4_benchmark",
          core = "cortex-m4",
          model = ":digits",
          record = "benchmarks.json",
      )

      cortex_m_benchmark_record(
          name = "record",
          tests = [":digits_m4_benchmark"],
      )
      ```

    Args:
      name: target name, and the key of its figures in `record`.
      model: label of a cortex_m_model.
      core: core to run on, e.g. `cortex-m4`.
      record: label of a JSON file in the source tree, which several benchmarks may share.
      recorder: label of the cortex_m_benchmark_record that renews it, for messages.
      isa: ISA; default: the core's.
      board: label of a cortex_m_board; default: the core's.
      stack_bytes: bytes reserved for the stack.
      bound_percent: percent by which the instructions may differ from the recorded ones.
      **kwargs: common test attributes (size, tags, timeout ...).
    """
    firmware = model_firmware(
        name,
        source = Label("//plan/device:vector_test.c"),
        model = model,
        core = core,
        isa = isa,
        board = board,
        stack_bytes = stack_bytes,
    )
    _cortex_m_benchmark_test(
        name = name,
        firmware = firmware,
        record = record,
        recorder = str(native.package_relative_label(recorder)),
        bound_percent = bound_percent,
        **kwargs
    )
