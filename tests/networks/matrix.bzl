# SPDX-License-Identifier: Apache-2.0
"""Networks x variants: a firmware test for each pair, and the list of them."""

load("//rules:defs.bzl", "cortex_m_firmware_test")
load("//toolchains:cores.bzl", "variants")

# Variants of the default board of whose core not all networks fit. A micro:bit has 16 KiB of RAM,
# so Armv6-M code runs on the M3 machine, where an unaligned access traps as on a Cortex-M0.
_BOARDS = {"cortex-m0": "//toolchains/boards:mps2_an385"}

_VARIANTS = {variant.name: variant for variant in variants()}

def network_tests(name, model, on, **kwargs):
    """A test `<name>_<variant>_test`, e.g. `ds_cnn_m33_nodsp_test`, for each variant.

    Args:
      name: the network.
      model: label of its cortex_m_model.
      on: names of variants.
      **kwargs: arguments of the tests.
    """
    for variant in [_VARIANTS[variant] for variant in on]:
        cortex_m_firmware_test(
            name = "{}_{}_test".format(name, variant.name.removeprefix("cortex_")),
            size = "medium",
            board = _BOARDS.get(variant.core),
            core = variant.core,
            isa = variant.isa,
            model = model,
            **kwargs
        )

def _matrix_list_impl(ctx):
    matrix = ctx.attr.matrix
    pairs = len([name for names in matrix.values() for name in names])
    lines = [
        "models x variants: {} models, {} bit-exact images".format(len(matrix), pairs),
    ] + [
        "{}: {} variants: {}".format(network, len(names), " ".join([
            name.removeprefix("cortex_")
            for name in names
        ]))
        for network, names in matrix.items()
    ]
    text = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(text, "\n".join(lines) + "\n")
    return [DefaultInfo(files = depset([text]))]

matrix_list = rule(
    implementation = _matrix_list_impl,
    attrs = {"matrix": attr.string_list_dict(
        doc = "Network to names of variants.",
        mandatory = True,
    )},
    doc = "Writes down what the matrix holds, `<name>.txt`; each of its pairs is a test of its own.",
)
