# SPDX-License-Identifier: Apache-2.0
"""Usages beside their budgets, as text."""

from collections.abc import Mapping, Sequence

from cortex_m_budget.usage import Usage

_INDENT = 26


def excess(usage: Usage, budget: int) -> int:
    """Bytes above the budget; 0 if there are none."""
    return max(usage.bytes - budget, 0)


def holds(usage: Usage, budget: int) -> bool:
    """Whether the budget is kept, as far as anybody can tell."""
    return not excess(usage, budget) and not usage.unknown


def as_text(
    label: str,
    usages: Mapping[str, Usage],
    budgets: Mapping[str, int],
    notes: Sequence[str] = (),
) -> str:
    """The summary, and below it what each kind with a budget consists of.

    Args:
        label: what to call the image.
        usages: by kind.
        budgets: bytes by kind.
        notes: lines for the end, where a budget is broken.
    """
    broken = [kind for kind in budgets if not holds(usages[kind], budgets[kind])]
    verdict = "keeps its budgets" if not broken else "is over its budget"
    if broken and not any(excess(usages[kind], budgets[kind]) for kind in broken):
        verdict = "cannot show that it keeps its budget"
    lines = [f"{label} {verdict}" if budgets else label, ""]
    lines.append(f"{'':<{_INDENT}}{'used':>10}{'budget':>10}{'over by':>10}")
    for kind, usage in usages.items():
        line = f"{kind:<{_INDENT}}{usage.bytes:>10}"
        if kind in budgets:
            over = excess(usage, budgets[kind])
            line += f"{budgets[kind]:>10}{over or '-':>10}"
        lines.append(line)
    for kind in broken or usages:
        lines += ["", f"{kind}: {usages[kind].bytes} bytes"]
        lines += [f"  {row.bytes:>10}  {row.what}" for row in usages[kind].rows]
        lines += [f"  not known: {text}" for text in usages[kind].unknown]
    if broken and notes:
        lines += ["", *notes]
    return "\n".join(lines) + "\n"
