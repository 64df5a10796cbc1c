# SPDX-License-Identifier: Apache-2.0
"""No silent float: the validation action that reads a lowering's report."""

load(":python_tool.bzl", "NO_PACKAGES", "run_module")

def float_gate(ctx, name, label, report, allow_float, tool, **kwargs):
    """Declares the action that refuses float compute nobody accepted.

    Its output belongs into the `_validation` output group: then it runs whenever a target that
    depends on the model is built, beside the actions that need the model.

    Args:
      ctx: rule context.
      name: stem of the output's name.
      label: Label of the model, for the text.
      report: File, the lowering's report.
      allow_float: list of string, operators and modules that may compute in float.
      tool: target with PyInfo that holds cortex_m_lowering.
      **kwargs: more arguments of run_module (toolchain, exec_group).

    Returns:
      File: a text that lists what computes in float, where and why.
    """
    shown = str(label)
    if shown.startswith("@@//"):
        shown = shown.removeprefix("@@")
    output = ctx.actions.declare_file(name + ".float.txt")
    args = ctx.actions.args()
    args.add("--label", shown)
    args.add("--report", report)
    args.add_all(allow_float, before_each = "--allow")
    args.add("--out", output)
    run_module(
        ctx,
        module = "cortex_m_lowering.float_gate",
        libraries = [tool],
        arguments = args,
        inputs = [report],
        outputs = [output],
        mnemonic = "CortexMFloatGate",
        progress_message = "Looking for silent float in {}".format(shown),
        packages = NO_PACKAGES,
        **kwargs
    )
    return output
