# SPDX-License-Identifier: Apache-2.0
"""How Bazel's build variables become GCC's arguments.

All of it is spelled out (`no_legacy_features`) so that command lines are the same under every Bazel release: what
Bazel or rules_cc would add by themselves differs between them.
"""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "env_entry",
    "env_set",
    "feature",
    "flag_group",
    "flag_set",
    "variable_with_value",
    "with_feature_set",
)
load(
    ":flags.bzl",
    "COMPILE_FLAGS",
    "CXX_FLAGS",
    "C_FLAGS",
    "DBG_FLAGS",
    "FASTBUILD_FLAGS",
    "LINK_FLAGS",
    "OPT_FLAGS",
    "PREFIX_MAP_FLAG",
    "REPRODUCIBLE_FLAGS",
)

C_ACTIONS = [ACTION_NAMES.c_compile]

CXX_ACTIONS = [
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.linkstamp_compile,
]

ASSEMBLE_ACTIONS = [ACTION_NAMES.preprocess_assemble]

COMPILE_ACTIONS = C_ACTIONS + CXX_ACTIONS + ASSEMBLE_ACTIONS

# A .s file is not preprocessed, but the driver takes the same arguments for it.
ALL_COMPILE_ACTIONS = COMPILE_ACTIONS + [ACTION_NAMES.assemble]

LINK_ACTIONS = [ACTION_NAMES.cpp_link_executable]

ARCHIVE_ACTIONS = [ACTION_NAMES.cpp_link_static_library]

_MODES = [
    ("fastbuild", FASTBUILD_FLAGS),
    ("opt", OPT_FLAGS),
    ("dbg", DBG_FLAGS),
]

def flags_feature(name, compile = [], link = [], c = [], cxx = []):
    """A feature, on by default, that adds fixed flags.

    Args:
      name: the feature's name.
      compile: flags for everything that is compiled or assembled.
      link: flags for linking an executable.
      c: flags for C.
      cxx: flags for C++.
    """
    return feature(
        name = name,
        enabled = True,
        flag_sets = [
            flag_set(actions = actions, flag_groups = [flag_group(flags = flags)])
            for actions, flags in [
                (ALL_COMPILE_ACTIONS, compile),
                (C_ACTIONS, c),
                (CXX_ACTIONS, cxx),
                (LINK_ACTIONS, link),
            ]
            if flags
        ],
    )

def _variable_feature(name, actions, *flag_groups):
    return feature(
        name = name,
        enabled = True,
        flag_sets = [flag_set(actions = actions, flag_groups = list(flag_groups))],
    )

def _if_available(variable, flags):
    return flag_group(flags = flags, expand_if_available = variable)

def _for_each(variable, flags):
    return flag_group(flags = flags, iterate_over = variable, expand_if_available = variable)

def exec_prefix_feature(folder):
    """Tells GCC where its own files are.

    A driver that was copied to another machine looks for them beside itself, and for its specs nowhere else.

    Args:
      folder: absolute, with a slash at the end: `/usr/lib/gcc/`.
    """
    return feature(
        name = "exec_prefix",
        enabled = True,
        env_sets = [env_set(
            actions = ALL_COMPILE_ACTIONS + LINK_ACTIONS + ARCHIVE_ACTIONS,
            env_entries = [env_entry("GCC_EXEC_PREFIX", folder)],
        )],
    )

def firmware_features():
    """Flags every variant shares; `opt`, `dbg` and `fastbuild` follow --compilation_mode."""
    return [
        feature(name = "opt"),
        feature(name = "dbg"),
        feature(name = "fastbuild"),
        flags_feature(
            "firmware_flags",
            c = C_FLAGS,
            compile = COMPILE_FLAGS,
            cxx = CXX_FLAGS,
            link = LINK_FLAGS,
        ),
        feature(
            name = "compilation_mode_flags",
            enabled = True,
            flag_sets = [
                flag_set(
                    actions = ALL_COMPILE_ACTIONS,
                    flag_groups = [flag_group(flags = flags)],
                    with_features = [with_feature_set(features = [mode])],
                )
                for mode, flags in _MODES
            ] + [
                # Under `lto` the linker is where code is generated.
                flag_set(
                    actions = LINK_ACTIONS,
                    flag_groups = [flag_group(flags = COMPILE_FLAGS + flags)],
                    with_features = [with_feature_set(features = ["lto", mode])],
                )
                for mode, flags in _MODES
            ],
        ),
        # Off by default: what it gains depends on the model. `features = ["lto"]` on every library and the firmware,
        # or --features=lto. Objects are fat because then `ar` needs no plugin to index them. One partition and a fixed
        # seed: the same bytes on every machine.
        feature(
            name = "lto",
            flag_sets = [
                flag_set(
                    actions = ALL_COMPILE_ACTIONS,
                    flag_groups = [flag_group(flags = ["-flto", "-ffat-lto-objects"])],
                ),
                flag_set(
                    actions = LINK_ACTIONS,
                    flag_groups = [
                        flag_group(flags = ["-flto", "-flto-partition=one"] + [PREFIX_MAP_FLAG]),
                        _if_available("output_execpath", ["-frandom-seed=%{output_execpath}"]),
                    ],
                ),
            ],
        ),
    ]

def reproducible_features(prefix_maps):
    """Flags that keep what differs between machines out of the output.

    Args:
      prefix_maps: a dict of folders of the compiler, absolute, to what is recorded in their place.
    """
    return [
        flags_feature(
            "reproducible",
            compile = [PREFIX_MAP_FLAG] + REPRODUCIBLE_FLAGS + [
                "-ffile-prefix-map={}={}".format(folder, name)
                for folder, name in prefix_maps.items()
            ],
        ),
        # GCC names some local symbols at random, else.
        _variable_feature(
            "random_seed",
            ALL_COMPILE_ACTIONS,
            _if_available("output_file", ["-frandom-seed=%{output_file}"]),
        ),
    ]

def compile_features():
    """Defines, include folders, the user's flags, the source and the object."""
    return [
        _variable_feature(
            "preprocessor_defines",
            COMPILE_ACTIONS,
            _for_each("preprocessor_defines", ["-D%{preprocessor_defines}"]),
        ),
        _variable_feature(
            "include_paths",
            COMPILE_ACTIONS,
            _for_each("quote_include_paths", ["-iquote", "%{quote_include_paths}"]),
            _for_each("include_paths", ["-I%{include_paths}"]),
            _for_each("system_include_paths", ["-isystem", "%{system_include_paths}"]),
            _for_each("external_include_paths", ["-isystem", "%{external_include_paths}"]),
        ),
        _variable_feature("includes", COMPILE_ACTIONS, _for_each("includes", ["-include", "%{includes}"])),
        _variable_feature(
            "dependency_file",
            COMPILE_ACTIONS,
            _if_available("dependency_file", ["-MD", "-MF", "%{dependency_file}"]),
        ),
        # After all of the toolchain's flags, so that the user has the last word.
        _variable_feature(
            "user_compile_flags",
            ALL_COMPILE_ACTIONS,
            _for_each("user_compile_flags", ["%{user_compile_flags}"]),
        ),
        _variable_feature(
            "unfiltered_compile_flags",
            ALL_COMPILE_ACTIONS,
            _for_each("unfiltered_compile_flags", ["%{unfiltered_compile_flags}"]),
        ),
        _variable_feature(
            "compiler_input_flags",
            ALL_COMPILE_ACTIONS,
            _if_available("source_file", ["-c", "%{source_file}"]),
        ),
        _variable_feature(
            "compiler_output_flags",
            ALL_COMPILE_ACTIONS,
            # For --save_temps.
            _if_available("output_assembly_file", ["-S"]),
            _if_available("output_preprocess_file", ["-E"]),
            _if_available("output_file", ["-o", "%{output_file}"]),
        ),
    ]

def _libraries_to_link():
    def of_type(type, flags, **kwargs):
        return flag_group(
            expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = type),
            flags = flags,
            **kwargs
        )

    return flag_group(
        expand_if_available = "libraries_to_link",
        flag_groups = [
            flag_group(
                expand_if_true = "libraries_to_link.is_whole_archive",
                flags = ["-Wl,--whole-archive"],
            ),
            flag_group(
                expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = "object_file_group"),
                flags = ["%{libraries_to_link.object_files}"],
                iterate_over = "libraries_to_link.object_files",
            ),
            of_type("object_file", ["%{libraries_to_link.name}"]),
            of_type("static_library", ["%{libraries_to_link.name}"]),
            flag_group(
                expand_if_true = "libraries_to_link.is_whole_archive",
                flags = ["-Wl,--no-whole-archive"],
            ),
        ],
        iterate_over = "libraries_to_link",
    )

def link_features(libraries):
    """Objects, libraries, the user's flags and the executable.

    Args:
      libraries: linked after everything else, for example `-lm`.
    """
    return [
        _variable_feature(
            "linkstamps",
            LINK_ACTIONS,
            _for_each("linkstamp_paths", ["%{linkstamp_paths}"]),
        ),
        _variable_feature(
            "output_execpath_flags",
            LINK_ACTIONS,
            _if_available("output_execpath", ["-o", "%{output_execpath}"]),
        ),
        _variable_feature(
            "library_search_directories",
            LINK_ACTIONS,
            _for_each("library_search_directories", ["-L%{library_search_directories}"]),
        ),
        _variable_feature("libraries_to_link", LINK_ACTIONS, _libraries_to_link()),
        _variable_feature(
            "user_link_flags",
            LINK_ACTIONS,
            _for_each("user_link_flags", ["%{user_link_flags}"]),
        ),
        flags_feature("default_libraries", link = libraries),
        _variable_feature(
            "linker_param_file",
            LINK_ACTIONS + ARCHIVE_ACTIONS,
            _if_available("linker_param_file", ["@%{linker_param_file}"]),
        ),
        feature(name = "gcc_quoting_for_param_files", enabled = True),
    ]

def archive_features():
    """`ar` with D: no times, owners or modes in the archive."""
    return [
        feature(
            name = "archiver_flags",
            enabled = True,
            flag_sets = [flag_set(
                actions = ARCHIVE_ACTIONS,
                flag_groups = [
                    flag_group(flags = ["rcsD"]),
                    _if_available("output_execpath", ["%{output_execpath}"]),
                    flag_group(
                        expand_if_available = "libraries_to_link",
                        flag_groups = [
                            flag_group(
                                expand_if_equal = variable_with_value(
                                    name = "libraries_to_link.type",
                                    value = "object_file",
                                ),
                                flags = ["%{libraries_to_link.name}"],
                            ),
                            flag_group(
                                expand_if_equal = variable_with_value(
                                    name = "libraries_to_link.type",
                                    value = "object_file_group",
                                ),
                                flags = ["%{libraries_to_link.object_files}"],
                                iterate_over = "libraries_to_link.object_files",
                            ),
                        ],
                        iterate_over = "libraries_to_link",
                    ),
                ],
            )],
        ),
    ]

def strip_features():
    """For the `.stripped` output of cc_binary."""
    return [
        feature(
            name = "strip_flags",
            enabled = True,
            flag_sets = [flag_set(
                actions = [ACTION_NAMES.strip],
                flag_groups = [
                    flag_group(flags = ["-S", "-p", "-o", "%{output_file}"]),
                    _for_each("stripopts", ["%{stripopts}"]),
                    flag_group(flags = ["%{input_file}"]),
                ],
            )],
        ),
    ]
