# SPDX-License-Identifier: Apache-2.0
"""cortex_m_size_test: budgets of an image as a test."""

load(":budgets.bzl", "BUDGET_ATTRS", "budget_text", "budgets_of", "check_budgets")
load(":firmware_info.bzl", "CortexMFirmwareInfo")
load(":python_tool.bzl", "LOWERING_TYPE", "WORKER_ATTRS")

# The action has measured the image: the test shows its table and repeats its verdict.
_SCRIPT = """\
#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
set -eu
cat '{table}'
exit "$(cat '{status}')"
"""

def _size_test_impl(ctx):
    firmware = ctx.attr.firmware[CortexMFirmwareInfo]
    budgets = budgets_of(ctx, stack_bytes = firmware.stack_bytes)
    if not budgets:
        fail("{}: give it a flash_budget, ram_budget, arena_budget or stack_budget".format(ctx.label))
    status = ctx.actions.declare_file(ctx.label.name + ".status")
    table = check_budgets(
        ctx,
        label = ctx.attr.firmware.label,
        budgets = budgets,
        elf = firmware.elf,
        linkmap = firmware.linkmap,
        libraries = firmware.libraries,
        stack = firmware.stack,
        status = status,
    )
    script = ctx.actions.declare_file(ctx.label.name)
    ctx.actions.write(
        script,
        _SCRIPT.format(status = status.short_path, table = table.short_path),
        is_executable = True,
    )
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles([status, table]))]

_cortex_m_size_test = rule(
    implementation = _size_test_impl,
    attrs = BUDGET_ATTRS | WORKER_ATTRS | {
        "firmware": attr.label(mandatory = True, providers = [CortexMFirmwareInfo]),
    },
    test = True,
    toolchains = [LOWERING_TYPE],
)

def cortex_m_size_test(
        name,
        firmware,
        flash_budget = None,
        ram_budget = None,
        arena_budget = None,
        stack_budget = None,
        **kwargs):
    """Fails if a firmware takes more memory than it may, and shows what takes what.

    The same check as the budgets of cortex_m_firmware, which fail the build, for those who build
    with `--norun_validations` or want to see it among the tests.

    Example:
      ```starlark
      cortex_m_size_test(
          name = "m55_app_size_test",
          firmware = ":m55_app",
          flash_budget = "96K",
          ram_budget = "24K",
      )
      ```

    Args:
      name: target name.
      firmware: label of a cortex_m_firmware.
      flash_budget: bytes, see cortex_m_firmware.
      ram_budget: bytes, see cortex_m_firmware.
      arena_budget: bytes, see cortex_m_firmware.
      stack_budget: bytes, see cortex_m_firmware.
      **kwargs: common test attributes (size, tags, timeout ...).
    """
    _cortex_m_size_test(
        name = name,
        firmware = firmware,
        flash_budget = budget_text(flash_budget),
        ram_budget = budget_text(ram_budget),
        arena_budget = budget_text(arena_budget),
        stack_budget = budget_text(stack_budget),
        **kwargs
    )
