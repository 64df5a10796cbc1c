# SPDX-License-Identifier: Apache-2.0
"""A test of what is, and what is not, in a file."""

_SCRIPT = """\
#!/bin/sh
fail=0
{checks}
exit $fail
"""

_PRESENT = """\
grep -a -q -F -e {text} {file} || {{ echo missing: {text}; fail=1; }}
"""

_ABSENT = """\
grep -a -n -E -e {text} {file} && {{ echo must not match: {text}; fail=1; }}
"""

def _quoted(text):
    return "'{}'".format(text.replace("'", "'\\''"))

def _text_test_impl(ctx):
    checks = [
        template.format(file = _quoted(file.short_path), text = _quoted(text))
        for file in ctx.files.files
        for template, texts in [(_PRESENT, ctx.attr.present), (_ABSENT, ctx.attr.absent)]
        for text in texts
    ]
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(checks = "".join(checks)), is_executable = True)
    return [DefaultInfo(executable = script, runfiles = ctx.runfiles(ctx.files.files))]

text_test = rule(
    implementation = _text_test_impl,
    attrs = {
        "absent": attr.string_list(doc = "Extended regular expressions that no line may match."),
        "files": attr.label_list(allow_files = True, doc = "The files.", mandatory = True),
        "present": attr.string_list(doc = "Texts that must be in each of the files."),
    },
    doc = "Tests that texts are, or are not, in files.",
    test = True,
)
