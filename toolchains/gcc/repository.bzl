# SPDX-License-Identifier: Apache-2.0
"""Finds the machine's arm-none-eabi-gcc.

The repository holds links to the programs, so that actions name them by a path that is the same everywhere and have
their content in their keys, and a file with what was found out about the compiler. Without a compiler the repository
is made all the same; only what compiles for a core fails, with a line that says what to install.
"""

load("//toolchains:host.bzl", "find_program", "host_constraints", "placeholder", "watch")

_PREFIX = "arm-none-eabi-"

_TOOLS = ["ar", "gcc", "nm", "objcopy", "objdump", "readelf", "size", "strip"]

_INSTALL = "apt-get install gcc-arm-none-eabi picolibc-arm-none-eabi"

_BUILD = """\
# SPDX-License-Identifier: Apache-2.0

package(default_visibility = ["//visibility:public"])

exports_files(glob(["bin/*"]))

filegroup(
    name = "files",
    srcs = glob({files}),
)
"""

_GCC_BZL = """\
# SPDX-License-Identifier: Apache-2.0
\"\"\"What was found out about the machine's arm-none-eabi-gcc: arguments of cortex_m_gcc_toolchains.\"\"\"

_TOOLS = {tools}

GCC = dict(
    compiler_files = Label("//:files"),
    tools = {{name: Label("//:bin/" + program) for name, program in _TOOLS.items()}},
{facts})
"""

def find_compiler(rctx):
    """Looks for the compiler.

    Args:
      rctx: the repository rule's context; the rule has an attribute `root`.

    Returns:
      Its path, or None; and what to say if there is none.
    """
    root = rctx.attr.root or rctx.getenv("ARM_NONE_EABI_ROOT")
    if root:
        gcc = rctx.path(root).get_child("bin").get_child(_PREFIX + "gcc")
        watch(rctx, gcc)
        if gcc.exists:
            return gcc, None
        return None, "{} does not exist: set ARM_NONE_EABI_ROOT to the folder above the compiler's bin".format(gcc)
    gcc = find_program(rctx, _PREFIX + "gcc")
    if gcc:
        return gcc, None
    return None, "no arm-none-eabi-gcc on PATH; install it: {} (or set ARM_NONE_EABI_ROOT)".format(_INSTALL)

def _run(rctx, gcc, *arguments):
    result = rctx.execute([gcc] + list(arguments), environment = {"LC_ALL": "C"})
    return result.stdout.strip() if result.return_code == 0 else ""

def _finds(rctx, gcc, file):
    # GCC prints the bare name back if it has no such file.
    return "/" in _run(rctx, gcc, "-print-file-name=" + file)

def _libc(rctx, gcc):
    """The C library to use: its name and the --specs it needs."""
    for libc, specs in [("picolibc", "picolibc.specs"), ("newlib-nano", "nano.specs")]:
        if _finds(rctx, gcc, specs):
            return libc, [specs]
    if _finds(rctx, gcc, "libc.a"):
        return "unknown", []
    return None, []

def _include_directories(rctx, gcc, specs):
    """The folders that the compiler itself searches for headers, spelled as it spells them."""
    flags = ["--specs=" + name for name in specs]
    flags += ["-mcpu=cortex-m3", "-mthumb", "-E", "-v", "/dev/null", "-o", "/dev/null"]
    result = []
    for language in ["c", "c++"]:
        stderr = rctx.execute([gcc, "-x", language] + flags, environment = {"LC_ALL": "C"}).stderr
        _, _, listed = stderr.partition("#include <...> search starts here:")
        listed, _, _ = listed.partition("End of search list.")
        result += [line.strip() for line in listed.splitlines() if line.strip()]
    return {folder: None for folder in result}.keys()

def _outermost(folders):
    """The folders that lie in no other one: C++ has one for each multilib inside its own."""
    return [
        folder
        for folder in folders
        if not [other for other in folders if folder.startswith(other + "/")]
    ]

def _prefix_maps(rctx, gcc, include_directories):
    """What debug information shall have instead of the folders of the compiler."""
    library = str(rctx.path(_run(rctx, gcc, "-print-libgcc-file-name")).dirname)
    result = {library: "gcc"}
    for folder in include_directories:
        if not folder.startswith(library + "/"):
            # All of them are recorded alike: names do not clash, as GCC itself searches them in turn.
            result[folder] = "gcc/include"
    return result

def _exec_prefix(rctx, gcc):
    """The folder that GCC finds its own files in, whatever folder the driver is started from."""
    path = _run(rctx, gcc, "-print-libgcc-file-name")
    target = _run(rctx, gcc, "-dumpmachine")

    # "/usr/lib/gcc/arm-none-eabi/15/libgcc.a"
    folder = str(rctx.path(path).dirname.dirname) if path.startswith("/") else ""
    return folder.removesuffix(target) if folder.endswith("/" + target) else ""

def compiler_facts(rctx, gcc):
    """What is true of a compiler wherever it lies.

    Args:
      rctx: the repository rule's context.
      gcc: its path.

    Returns:
      A dict of arguments of cortex_m_gcc_toolchains; of `problem` alone if nothing can be compiled with it.
    """
    libc, specs = _libc(rctx, gcc)
    if not libc:
        return {"problem": "arm-none-eabi-gcc at {} has no C library; install one: {}".format(gcc, _INSTALL)}
    return {
        "exec_compatible_with": host_constraints(rctx),
        "gcc_version": _run(rctx, gcc, "-dumpfullversion"),
        "libc": libc,
        "libraries": (["-lstdc++"] if _finds(rctx, gcc, "libstdc++.a") else []) + ["-lm"],
        "specs": specs,
    }

def _place_facts(rctx, gcc, specs):
    """What else is to be said of a compiler that stays where it is."""
    include_directories = _include_directories(rctx, gcc, specs)
    return {
        "canonical_prefixes": True,
        "exec_prefix": _exec_prefix(rctx, gcc),
        "include_directories": _outermost([str(rctx.path(folder)) for folder in include_directories]),
        "prefix_maps": _prefix_maps(rctx, gcc, include_directories),
    }

def write_compiler(rctx, facts, folders):
    """Writes what makes a repository with bin/ one of a compiler.

    Args:
      rctx: the repository rule's context.
      facts: a dict of arguments of cortex_m_gcc_toolchains.
      folders: what holds the compiler's files.
    """
    rctx.file("BUILD.bazel", _BUILD.format(files = repr([folder + "/**" for folder in folders])))
    rctx.file("gcc.bzl", _GCC_BZL.format(
        facts = "".join(["    {} = {},\n".format(name, repr(facts[name])) for name in sorted(facts)]),
        tools = repr({name: _PREFIX + name for name in _TOOLS}),
    ))

def _gcc_arm_none_eabi_impl(rctx):
    gcc, problem = find_compiler(rctx)
    facts = compiler_facts(rctx, gcc) if gcc else {"problem": problem}
    if "problem" not in facts:
        facts.update(_place_facts(rctx, gcc, facts["specs"]))
    for name in _TOOLS:
        program = gcc.dirname.get_child(_PREFIX + name) if gcc else None
        link = "bin/" + _PREFIX + name
        if program and program.exists:
            rctx.symlink(program, link)
        else:
            rctx.file(link, placeholder(problem or "{} does not exist".format(program)))
    write_compiler(rctx, facts, folders = ["bin"])

gcc_arm_none_eabi = repository_rule(
    implementation = _gcc_arm_none_eabi_impl,
    attrs = {
        "root": attr.string(
            doc = "The folder above the compiler's bin; what ARM_NONE_EABI_ROOT, or else PATH, names if empty.",
        ),
    },
    configure = True,
    doc = "Finds the machine's arm-none-eabi-gcc: in `root`, in ARM_NONE_EABI_ROOT, or on PATH.",
    local = True,
)
