# SPDX-License-Identifier: Apache-2.0
"""cortex_m_vectors_library: a model's reference vectors as constant data in flash."""

load("@rules_cc//cc:find_cc_toolchain.bzl", "use_cc_toolchain")
load("@rules_cc//cc/common:cc_info.bzl", "CcInfo")
load(":c_name.bzl", "c_name")
load(":compile.bzl", "compile_embedding")
load(":model_info.bzl", "CortexMModelInfo")
load(":variant.bzl", "cortex_m_only")

_HEADER = """\
/* Reference vectors of {label}; read them with "cortex_m/vectors.h". */
#ifndef {guard}
#define {guard}

#include <stdint.h>

extern const uint8_t {name}_vectors[];
extern const uint8_t {name}_vectors_end[];

#endif
"""

_ASSEMBLY = """\
    .section .rodata.{name}_vectors, "a", %progbits
    .balign 16
    .global {name}_vectors
    .global {name}_vectors_end
    .type {name}_vectors, %object
{name}_vectors:
    .incbin "{file}"
{name}_vectors_end:
    .size {name}_vectors, . - {name}_vectors
"""

def _vectors_library_impl(ctx):
    name = c_name(ctx)
    vectors = ctx.attr.model[CortexMModelInfo].vectors
    if not vectors:
        fail("{}: {} has no reference vectors; give it vectors = ...".format(ctx.label, ctx.attr.model.label))
    header = ctx.actions.declare_file(name + "_vectors.h")
    source = ctx.actions.declare_file(name + "_vectors.S")
    ctx.actions.write(header, _HEADER.format(
        guard = name.upper() + "_VECTORS_H",
        label = ctx.label,
        name = name,
    ))
    ctx.actions.write(source, _ASSEMBLY.format(file = vectors.basename, name = name))

    return [
        DefaultInfo(files = depset([header])),
        compile_embedding(
            ctx,
            sources = [source],
            header = header,
            embedded = [vectors],
            dependencies = [ctx.attr._reader[CcInfo]],
        ),
    ]

_cortex_m_vectors_library = rule(
    implementation = _vectors_library_impl,
    attrs = {
        "c_name": attr.string(),
        "model": attr.label(mandatory = True, providers = [CortexMModelInfo]),
        "_reader": attr.label(default = Label("//plan:vectors"), providers = [CcInfo]),
    },
    fragments = ["cpp"],
    provides = [CcInfo],
    toolchains = use_cc_toolchain(),
)

def cortex_m_vectors_library(name, model, c_name = None, **kwargs):
    """Puts a model's reference vectors into flash, for an application that replays them.

    Include `"<c_name>_vectors.h"` and read the data with `"cortex_m/vectors.h"`.

    Example:
      ```starlark
      cortex_m_vectors_library(
          name = "digits_vectors",
          model = ":digits",
          c_name = "digits",
      )
      ```

    Args:
      name: target name.
      model: label of a cortex_m_model.
      c_name: prefix of the C symbols and name of the header; default: the target's name.
      **kwargs: common attributes (visibility, tags, testonly ...).
    """
    _cortex_m_vectors_library(
        name = name,
        model = model,
        c_name = c_name,
        target_compatible_with = cortex_m_only(),
        **kwargs
    )
