# SPDX-License-Identifier: Apache-2.0
"""Names that become C symbols."""

def _is_identifier(text):
    return not text[0].isdigit() and text.replace("_", "a").isalnum()

def check_symbol(ctx, attribute, text):
    """Fails if the value of an attribute cannot be a part of C symbols.

    Args:
      ctx: rule context.
      attribute: string, the attribute's name.
      text: string, its value; empty: nothing to check.
    """
    if text and not _is_identifier(text):
        fail("{}: {} = {}: it becomes a part of C symbols: use letters, digits and _".format(
            ctx.label,
            attribute,
            repr(text),
        ))

def c_name(ctx):
    """The prefix of the C symbols a target makes; fails if C would not take it.

    Args:
      ctx: context of a rule with the attribute `c_name`.

    Returns:
      string: `c_name`, by default the target's name.
    """
    check_symbol(ctx, "c_name", ctx.attr.c_name)
    if not ctx.attr.c_name and not _is_identifier(ctx.label.name):
        fail("{}: C symbols cannot be named after it: give it c_name = \"...\", of letters, digits and _".format(ctx.label))
    return ctx.attr.c_name or ctx.label.name
