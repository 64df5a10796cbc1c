# SPDX-License-Identifier: Apache-2.0
"""cortex_m_accuracy_test: a labelled data set on the emulated core, against a stated accuracy."""

load("@rules_python//python:defs.bzl", "PyInfo")
load(":emulator.bzl", "EMULATE_EXEC_GROUPS")
load(":firmware_info.bzl", "CortexMFirmwareInfo")
load(":firmware_test.bzl", "FIRMWARE_TEST_ATTRS", "firmware_test_providers", "model_firmware")
load(":python_tool.bzl", "LOWERING_TYPE", "NO_PACKAGES", "WORKER_ATTRS", "run_module")
load(":runfiles.bzl", "readable_label")

_MILLION = 1000000

def _millionths(label, text):
    """The bound as an integer: Bazel has no float attribute, and the device needs none."""
    whole, _, fraction = text.partition(".")
    if (whole or "0").isdigit() and (fraction or "0").isdigit() and whole + fraction:
        millionths = int(float(text) * _MILLION + 0.5)
        if millionths <= _MILLION:
            return millionths
    fail("{}: minimum_accuracy is {}: it is a share of right answers, from 0 to 1, e.g. 0.97".format(
        label,
        text or "missing",
    ))

def _check_labels(ctx, model, name):
    """Declares the action that refuses vectors without labels; returns its output."""
    output = ctx.actions.declare_file(ctx.label.name + ".labels.txt")
    args = ctx.actions.args()
    args.add("--report", model.report)
    args.add("--test", readable_label(ctx.label))
    args.add("--model", name)
    args.add("--out", output)
    run_module(
        ctx,
        module = "cortex_m_lowering.accuracy_gate",
        libraries = [ctx.attr._tool],
        arguments = args,
        inputs = [model.report],
        outputs = [output],
        mnemonic = "CortexMLabels",
        progress_message = "Looking for the labels of {}".format(name),
        packages = NO_PACKAGES,
    )
    return output

def _accuracy_test_impl(ctx):
    minimum = _millionths(ctx.label, ctx.attr.minimum_accuracy)
    model = ctx.attr.firmware[CortexMFirmwareInfo].libraries[0].model
    if not model.has_data_set:
        fail("{}: {} has no data set of its own, only made-up vectors without labels: give it vectors = \"x.npz\" with an array `labels`".format(
            ctx.label,
            ctx.attr.model_name,
        ))

    # Needed to run, so that a data set without labels fails the build, not the test.
    labels = _check_labels(ctx, model, ctx.attr.model_name)
    return firmware_test_providers(ctx, arguments = [str(minimum)], data = [labels], feed_vectors = True) + [
        OutputGroupInfo(accuracy = depset([model.layers] if model.layers else [])),
    ]

_cortex_m_accuracy_test = rule(
    implementation = _accuracy_test_impl,
    attrs = FIRMWARE_TEST_ATTRS | WORKER_ATTRS | {
        "minimum_accuracy": attr.string(),
        "model_name": attr.string(),
        "_tool": attr.label(
            default = Label("//lowering:cortex_m_lowering"),
            providers = [PyInfo],
            cfg = "exec",
        ),
    },
    exec_groups = EMULATE_EXEC_GROUPS,
    test = True,
    toolchains = [LOWERING_TYPE],
)

def cortex_m_accuracy_test(
        name,
        model,
        core,
        minimum_accuracy,
        isa = None,
        board = None,
        stack_bytes = 2048,
        **kwargs):
    """Runs a model's labelled vectors on the emulated core; fails below a stated accuracy.

    The answer to a vector is the largest element of the first output (the first one among
    equals, in memory order); it is right if its index is the label. Further outputs do not count.
    The test shows the accuracy on the device, of PyTorch int8 and of PyTorch float, and which
    classes are taken for which. The vectors stay on the host, so a data set may be larger than
    the device's flash. Output group `accuracy`: int8 against float, layer by layer.

    For another data set, make another cortex_m_model of the same weights and calibration.

    Example:
      ```starlark
      cortex_m_accuracy_test(
          name = "digits_accuracy_test",
          core = "cortex-m4",
          minimum_accuracy = 0.97,
          model = ":digits",
      )
      ```

    Args:
      name: target name.
      model: label of a cortex_m_model whose `vectors` hold `labels`.
      core: core to run on, e.g. `cortex-m55`.
      minimum_accuracy: share of right answers, from 0 to 1, that the core has to reach; to six
        decimals.
      isa: ISA; default: the core's.
      board: label of a cortex_m_board; default: the core's.
      stack_bytes: bytes reserved for the stack.
      **kwargs: common test attributes (size, tags, timeout ...).
    """
    firmware = model_firmware(
        name,
        source = Label("//plan/device:accuracy_test.c"),
        model = model,
        core = core,
        isa = isa,
        board = board,
        stack_bytes = stack_bytes,
    )
    if type(minimum_accuracy) in ["float", "int"]:
        minimum_accuracy = "%f" % minimum_accuracy
    _cortex_m_accuracy_test(
        name = name,
        firmware = firmware,
        minimum_accuracy = minimum_accuracy,
        model_name = str(model),
        **kwargs
    )
