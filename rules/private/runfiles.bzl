# SPDX-License-Identifier: Apache-2.0
"""Where a file lies below the runfiles folder, and how a label reads."""

def runfiles_path(ctx, file):
    """Path of a file, relative to the runfiles folder.

    Args:
      ctx: rule context.
      file: File.

    Returns:
      string that starts with the repository's name.
    """
    if file.short_path.startswith("../"):
        return file.short_path[len("../"):]
    return ctx.workspace_name + "/" + file.short_path

def readable_label(label):
    """A label as people write it: without the `@@` of the main repository.

    Args:
      label: Label, or its canonical text.

    Returns:
      string.
    """
    text = str(label)
    return text[len("@@"):] if text.startswith("@@//") else text.removeprefix("@//")
