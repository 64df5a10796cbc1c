# SPDX-License-Identifier: Apache-2.0
"""The text of the outputs, and the command line around it."""

import json
import re
import struct

import pytest
import support
from cortex_m_plan import KERNEL_ABI
from cortex_m_plan.emit import c
from support import Draft, convolution, identity

TINY = support.TESTDATA / "tiny.pte"


def outputs(folder, name="m"):
    endings = (".h", "_plan.c", "_program.S", "_plan.json", "_tables.bin")
    return {name + ending: (folder / (name + ending)).read_bytes() for ending in endings}


@pytest.fixture
def tiny(tmp_path):
    """The outputs for a real program: two convolutions, depthwise, add, pool, copy, linear."""
    assert support.plan(TINY, tmp_path / "tiny", name="tiny") == 0
    made = outputs(tmp_path / "tiny", "tiny")
    del made["tiny_tables.bin"]
    return {name: data.decode() for name, data in made.items()}


def test_steps_of_a_real_program(tiny):
    listing = json.loads(tiny["tiny_plan.json"])
    assert [step["kernel"] for step in listing["steps"]] == [
        "cortex_m_quantize_per_tensor",
        "cortex_m_quantized_conv2d_folded",
        listing["steps"][2]["kernel"],
        "cortex_m_quantized_conv2d_1x1",
        "cortex_m_quantized_add_dense",
        "cortex_m_quantized_max_pool2d",
        "cortex_m_permute_copy",
        "cortex_m_quantized_linear_folded",
        "cortex_m_dequantize_per_tensor",
    ]
    assert listing["steps"][2]["kernel"].startswith("cortex_m_quantized_depthwise_conv2d")
    assert listing["isa"] == "mve"
    (scratch,) = listing["steps"][2]["scratch"]
    assert 0 < scratch["bytes"] <= scratch["program_bytes"] == 4464
    assert [step["macs"] for step in listing["steps"]] == [0, 1152, 576, 256, 0, 0, 0, 48, 0]


def test_a_step_says_what_was_chosen_and_why(tiny):
    step = json.loads(tiny["tiny_plan.json"])["steps"][1]
    assert step["symbol"] == "tiny_step_1"
    assert step["tile"]
    why = "a window of 3x3, not 1x1"
    assert step["rejected"] == [{"kernel": "cortex_m_quantized_conv2d_1x1", "why": why}]
    remarks = tiny["tiny_plan.c"].replace("\n *", "")
    (scratch,) = step["scratch"]
    assert (
        f"1152 MACs, scratch {scratch['bytes']} B {step['kernel']}: {step['tile']} at once"
        in remarks
    )
    assert f"not cortex_m_quantized_conv2d_1x1: {why}" in remarks


def test_each_step_is_a_function(tiny):
    source = tiny["tiny_plan.c"]
    symbols = [step["symbol"] for step in json.loads(tiny["tiny_plan.json"])["steps"]]
    run = source[source.index("void tiny_run(void) {") :]
    assert re.findall(r"^  (\w+)\(\);$", run, re.MULTILINE) == symbols
    assert "#define TINY_STEP static __attribute__((noinline)) void" in source
    for symbol in symbols:
        assert f"TINY_STEP {symbol}(void) {{" in source


def test_report_and_plan_agree_on_the_ends(tiny):
    report = json.loads((support.TESTDATA / "tiny.json").read_text())
    listing = json.loads(tiny["tiny_plan.json"])
    for ends in ("inputs", "outputs"):
        for planned, reported in zip(listing[ends], report[ends], strict=True):
            for key in ("dtype", "shape", "dim_order", "bytes", "scale", "zero_point"):
                assert planned[key] == reported[key], key


def test_call(tiny):
    source = tiny["tiny_plan.c"]
    call = source[source.index("/* 1: quantized_conv2d") : source.index("/* 2:")]
    size = json.loads(tiny["tiny_plan.json"])["steps"][1]["scratch"][0]["bytes"]
    assert f"1x4x4x2 * 4x3x3x2 -> 1x4x4x4, 1152 MACs, scratch {size} B" in call
    assert "tiny_model.py:15 x = torch.relu(self.conv(x))" in call
    number = json.loads(tiny["tiny_plan.json"])["steps"][1]["tile_number"]
    macro = "CORTEX_M_QUANTIZED_CONV2D_FOLDED_SCRATCH"
    assert f"{macro}(1, 4, 4, 2, 3, 3, 2, 4, 4, 4, {number}) <= {size}" in call
    assert re.search(rf"^ +{number}, +// tile$", call, re.MULTILINE)
    assert re.search(r"\(const int8_t \*\)\(cortex_m_constant_\w+ \+ 0\), +// weight", call)
    assert re.search(r"\(const int32_t \*\)\(cortex_m_constant_\w+ \+ 0\), +// multipliers", call)
    assert re.search(r"\(int8_t \*\)\(arena \+ \d+\)\); +// output", call)
    assert "static const cortex_m_quantized_conv2d_params step_1_quantized_conv2d_default" in source


def test_assertions(tiny):
    source = tiny["tiny_plan.c"]
    assert f"_Static_assert(CORTEX_M_KERNEL_ABI == {KERNEL_ABI}," in source
    assert "% _Alignof(int32_t) == 0" in source
    assert 'section(".arena.tiny")' in source


def test_arena(tiny):
    """Smaller than the .pte's own, and said so where people look."""
    listing = json.loads(tiny["tiny_plan.json"])
    arena = listing["arena"]
    assert arena["bound"] <= arena["bytes"] == listing["arena_bytes"]
    assert arena["proved"] == (arena["bound"] == arena["bytes"])
    assert arena["bytes"] <= arena["bound_without_overlap"] < arena["program_bytes"] == 4592
    assert arena["banks"] == [{"region": None, "bytes": arena["bytes"], "capacity": None}]
    live = [listing["memory"][number] for number in arena["peak"]["buffers"]]
    moment = arena["peak"]["moment"]
    assert all(item["first"] <= moment <= item["last"] for item in live)
    for overlap in arena["overlaps"]:
        source, target = (listing["memory"][overlap[end]] for end in ("input", "output"))
        assert overlap["delta"] == source["offset"] - target["offset"] >= overlap["distance"]
        assert overlap["delta"] % overlap["multiple"] == 0
        step = next(s for s in listing["steps"] if s["index"] == overlap["index"])
        assert step["moment"] == source["last"] == target["first"]
    assert arena["overlaps"]
    for name in ("tiny.h", "tiny_plan.c"):
        text = tiny[name].replace("\n *    ", "")
        assert f"Arena {arena['bytes']} B, 9 steps." in text
        assert "The .pte's own plan of the arena has 4592 B" in text
        assert f"proved lower bound {arena['bound']} B" in text
    assert "At the peak live: " in tiny["tiny_plan.c"]
    names = {item["name"] for item in listing["memory"]}
    assert {"input", "scratch of cortex_m_quantized_conv2d_default"} <= names


def test_banks(tmp_path):
    """What does not fit into the first memory goes to the next; each has an array and a macro."""
    assert support.plan(TINY, tmp_path / "one", name="tiny") == 0
    whole = json.loads((tmp_path / "one" / "tiny_plan.json").read_text())["arena"]["bytes"]
    banks = ("--bank", f"FAST:{whole // 2}", "--bank", "SLOW:4K")
    assert support.plan(TINY, tmp_path / "two", name="tiny", more=banks) == 0
    listing = json.loads((tmp_path / "two" / "tiny_plan.json").read_text())
    fast, slow = listing["arena"]["banks"]
    assert (fast["region"], fast["capacity"]) == ("FAST", whole // 2)
    assert 0 < fast["bytes"] <= whole // 2
    assert slow["bytes"] > 0
    assert listing["arena_bytes"] == fast["bytes"] + slow["bytes"]
    for item in listing["memory"]:
        size = (fast, slow)[item["bank"]]["bytes"]
        assert 0 <= item["offset"] <= item["offset"] + item["bytes"] <= size
    source = (tmp_path / "two" / "tiny_plan.c").read_text()
    header = (tmp_path / "two" / "tiny.h").read_text()
    for name, bank in (("fast", fast), ("slow", slow)):
        assert f"static uint8_t arena_{name}[{bank['bytes']}]" in source
        assert f'section(".arena_bank.{name}.tiny")' in source
        assert f"#define TINY_ARENA_{name.upper()}_BYTES {bank['bytes']}" in header


def test_one_bank_that_is_large_enough(tmp_path):
    assert support.plan(TINY, tmp_path, name="tiny", more=("--bank", "RAM:64K")) == 0
    source = (tmp_path / "tiny_plan.c").read_text()
    assert source.count("static uint8_t arena") == 1
    assert 'section(".arena_bank.ram.tiny")' in source


def test_banks_that_are_too_small(refused):
    """The message has what lives at the worst moment, and what would help."""
    message = refused(TINY, name="tiny", more=("--bank", "FAST:64", "--bank", "SLOW:32"))
    assert re.search(r"the arena needs \d+ B, there are FAST 64 B, SLOW 32 B", message)
    assert re.search(r"\d+ B \w+: (int8|float32) [\dx]+\n", message)
    assert 'io = "int8"' in message


def test_header(tiny):
    header = tiny["tiny.h"]
    for line in (
        f"#define TINY_ARENA_BYTES {json.loads(tiny['tiny_plan.json'])['arena']['bytes']}",
        "#define TINY_INPUT_0_ELEMENTS 32",
        "#define TINY_INPUT_0_DIM_3 2",
        "static inline float *tiny_input_0(void) {",
        "static inline const float *tiny_output_0(void) {",
        "void tiny_run(void);",
        "extern const cortex_m_model tiny_model;",
    ):
        assert line in header
    assert "float32 1x4x4x2, in memory; 1x2x4x4 in PyTorch" in header


def test_no_line_is_long(tiny):
    # The directives of the assembly name constants by their hashes.
    for name, most in (("tiny.h", 110), ("tiny_plan.c", 110), ("tiny_program.S", 150)):
        assert max(map(len, tiny[name].splitlines())) <= most, name


def test_no_path_of_this_machine(tiny, tmp_path):
    for text in tiny.values():
        assert str(tmp_path) not in text
        assert str(support.TESTDATA) not in text


def test_same_to_the_byte(tmp_path):
    for folder in ("one", "other"):
        assert support.plan(TINY, tmp_path / folder, name="tiny") == 0
    assert outputs(tmp_path / "one", "tiny") == outputs(tmp_path / "other", "tiny")


def test_same_to_the_byte_whatever_the_hashes(tmp_path, monkeypatch):
    arguments = ["--program", str(TINY), "--report", str(TINY.with_suffix(".json")), "--isa", "mve"]
    arguments += ["--name", "tiny", "--flatc", str(support.FLATC)]
    arguments += ["--schema-dir", str(support.SCHEMA)]
    for seed in ("0", "7"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        done = support.run_module(*arguments, "--out", str(tmp_path / seed))
        assert done.returncode == 0, done.stderr
    assert outputs(tmp_path / "0", "tiny") == outputs(tmp_path / "7", "tiny")


@pytest.mark.parametrize("name", ["", "8bit", "a-b", "a b", "int", "class", "cortex_m_x", "näh"])
def test_names_that_are_refused(refused, name):
    assert f"--name {name}: " in refused(TINY, name=name)


def test_source_lines_cannot_leave_their_comment(tmp_path):
    draft = convolution(Draft())
    draft.report_instructions[0] |= {
        "source": "a.py:1 x = a */ b /* c \\\n ??/ \u00e9 */",
        "module": "*/",
        "node": "na me*/\n",
    }
    assert support.plan(draft.write(tmp_path), tmp_path / "out") == 0
    source = (tmp_path / "out" / "m_plan.c").read_text("ascii")
    assert source.count("/*") == source.count("*/")
    assert "??" not in source
    assert "step_0_na_me___ = {" in source


@pytest.mark.parametrize(
    "number", [0.1, 1.0, 1e-30, 123456.789, 2.0**-126, 3.4e38, 1 / 3, 16777217.0, 0.0]
)
def test_float_literals_read_back(number):
    literal = c.float32(number)
    assert literal.endswith("f")
    assert "." in literal or "e" in literal
    rounded = struct.unpack("<f", struct.pack("<f", number))[0]
    assert struct.unpack("<f", struct.pack("<f", float(literal[:-1])))[0] == rounded


def test_the_smallest_integer():
    assert c.value(-(2**31)) == "INT32_MIN"
    assert c.value((1, -(2**31))) == "{1, INT32_MIN}"


def test_output_folder_that_is_a_file(refused, tmp_path):
    (tmp_path / "out").mkdir()
    program = identity().write(tmp_path)
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    assert support.plan(program, blocked) == 1
    assert blocked.read_text() == ""


def test_outputs_stay_as_they_were_after_an_error(tmp_path, capsys):
    out = tmp_path / "out"
    assert support.plan(TINY, out, name="tiny") == 0
    before = outputs(out, "tiny")
    assert support.plan(TINY, out, name="tiny", isa="scalar") == 1
    assert outputs(out, "tiny") == before
    assert sorted(path.name for path in out.iterdir()) == sorted(before)


def test_module_runs_by_itself(tmp_path):
    done = support.run_module("--help")
    assert done.returncode == 0
    assert "--schema-dir" in done.stdout
    done = support.run_module("--program", "x")
    assert done.returncode == 2
    done = support.run_module(
        "--program", str(tmp_path / "x.pte"), "--report", "x.json", "--isa", "mve", "--name", "x",
        "--flatc", "flatc", "--schema-dir", ".", "--out", str(tmp_path / "out"),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {tmp_path / 'x.pte'}: cannot be read")


def test_no_torch():
    """In a process of its own: other tests may have imported torch here."""
    script = (
        "import sys, cortex_m_plan.cli\n"
        "print([n for n in sys.modules if n.partition('.')[0] in ('torch', 'executorch', 'numpy')])"
    )
    done = support.run_python("-c", script)
    assert done.stdout.strip() == "[]", done.stderr
