# SPDX-License-Identifier: Apache-2.0
"""cortex_m_firmware_test: boots an image in the emulator and checks what it does.

The test itself stays in the host configuration; only its image is built for the core.
"""

load(":emulator.bzl", "EMULATE_EXEC_GROUPS", "emulated_test")
load(":firmware.bzl", "cortex_m_firmware")
load(":firmware_info.bzl", "CortexMFirmwareInfo")
load(":library.bzl", "cortex_m_library")
load(":runfiles.bzl", "runfiles_path")

# What firmware_test_providers() needs of a rule, beside EMULATE_EXEC_GROUPS.
FIRMWARE_TEST_ATTRS = {
    "firmware": attr.label(mandatory = True, providers = [CortexMFirmwareInfo]),
    "_template": attr.label(
        default = Label("firmware_test_runner.sh.tpl"),
        allow_single_file = True,
    ),
}

def firmware_test_providers(ctx, arguments = [], data = [], feed_vectors = False, expected_output = [], exit_status = 0):
    """The script that boots `ctx.attr.firmware` and checks what it does.

    Args:
      ctx: context of a test rule with FIRMWARE_TEST_ATTRS and EMULATE_EXEC_GROUPS.
      arguments: list of string, the firmware's semihosting command line.
      data: list of File, for the runfiles.
      feed_vectors: whether the vectors of each of its models follow as arguments.
      expected_output: list of string, each to appear on one line of the console.
      exit_status: status the firmware must end with.

    Returns:
      list of provider.
    """
    firmware = ctx.attr.firmware
    info = firmware[CortexMFirmwareInfo]
    emulated = emulated_test(ctx)
    arguments = emulated.arguments + arguments
    data = list(data)
    if feed_vectors:
        for library in info.libraries:
            if not library.model.vectors:
                fail("{}: the model has no reference vectors; give its cortex_m_program vectors = ...".format(ctx.label))
            arguments.append(runfiles_path(ctx, library.model.vectors))
            data.append(library.model.vectors)
    executable = firmware[DefaultInfo].files_to_run.executable

    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.expand_template(
        template = ctx.file._template,
        output = script,
        is_executable = True,
        substitutions = {
            "%{arguments}": " ".join(["'" + argument + "'" for argument in arguments]),
            "%{exit_status}": str(exit_status),
            "%{expected_output}": "\n".join(expected_output),
            "%{label}": str(ctx.label),
            "%{runner}": runfiles_path(ctx, executable),
        },
    )
    runfiles = ctx.runfiles(data + [executable])
    return [
        DefaultInfo(
            executable = script,
            runfiles = runfiles.merge_all([info.boot, emulated.runfiles]),
        ),
        emulated.execution_info,
    ]

def _firmware_test_impl(ctx):
    return firmware_test_providers(
        ctx,
        arguments = [ctx.expand_location(argument, ctx.attr.data) for argument in ctx.attr.arguments],
        data = ctx.files.data,
        feed_vectors = ctx.attr.feed_vectors,
        expected_output = ctx.attr.expected_output,
        exit_status = ctx.attr.exit_status,
    )

_cortex_m_firmware_test = rule(
    implementation = _firmware_test_impl,
    attrs = FIRMWARE_TEST_ATTRS | {
        "arguments": attr.string_list(),
        "data": attr.label_list(allow_files = True),
        "exit_status": attr.int(),
        "expected_output": attr.string_list(),
        "feed_vectors": attr.bool(),
    },
    exec_groups = EMULATE_EXEC_GROUPS,
    test = True,
)

def cortex_m_firmware_test(
        name,
        firmware = None,
        model = None,
        core = None,
        isa = None,
        board = None,
        stack_bytes = 2048,
        arguments = [],
        data = [],
        expected_output = [],
        exit_status = 0,
        max_ulps = 0,
        **kwargs):
    """Boots an image in QEMU under `bazel test`.

    With `model`, the image is made for the test: it feeds the model's reference vectors and
    compares every output with PyTorch's bit for bit (but see `max_ulps`); the first mismatch is
    shown with vector, tensor, element, expected and got. With `firmware`, any image is run as it
    is.

    Example:
      ```starlark
      cortex_m_firmware_test(
          name = "digits_m55_test",
          model = ":digits",
          core = "cortex-m55",
      )
      ```

    Args:
      name: target name.
      firmware: label of a cortex_m_firmware. Give this or `model`.
      model: label of a cortex_m_model.
      core: core for `model`, e.g. `cortex-m55`.
      isa: ISA for `model`; default: the core's.
      board: label of a cortex_m_board for `model`; default: the core's.
      stack_bytes: stack of the image made for `model`.
      arguments: what the firmware finds on its semihosting command line; it starts in the runfiles
        folder, so `$(rlocationpath :file)` of a `data` label names a file it can open.
      data: files the firmware reads through semihosting.
      expected_output: texts that must each appear on one line of the console.
      exit_status: status the firmware must end with.
      max_ulps: how far float32 outputs of `model` may be off, in units in the last place of the
        largest magnitude of that output in that vector; the largest error is printed. For models
        that compute in float32: functions such as exp are rounded differently by each library, and
        sums by their order. Integers, and everything with the default of 0, are compared bit for
        bit.
      **kwargs: common test attributes (size, tags, timeout ...).
    """
    if max_ulps and not model:
        fail("cortex_m_firmware_test(name = {}): max_ulps is for model, not for firmware".format(repr(name)))
    if bool(firmware) == bool(model):
        fail("cortex_m_firmware_test(name = {}): give exactly one of firmware and model".format(repr(name)))
    if model:
        if not core:
            fail("cortex_m_firmware_test(name = {}): a model needs core = \"cortex-m...\"".format(repr(name)))
        firmware = model_firmware(
            name,
            source = Label("//plan/device:vector_test.c"),
            model = model,
            core = core,
            isa = isa,
            board = board,
            stack_bytes = stack_bytes,
            local_defines = ["CORTEX_M_MAX_ULPS={}".format(max_ulps)] if max_ulps else None,
        )
    _cortex_m_firmware_test(
        name = name,
        firmware = firmware,
        feed_vectors = bool(model),
        arguments = arguments,
        data = data,
        expected_output = expected_output,
        exit_status = exit_status,
        **kwargs
    )

def model_firmware(name, source, model, core, isa, board, stack_bytes, local_defines = None):
    """Declares an image that runs a model on its vectors.

    Args:
      name: name of the test it is for.
      source: label of the C file with main().
      model: label of a cortex_m_model.
      core: core to build for.
      isa: ISA; None: the core's.
      board: label of a cortex_m_board; None: the core's.
      stack_bytes: bytes reserved for the stack.
      local_defines: list of string, further preprocessor definitions for the source; or None.

    Returns:
      string: label of the cortex_m_firmware.
    """
    cortex_m_library(
        name = name + ".library",
        model = model,
        c_name = "model_under_test",
        board = board,
        tags = ["manual"],
        testonly = True,
        visibility = ["//visibility:private"],
    )
    cortex_m_firmware(
        name = name + ".firmware",
        srcs = [source],
        core = core,
        isa = isa,
        board = board,
        stack_bytes = stack_bytes,
        local_defines = [
            'CORTEX_M_MODEL_HEADER="model_under_test.h"',
            "CORTEX_M_MODEL=model_under_test_model",
        ] + (local_defines or []),
        deps = [
            ":" + name + ".library",
            Label("//plan/device:host_vectors"),
        ],
        tags = ["manual"],
        testonly = True,
        visibility = ["//visibility:private"],
    )
    return ":" + name + ".firmware"
