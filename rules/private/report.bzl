# SPDX-License-Identifier: Apache-2.0
"""The actions that make the report of an image."""

load(":python_tool.bzl", "TOOL_PACKAGES", "run_module")
load(":runfiles.bzl", "readable_label")

def image_report(ctx, tool, core, isa, board, size, elf, linkmap, plans, stack = None):
    """Declares the actions that write an image's report.

    The page is made of the data by an action of its own: running an image needs the data alone.

    Args:
      ctx: rule context.
      tool: target with PyInfo that holds cortex_m_report.
      core: string, name of the core.
      isa: string, ISA of the kernels.
      board: CortexMBoardInfo.
      size: File, the size report, JSON.
      elf: File, the linked image.
      linkmap: File, the linker's map.
      plans: list of File, the models' plans, JSON.
      stack: File, what the stack needs at worst, JSON; None if that is not known.

    Returns:
      struct of File: `html` (the page), `json` (the same data), `text` (a summary).
    """
    report = struct(
        html = ctx.actions.declare_file(ctx.label.name + ".report.html"),
        json = ctx.actions.declare_file(ctx.label.name + ".report.json"),
        text = ctx.actions.declare_file(ctx.label.name + ".report.txt"),
    )
    args = ctx.actions.args()
    args.add("--image", readable_label(ctx.label))
    args.add("--core", core)
    args.add("--isa", isa)
    args.add("--board", board.name)
    args.add("--size", size)
    args.add("--elf", elf)
    args.add("--map", linkmap)
    args.add_all(plans, before_each = "--plan")
    if stack:
        args.add("--stack", stack)
    args.add("--json", report.json)
    args.add("--text", report.text)
    run_module(
        ctx,
        module = "cortex_m_report",
        libraries = [tool],
        arguments = args,
        inputs = [size, elf, linkmap] + plans + ([stack] if stack else []),
        outputs = [report.json, report.text],
        packages = TOOL_PACKAGES,
        mnemonic = "CortexMReport",
        worker = True,
        progress_message = "Writing the report of %{label}",
    )
    args = ctx.actions.args()
    args.add("--report", report.json)
    args.add("--html", report.html)
    run_module(
        ctx,
        module = "cortex_m_report",
        libraries = [tool],
        arguments = args,
        inputs = [report.json],
        outputs = [report.html],
        packages = TOOL_PACKAGES,
        mnemonic = "CortexMReportPage",
        worker = True,
        preload = "cortex_m_report.page",
        progress_message = "Writing the report's page of %{label}",
    )
    return report
