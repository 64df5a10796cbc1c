# SPDX-License-Identifier: Apache-2.0
"""The action that makes a lowering's comparison of float and int8 readable."""

load(":python_tool.bzl", "NO_PACKAGES", "run_module")

def layers_table(ctx, report, tool, **kwargs):
    """Declares the action that writes a report's `layers` as a table.

    Args:
      ctx: rule context.
      report: File, the lowering's report.
      tool: target with PyInfo that holds cortex_m_lowering.
      **kwargs: more arguments of run_module (toolchain, exec_group).

    Returns:
      File: the table.
    """
    output = ctx.actions.declare_file(report.basename.removesuffix(".json") + ".accuracy.txt")
    args = ctx.actions.args()
    args.add("--report", report)
    args.add("--out", output)
    run_module(
        ctx,
        module = "cortex_m_lowering.layers_table",
        libraries = [tool],
        arguments = args,
        inputs = [report],
        outputs = [output],
        mnemonic = "CortexMLayers",
        progress_message = "Comparing the layers of %{label}",
        packages = NO_PACKAGES,
        **kwargs
    )
    return output
