# SPDX-License-Identifier: Apache-2.0
"""scale_table: builds a matrix of models and cores with nothing cached and prints what that costs."""

load("//rules:defs.bzl", "cortex_m_firmware", "cortex_m_library")
load("//toolchains:cores.bzl", "CORES")
load("//tools:python_program.bzl", "python_program")

# BuildGrid and what it needs.
_CLUSTER = "@cortex_m_python_cluster//:site-packages"

def scale_table(name, app, boards, models, factories):
    """The table of some networks on every core, and the images it builds, `<network>_<core>`.

    Args:
      name: target name.
      app: label of the images' C file; it calls `model_under_test`.
      boards: dict of core to the label of a board; others: the core's own.
      models: dict of network to the label of its model.
      factories: dict of network to its factory, `package.module:function`.
    """
    arguments = [
        "--cluster $(rootpath {})".format(_CLUSTER),
        "--script $(rootpath executorch_lowering.py)",
    ]
    for network, model in models.items():
        arguments.append("--factory {} {}".format(network, factories[network]))
        cortex_m_library(
            name = network,
            testonly = True,
            c_name = "model_under_test",
            model = model,
            tags = ["manual"],
        )
        for core, description in CORES.items():
            image = "{}_{}".format(network, core.removeprefix("cortex-"))
            cortex_m_firmware(
                name = image,
                testonly = True,
                srcs = [app],
                board = boards.get(core),
                core = core,
                tags = ["manual"],
                deps = [":" + network],
            )

            # The label as a word: running the table builds the image.
            arguments.append("--image {} {} {} //{}:{}".format(
                network,
                core,
                description.executorch_target,
                native.package_name(),
                image,
            ))
    python_program(
        name = name,
        testonly = True,
        args = arguments,
        data = [
            "executorch_lowering.py",
            _CLUSTER,
        ],
        module = "cortex_m_scale",
        deps = [":tool"],
    )
