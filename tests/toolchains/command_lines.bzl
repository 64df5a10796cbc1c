# SPDX-License-Identifier: Apache-2.0
"""The command lines that a C program is built with on a variant."""

load(":transition.bzl", "VARIANT_ATTRS", "variant_transition")

CommandLinesInfo = provider(
    doc = "What a program and its libraries are built with.",
    fields = {"commands": "list of (mnemonic, source or output, list of arguments)"},
)

_MNEMONICS = ["CppCompile", "CppArchive", "CppLink"]

def _subject(action):
    """What a command is about: the one source of a compile action, the output of others."""
    if action.mnemonic == "CppCompile":
        return [file.basename for file in action.inputs.to_list() if file.extension in ["c", "cc", "s", "S"]][0]
    return action.outputs.to_list()[0].basename

def _without_param_file(action, actions):
    """The arguments, with those that Bazel moved to a file put back."""
    written = {
        file.path: other.content
        for other in actions
        if other.content != None
        for file in other.outputs.to_list()
    }
    result = []
    for argument in action.argv:
        content = written.get(argument.removeprefix("@")) if argument.startswith("@") else None
        result += content.splitlines() if content != None else [argument]
    return result

def _command_lines_aspect_impl(target, ctx):
    commands = [
        (action.mnemonic, _subject(action), _without_param_file(action, target.actions))
        for action in target.actions
        if action.mnemonic in _MNEMONICS
    ]
    for dep in ctx.rule.attr.deps:
        if CommandLinesInfo in dep:
            commands = dep[CommandLinesInfo].commands + commands
    return [CommandLinesInfo(commands = commands)]

_command_lines_aspect = aspect(
    implementation = _command_lines_aspect_impl,
    attr_aspects = ["deps"],
)

def _stable(arguments, bin_dir):
    """The arguments without what the configuration, the repositories and their versions are called."""
    result = []
    for argument in arguments:
        argument = argument.replace(bin_dir, "bazel-out/bin")
        folder, _, program = argument.rpartition("/")
        if argument.removeprefix("bazel-out/bin/").startswith("external/") and result and result[-1] == "-iquote":
            # A folder of headers of rules_cc or Bazel itself, named as this Bazel release names repositories.
            result.pop()
        elif folder and program.startswith("arm-none-eabi-"):
            result.append(program)
        else:
            result.append(argument)
    return result

def _command_lines_impl(ctx):
    info = ctx.attr.program[0][CommandLinesInfo]
    bin_dir = ctx.attr.program[0][DefaultInfo].files_to_run.executable.root.path
    lines = []
    for mnemonic, subject, arguments in info.commands:
        lines.append("# {} {}".format(mnemonic, subject))
        lines += _stable(arguments, bin_dir)
        lines.append("")
    output = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(output, "\n".join(lines))
    return [DefaultInfo(files = depset([output])), info]

command_lines = rule(
    implementation = _command_lines_impl,
    attrs = dict(
        VARIANT_ATTRS,
        program = attr.label(
            aspects = [_command_lines_aspect],
            cfg = variant_transition,
            doc = "A cc_binary.",
            mandatory = True,
        ),
    ),
    doc = "Provides the command lines of a program on a variant, and writes them to a file, one argument a line.",
)
