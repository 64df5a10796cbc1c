# SPDX-License-Identifier: Apache-2.0
"""Budgets of an image: what they are, and the actions that hold the image against them."""

load("@rules_python//python:defs.bzl", "PyInfo")
load(":memory.bzl", "parse_size")
load(":python_tool.bzl", "NO_PACKAGES", "TOOL_PACKAGES", "run_module")
load(":runfiles.bzl", "readable_label")

_KINDS = ["flash", "ram", "arena", "stack"]

# What budgets_of(), check_budgets() and check_fit() need of a rule.
BUDGET_ATTRS = {
    kind + "_budget": attr.string()
    for kind in _KINDS
} | {
    "_budget": attr.label(
        default = Label("//tools/budget:cortex_m_budget"),
        providers = [PyInfo],
        cfg = "exec",
    ),
}

def budget_text(value):
    """What a macro is given as a budget, as the rules want it.

    Args:
      value: int, string such as `64K`, or None.

    Returns:
      string, empty for None.
    """
    if value == None:
        return ""
    return str(value) if type(value) == "int" else value

def budgets_of(ctx, stack_bytes):
    """The budgets of a target; fails for those that mean nothing or that nothing can keep.

    Args:
      ctx: context of a rule with BUDGET_ATTRS.
      stack_bytes: bytes reserved for the stack; None if they are not known here.

    Returns:
      dict of `flash`, `ram`, `arena`, `stack` to bytes; what has no budget is missing.
    """
    budgets = {}
    for kind in _KINDS:
        text = getattr(ctx.attr, kind + "_budget")
        if not text:
            continue
        where = "{}: {}_budget = {}".format(ctx.label, kind, repr(text))
        size = parse_size(text)
        if size == None:
            fail(where + ": write bytes, e.g. \"64K\" or 65536")
        if size == 0 and kind != "arena":
            fail(where + ": no image keeps that")
        if stack_bytes != None and kind == "ram" and size <= stack_bytes:
            fail("{}: the stack alone takes {} bytes (stack_bytes)".format(where, stack_bytes))
        if stack_bytes != None and kind == "stack" and size > stack_bytes:
            fail("{}: only {} bytes are reserved for the stack; give stack_bytes as many".format(where, stack_bytes))
        budgets[kind] = size
    return budgets

def _add_plans(args, libraries):
    for library in libraries:
        args.add("--plan", library.plan)
        args.add("--shared=" + library.arena)

def check_budgets(ctx, label, budgets, elf, linkmap, libraries, stack, status = None):
    """Declares the action that measures an image and fails if it takes more than it may.

    Args:
      ctx: context of a rule with BUDGET_ATTRS and LOWERING_TYPE.
      label: Label of the image, for the text.
      budgets: dict, see budgets_of().
      elf: File, the image.
      linkmap: File, its map.
      libraries: list of CortexMLibraryInfo.
      stack: File, NAME.stack.json; read if there is a budget of the stack.
      status: File to write the exit status to instead of failing; or None.

    Returns:
      File: the table, text.
    """
    output = ctx.actions.declare_file(ctx.label.name + ".budget.txt")
    plans = [library.plan for library in libraries]
    inputs = [elf, linkmap] + plans
    args = ctx.actions.args()
    args.add("--image", readable_label(label))
    args.add("--elf", elf)
    args.add("--map", linkmap)
    _add_plans(args, libraries)
    for kind in ["flash", "ram", "arena"]:
        if kind in budgets:
            args.add("--" + kind, str(budgets[kind]))
    if "stack" in budgets:
        args.add("--stack", stack)
        args.add("--stack-budget", str(budgets["stack"]))
        inputs.append(stack)
    args.add("--out", output)
    if status:
        args.add("--status", status)
    run_module(
        ctx,
        module = "cortex_m_budget.check",
        libraries = [ctx.attr._budget],
        arguments = args,
        inputs = inputs,
        outputs = [output] + ([status] if status else []),
        mnemonic = "CortexMBudget",
        packages = TOOL_PACKAGES,
        progress_message = "Comparing {} with its budgets".format(readable_label(label)),
    )
    return output

def check_fit(ctx, board, stack_bytes, libraries):
    """Declares the action that tells what does not fit the board; the link waits for it.

    Args:
      ctx: context of a rule with BUDGET_ATTRS and LOWERING_TYPE.
      board: CortexMBoardInfo.
      stack_bytes: bytes reserved for the stack.
      libraries: list of CortexMLibraryInfo.

    Returns:
      File: a text, input of the link.
    """
    output = ctx.actions.declare_file(ctx.label.name + ".fit.txt")
    args = ctx.actions.args()
    args.add("--image", readable_label(ctx.label))
    args.add("--board", board.name)
    for name, region in board.memory.items():
        args.add("--region", "{}:{}:{}".format(name, region.origin, region.length))
    args.add("--arena-region", board.arena_region)
    args.add("--stack-bytes", str(stack_bytes))
    _add_plans(args, libraries)
    args.add("--out", output)
    run_module(
        ctx,
        module = "cortex_m_budget.fit",
        libraries = [ctx.attr._budget],
        arguments = args,
        inputs = [library.plan for library in libraries],
        outputs = [output],
        mnemonic = "CortexMFit",
        worker = True,
        packages = NO_PACKAGES,
        progress_message = "Fitting %{label} into its board",
    )
    return output
