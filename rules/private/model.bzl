# SPDX-License-Identifier: Apache-2.0
"""cortex_m_model: a PyTorch model lowered to an ExecuTorch program."""

load("@rules_python//python:defs.bzl", "PyInfo")
load("//toolchains:variant.bzl", "CortexMVariantInfo")
load(":float_gate.bzl", "float_gate")
load(":layers_table.bzl", "layers_table")
load(":model_info.bzl", "CortexMModelInfo")
load(":python_tool.bzl", "LOWERING_TYPE", "WORKER_ATTRS", "add_folder", "run_module")
load(":transitions.bzl", "lowering_transition")
load(":variant.bzl", "cortex_m_only", "isa_select")

# A core stands for its ISA class: scratch sizes depend on nothing else.
_CLASS_TARGET = {
    "dsp": "cortex-m4+int8",
    "mve": "cortex-m55+int8",
    "scalar": "cortex-m0+int8",
}

def _lowering_resources(_os, _inputs):
    """What one lowering takes: 430 MB alone or in a worker, for MLPerf Tiny's networks."""
    return {"cpu": 1, "memory": 512}

def _lowering_impl(ctx):
    isa = ctx.attr._variant[CortexMVariantInfo].isa
    if not isa:
        fail("{}: the target platform names no Cortex-M ISA; build it with --platforms={}".format(
            ctx.label,
            Label("//toolchains/platforms:cortex_m55"),
        ))
    name = ctx.attr.model_name
    program = ctx.actions.declare_file(name + ".pte")
    report = ctx.actions.declare_file(name + ".json")
    vectors = ctx.actions.declare_file(name + ".vectors")

    args = ctx.actions.args()
    args.add("--name", name)
    args.add("--quiet")
    args.add("--target", _CLASS_TARGET[isa])
    args.add("--isa", isa)
    args.add("--io", ctx.attr.io)
    inputs = []
    if ctx.attr.factory:
        args.add("--model", ctx.attr.factory)
    else:
        args.add("--program", ctx.file.program)
        inputs.append(ctx.file.program)
    for flag, file in [
        ("--weights", ctx.file.weights),
        ("--calibration", ctx.file.calibration),
        ("--vectors", ctx.file.vectors),
    ]:
        if file:
            args.add(flag, file)
            inputs.append(file)
    if not ctx.file.vectors:
        args.add("--random-vectors", ctx.attr.random_vectors)
    add_folder(args, "--out", program)

    run_module(
        ctx,
        module = "cortex_m_lowering",
        libraries = [ctx.attr._tool],
        deps = ctx.attr.deps,
        worker = True,
        preload = "cortex_m_lowering.warm",
        arguments = args,
        inputs = inputs,
        outputs = [program, report, vectors],
        mnemonic = "CortexMLower",
        progress_message = "Lowering %{label} for " + isa,
        toolchain = ctx.exec_groups["lower"].toolchains[LOWERING_TYPE].lowering,
        exec_group = "lower",
        resource_set = _lowering_resources,
    )
    float_report = float_gate(
        ctx,
        name = name,
        label = ctx.label.same_package_label(name),
        report = report,
        allow_float = ctx.attr.allow_float,
        tool = ctx.attr._tool,
    )
    layers = layers_table(ctx, report, ctx.attr._tool)
    return [
        DefaultInfo(files = depset([program, report, vectors])),
        OutputGroupInfo(_validation = depset([float_report])),
        CortexMModelInfo(
            float_report = float_report,
            has_data_set = bool(ctx.file.vectors),
            isa = isa,
            layers = layers,
            program = program,
            report = report,
            vectors = vectors,
        ),
    ]

_cortex_m_lowering = rule(
    implementation = _lowering_impl,
    attrs = WORKER_ATTRS | {
        "allow_float": attr.string_list(),
        "calibration": attr.label(allow_single_file = [".npz"]),
        "deps": attr.label_list(providers = [PyInfo], cfg = "exec"),
        "factory": attr.string(),
        "io": attr.string(
            default = "float32",
            values = [
                "float32",
                "int8",
            ],
        ),
        "model_name": attr.string(mandatory = True),
        "program": attr.label(allow_single_file = [".pt2"]),
        "random_vectors": attr.int(),
        "vectors": attr.label(allow_single_file = [".npz"]),
        "weights": attr.label(allow_single_file = [".safetensors", ".pt"]),
        "_tool": attr.label(
            default = Label("//lowering:cortex_m_lowering"),
            providers = [PyInfo],
            cfg = "exec",
        ),
        "_variant": attr.label(
            default = Label("//toolchains:current_variant"),
            providers = [CortexMVariantInfo],
        ),
    },
    # Of its own, so that a machine for torch can be another one than for what reads its reports.
    exec_groups = {"lower": exec_group(toolchains = [LOWERING_TYPE])},
    provides = [CortexMModelInfo],
    toolchains = [LOWERING_TYPE],
)

def _model_impl(ctx):
    lowering = ctx.attr.lowering
    if type(lowering) == "list":  # a transitioned attribute is a list of one before Bazel 8
        lowering = lowering[0]
    info = lowering[CortexMModelInfo]
    return [
        DefaultInfo(files = depset([info.program, info.report, info.vectors])),
        OutputGroupInfo(
            accuracy = depset([info.layers]),
            pte = depset([info.program]),
            report = depset([info.report, info.float_report]),
            vectors = depset([info.vectors]),
        ),
        info,
    ]

_cortex_m_model = rule(
    implementation = _model_impl,
    doc = "Forwards the lowering that the platform's ISA class shares.",
    attrs = {
        "isa": attr.string(mandatory = True),
        "lowering": attr.label(
            mandatory = True,
            providers = [CortexMModelInfo],
            cfg = lowering_transition,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
    provides = [CortexMModelInfo],
)

def cortex_m_model(
        name,
        factory = None,
        program = None,
        weights = None,
        calibration = None,
        vectors = None,
        random_vectors = 4,
        allow_float = [],
        io = "float32",
        deps = [],
        **kwargs):
    """Quantizes a PyTorch model to int8 and lowers it for the target platform's ISA.

    The lowering depends on the ISA class alone, so all cores of a class share one action.

    Outputs: `<name>.pte`, `<name>.json` (report) and `<name>.vectors` (reference inputs and
    outputs). Output groups:

    * `pte`: `<name>.pte`, the ExecuTorch program.
    * `report`: `<name>.json`, and `<name>.float.txt`: what computes in float, and why.
    * `vectors`: `<name>.vectors`.
    * `accuracy`: `<name>.accuracy.txt`, int8 against float layer by layer, on up to 16 samples of
      `vectors`, else of `calibration`.

    A model that keeps operators computing in float fails the build of everything that depends on
    it, by a validation action whose report, `<name>.float.txt`, lists them: where in the model
    they come from and why they were not quantized. `allow_float` accepts named ones.

    Example:
      ```starlark
      cortex_m_model(
          name = "digits",
          factory = "examples.digits.model:digits",
          weights = "weights.safetensors",
          calibration = "calibration.npz",
          deps = [":model"],
      )
      ```

    Args:
      name: target name.
      factory: `package.module:function`; the function takes no argument and returns
        `(torch.nn.Module, tuple_of_example_inputs)`. Give this or `program`.
      program: label of a saved `torch.export` program (`.pt2`).
      weights: label of a state dict (`.safetensors`, or `.pt` read with weights_only).
      calibration: label of an `.npz` with one array per model input, keyed by the argument's
        name, of shape (samples, *input_shape). Without it the example inputs calibrate.
      vectors: label of an `.npz` like `calibration`, whose samples become the reference vectors;
        an integer array `labels` (samples,) makes them a labelled data set.
      random_vectors: how many reference vectors to make when `vectors` is not given.
      allow_float: what may compute in float: operators as the report names them (`aten::pow`: all
        of them), and modules (`encoder.cell`: all operators in it). An entry that accepts nothing
        is an error. Moving float data (a permuted input, a copied output) needs no entry.
      io: `float32`, or `int8`: the program takes and gives the int8 behind its float tensors, and
        the application converts, by the scale and zero point that `<name>.h` states (see
        `cortex_m_quantize` in cortex_m/model.h). Needs less RAM and no float arithmetic. Integer
        inputs and outputs stay as they are; a float input that is not quantized first, or a float
        output that is not dequantized last, fails the build.
      deps: py_library targets of the factory.
      **kwargs: common attributes (visibility, tags, testonly ...).
    """
    if bool(factory) == bool(program):
        fail("cortex_m_model(name = {}): give exactly one of factory = \"module:function\" and program = \"x.pt2\"".format(repr(name)))
    lowering = name + ".lowering"
    _cortex_m_lowering(
        name = lowering,
        model_name = name,
        factory = factory,
        program = program,
        weights = weights,
        calibration = calibration,
        vectors = vectors,
        random_vectors = random_vectors,
        allow_float = allow_float,
        io = io,
        deps = deps,
        tags = ["manual"],
        testonly = kwargs.get("testonly", False),
        visibility = ["//visibility:private"],
    )
    _cortex_m_model(
        name = name,
        isa = isa_select(),
        lowering = ":" + lowering,
        target_compatible_with = cortex_m_only(),
        **kwargs
    )
