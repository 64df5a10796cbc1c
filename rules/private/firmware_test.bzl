# SPDX-License-Identifier: Apache-2.0
"""cortex_m_firmware_test: boots an image in the emulator and checks what it does.

The test itself stays in the host configuration; only its image is built for the core.
"""

load(":firmware.bzl", "cortex_m_firmware")
load(":firmware_info.bzl", "CortexMFirmwareInfo")
load(":library.bzl", "cortex_m_library")
load(":runfiles.bzl", "runfiles_path")

def _firmware_test_impl(ctx):
    firmware = ctx.attr.firmware
    info = firmware[CortexMFirmwareInfo]
    arguments = [ctx.expand_location(argument, ctx.attr.data) for argument in ctx.attr.arguments]
    data = list(ctx.files.data)
    if ctx.attr.feed_vectors:
        for library in info.libraries:
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
            "%{exit_status}": str(ctx.attr.exit_status),
            "%{expected_output}": "\n".join(ctx.attr.expected_output),
            "%{label}": str(ctx.label),
            "%{runner}": runfiles_path(ctx, executable),
        },
    )
    runfiles = ctx.runfiles(data + [executable])
    return [DefaultInfo(
        executable = script,
        runfiles = runfiles.merge(firmware[DefaultInfo].default_runfiles),
    )]

_cortex_m_firmware_test = rule(
    implementation = _firmware_test_impl,
    attrs = {
        "arguments": attr.string_list(),
        "data": attr.label_list(allow_files = True),
        "exit_status": attr.int(),
        "expected_output": attr.string_list(),
        "feed_vectors": attr.bool(),
        "firmware": attr.label(mandatory = True, providers = [CortexMFirmwareInfo]),
        "_template": attr.label(
            default = Label("firmware_test_runner.sh.tpl"),
            allow_single_file = True,
        ),
    },
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
        **kwargs):
    """Boots an image in QEMU under `bazel test`.

    With `model`, the image is made for the test: it feeds the model's reference vectors and
    compares every output with PyTorch's bit for bit; the first mismatch is shown with vector,
    tensor, element, expected and got. With `firmware`, any image is run as it is.

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
      **kwargs: common test attributes (size, tags, timeout ...).
    """
    if bool(firmware) == bool(model):
        fail("cortex_m_firmware_test(name = {}): give exactly one of firmware and model".format(repr(name)))
    if model:
        _vector_firmware(name, model, core, isa, board, stack_bytes)
        firmware = ":" + name + ".firmware"
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

def _vector_firmware(name, model, core, isa, board, stack_bytes):
    """The image that compares a model with its reference vectors."""
    if not core:
        fail("cortex_m_firmware_test(name = {}): a model needs core = \"cortex-m...\"".format(repr(name)))
    cortex_m_library(
        name = name + ".library",
        model = model,
        c_name = "model_under_test",
        tags = ["manual"],
        testonly = True,
        visibility = ["//visibility:private"],
    )
    cortex_m_firmware(
        name = name + ".firmware",
        srcs = [Label("//plan/device:vector_test.c")],
        core = core,
        isa = isa,
        board = board,
        stack_bytes = stack_bytes,
        local_defines = [
            'CORTEX_M_MODEL_HEADER="model_under_test.h"',
            "CORTEX_M_MODEL=model_under_test_model",
        ],
        deps = [
            ":" + name + ".library",
            Label("//plan/device:vectors"),
        ],
        tags = ["manual"],
        testonly = True,
        visibility = ["//visibility:private"],
    )
