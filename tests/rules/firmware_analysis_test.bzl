# SPDX-License-Identifier: Apache-2.0
"""What cortex_m_firmware refuses, offers and shares, known at analysis."""

load("@bazel_skylib//lib:unittest.bzl", "analysistest", "asserts")
load("//rules:providers.bzl", "CortexMFirmwareInfo")

def _refusal_impl(ctx):
    env = analysistest.begin(ctx)
    for message in ctx.attr.messages:
        asserts.expect_failure(env, message)
    return analysistest.end(env)

# The target under test fails, and its message holds each of `messages`.
refusal_test = analysistest.make(
    _refusal_impl,
    expect_failure = True,
    attrs = {"messages": attr.string_list(mandatory = True)},
)

def _variant_impl(ctx):
    env = analysistest.begin(ctx)
    info = analysistest.target_under_test(env)[CortexMFirmwareInfo]
    asserts.equals(env, ctx.attr.core, info.core)
    asserts.equals(env, ctx.attr.isa, info.isa)
    asserts.equals(env, ctx.attr.board, info.board.name)
    for library in info.libraries:
        asserts.equals(env, ctx.attr.isa, library.model.isa)
    return analysistest.end(env)

# The target under test is for this core, ISA and board, and so are its models.
variant_test = analysistest.make(
    _variant_impl,
    attrs = {
        "board": attr.string(mandatory = True),
        "core": attr.string(mandatory = True),
        "isa": attr.string(mandatory = True),
    },
)

def _outputs_impl(ctx):
    env = analysistest.begin(ctx)
    target = analysistest.target_under_test(env)
    name = target.label.name
    groups = target[OutputGroupInfo]
    expected = {
        "bin": [name + ".bin"],
        "elf": [name + ".elf"],
        "hex": [name + ".hex"],
        "linkmap": [name + ".map"],
    }
    for group, files in expected.items():
        asserts.equals(env, files, [file.basename for file in getattr(groups, group).to_list()])
    for group in ["pte", "report", "vectors"]:
        asserts.true(env, getattr(groups, group).to_list(), "output group {} is empty".format(group))
    return analysistest.end(env)

# The target under test has every documented output group.
outputs_test = analysistest.make(_outputs_impl)

def _shared_lowering_impl(ctx):
    programs = {}
    for target in ctx.attr.firmwares:
        info = target[CortexMFirmwareInfo]
        for library in info.libraries:
            programs.setdefault(info.isa, {}).setdefault(library.model.program.path, []).append(info.core)
    problems = [
        "{}: lowered {} times: {}".format(isa, len(paths), paths)
        for isa, paths in programs.items()
        if len(paths) != 1
    ]
    if sorted(programs) != ["dsp", "mve", "scalar"]:
        problems.append("ISA classes seen: {}".format(sorted(programs)))
    script = ctx.actions.declare_file(ctx.label.name + ".sh")
    ctx.actions.write(
        script,
        "#!/bin/sh\ncat <<'EOF'\n{}\nEOF\nexit {}\n".format("\n".join(problems), 1 if problems else 0),
        is_executable = True,
    )
    return [DefaultInfo(executable = script)]

# All firmwares of one ISA class use the very same lowered program.
shared_lowering_test = rule(
    implementation = _shared_lowering_impl,
    attrs = {"firmwares": attr.label_list(providers = [CortexMFirmwareInfo])},
    test = True,
)
