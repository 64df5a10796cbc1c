# SPDX-License-Identifier: Apache-2.0
"""ram_table: runs images in the emulator and prints what RAM each model costs."""

load("//rules:defs.bzl", "cortex_m_firmware", "cortex_m_library")
load("//rules:providers.bzl", "CortexMFirmwareInfo")

# Runs Python as the rules do.
# buildifier: disable=bzl-visibility
load("//rules/private:runfiles.bzl", "runfiles_path")
load("//tools:measured_table.bzl", "LOWERING_TYPE", "measured_table")

_RUN = """\
"$runfiles/{image}" >"$work/{number}" || {{ cat "$work/{number}"; exit 1; }}
set -- "$@" --cell {network} "$work/{number}" "$runfiles/{plan}"
"""

def _ram_table_impl(ctx):
    runs = []
    runfiles = ctx.runfiles()
    for number, (firmware, network) in enumerate(ctx.attr.images.items()):
        plan = firmware[CortexMFirmwareInfo].libraries[0].plan
        image = firmware[DefaultInfo].files_to_run.executable
        runs.append(_RUN.format(
            image = runfiles_path(ctx, image),
            network = network,
            number = number,
            plan = runfiles_path(ctx, plan),
        ))
        runfiles = runfiles.merge(ctx.runfiles([plan, image]))
        runfiles = runfiles.merge(firmware[DefaultInfo].default_runfiles)
    return [measured_table(ctx, runs, runfiles)]

_ram_table = rule(
    implementation = _ram_table_impl,
    attrs = {
        "images": attr.label_keyed_string_dict(
            doc = "Images of app.c, each with its network.",
            mandatory = True,
            providers = [CortexMFirmwareInfo],
        ),
        "_tool": attr.label(default = Label(":tool")),
    },
    doc = "Prints the table: `bazel run`.",
    executable = True,
    toolchains = [LOWERING_TYPE],
)

def ram_table(name, models, cores):
    """The table of some networks on some cores.

    Args:
      name: target name.
      models: dict of network to the label of its model.
      cores: dict of core to the label of a board; None: the core's.
    """
    images = {}
    for network, model in models.items():
        for core, board in cores.items():
            image = "{}_{}_{}".format(name, network, core.removeprefix("cortex-"))

            # One for each core: runfiles have no place for two plans of one target.
            cortex_m_library(
                name = image + "_library",
                testonly = True,
                c_name = "model_under_test",
                model = model,
                tags = ["manual"],
            )
            cortex_m_firmware(
                name = image,
                testonly = True,
                srcs = ["app.c"],
                board = board,
                core = core,
                tags = ["manual"],
                deps = [":{}_library".format(image)],
            )
            images[":" + image] = network
    _ram_table(
        name = name,
        testonly = True,
        images = images,
    )
