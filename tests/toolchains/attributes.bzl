# SPDX-License-Identifier: Apache-2.0
"""What the machine's compiler really makes on a variant."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "CC_TOOLCHAIN_TYPE", "use_cc_toolchain")
load("//toolchains/gcc:tools.bzl", "IMAGE_TOOLS", "image_tool")
load(":transition.bzl", "VARIANT_ATTRS", "variant_transition")

def _object_attributes_impl(ctx):
    readelf = image_tool(ctx, "readelf")
    output = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.run_shell(
        arguments = [readelf.path, output.path] + [file.path for file in ctx.files.library],
        command = 'readelf=$1; output=$2; shift 2; "$readelf" -A "$@" > "$output"',
        inputs = ctx.files.library,
        mnemonic = "ReadElfAttributes",
        outputs = [output],
        toolchain = CC_TOOLCHAIN_TYPE,
        tools = [readelf.files],
    )
    return [DefaultInfo(files = depset([output]))]

object_attributes = rule(
    implementation = _object_attributes_impl,
    attrs = dict(
        VARIANT_ATTRS,
        library = attr.label(doc = "A cc_library.", mandatory = True),
    ),
    cfg = variant_transition,
    doc = "Writes the build attributes of a library's objects on a variant.",
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)

def _on_variant_impl(ctx):
    return [DefaultInfo(files = depset(ctx.files.target))]

on_variant = rule(
    implementation = _on_variant_impl,
    attrs = dict(
        VARIANT_ATTRS,
        target = attr.label(doc = "Any target.", mandatory = True),
    ),
    cfg = variant_transition,
    doc = "The files of a target on a variant.",
)

def _image_tools_impl(ctx):
    output = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(output, "".join([image_tool(ctx, name).path + "\n" for name in IMAGE_TOOLS]))
    return [DefaultInfo(files = depset([output]))]

image_tools = rule(
    implementation = _image_tools_impl,
    attrs = VARIANT_ATTRS,
    cfg = variant_transition,
    doc = "Writes the paths of the tools that image_tool finds on a variant.",
    fragments = ["cpp"],
    toolchains = use_cc_toolchain(mandatory = True),
)
