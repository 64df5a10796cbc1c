# SPDX-License-Identifier: Apache-2.0
"""Writes goldens anew."""

_SCRIPT = """\
#!/bin/sh
set -eu
cd "$0.runfiles/{workspace}"
{copies}
"""

_COPY = """\
cp -f '{actual}' "$BUILD_WORKSPACE_DIRECTORY/{golden}" && chmod 644 "$BUILD_WORKSPACE_DIRECTORY/{golden}"
"""

def _record_impl(ctx):
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(script, _SCRIPT.format(
        copies = "".join([
            _COPY.format(
                actual = target[DefaultInfo].files.to_list()[0].short_path,
                golden = "{}/{}".format(ctx.label.package, golden),
            )
            for target, golden in ctx.attr.goldens.items()
        ]),
        workspace = ctx.workspace_name,
    ), is_executable = True)
    return [DefaultInfo(
        executable = script,
        runfiles = ctx.runfiles([target[DefaultInfo].files.to_list()[0] for target in ctx.attr.goldens]),
    )]

record = rule(
    implementation = _record_impl,
    attrs = {
        "goldens": attr.label_keyed_string_dict(
            doc = "What to record, and where: paths from this package.",
            mandatory = True,
        ),
    },
    doc = "Copies files of the build into the source tree when run.",
    executable = True,
)
