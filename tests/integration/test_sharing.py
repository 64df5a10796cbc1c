# SPDX-License-Identifier: Apache-2.0
"""What an edit costs, in actions: eleven cores share three lowerings, and most edits need none.

Each test edits the copy of the sources and leaves everything built, so that the next one starts
from an up-to-date tree.
"""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from builds import build_images
from nested_bazel import Bazel, Result, append, replace

CORES = ["m0", "m0plus", "m3", "m4", "m7", "m23", "m33", "m35p", "m52", "m55", "m85"]
APPS = [f"//firmware:{core}_app" for core in CORES]

# What Bazel itself does, each time or in no time.
INTERNAL = {
    "BazelWorkspaceStatusAction",
    "FileWrite",
    "RepoMappingManifest",
    "RunfilesTree",
    "SourceSymlinkManifest",
    "SymlinkTree",
    "TemplateExpand",
}

# What follows from a new image, and from one whose reports are asked for.
OF_AN_IMAGE = Counter({"CortexMObjcopy": 2, "CppLink": 1})
OF_REPORTS = Counter(
    {
        "CortexMBudget": 1,
        "CortexMProfileImage": 1,
        "CortexMReport": 1,
        "CortexMReportPage": 1,
        "CortexMSize": 1,
        "CortexMStack": 1,
    }
)


@pytest.fixture
def bazel(first) -> Bazel:
    return first.bazel


def work(result: Result) -> Counter[str]:
    """The actions that cost something."""
    return Counter({name: count for name, count in result.actions.items() if name not in INTERNAL})


@pytest.fixture
def build(bazel) -> Callable[[], Counter[str]]:
    """Builds the two images; returns what that took."""
    return lambda: sum(map(work, build_images(bazel)), Counter())


def test_the_apps_of_all_cores_are_meant(bazel):
    table = (bazel.workspace / "toolchains/cores.bzl").read_text()
    assert len(re.findall(r'^    "cortex-m', table, re.MULTILINE)) == len(APPS)


def test_nothing_to_do(build):
    assert build() == {}


def test_eleven_cores_share_three_lowerings(bazel):
    # Two of the three are there already.
    assert work(bazel.build("--output_groups=pte", *APPS)) == {
        "CortexMFloatGate": 1,
        "CortexMLower": 1,
    }


def test_an_optimized_build_lowers_nothing(bazel, build):
    assert work(bazel.build("--compilation_mode=opt", "--output_groups=pte", *APPS)) == {}
    assert build() == {}


def test_an_edit_of_the_application_compiles_and_links_it(bazel, build):
    replace(bazel.workspace / "firmware/digits_app.c", "held-out images\\n", "images, edited\\n")
    compiled = {"CppCompile": 2, "CortexMCallGraph": 1}
    assert build() == OF_AN_IMAGE + OF_AN_IMAGE + OF_REPORTS + Counter(compiled)


def test_a_new_board_costs_one_link(bazel):
    append(
        bazel.workspace / "firmware/BUILD.bazel",
        """
load("//rules:defs.bzl", "cortex_m_board")

cortex_m_board(
    name = "my_board",
    core = "cortex-m55",
    memory = {"FLASH": "0x08000000 1M", "RAM": "0x20000000 256K"},
    systick_hz = 100000000,
)

cortex_m_firmware(
    name = "m55_on_my_board",
    srcs = ["digits_app.c"],
    board = ":my_board",
    core = "cortex-m55",
    deps = ["//examples/digits:digits_model", "//examples/digits:digits_vectors"],
)
""",
    )
    # The application sees the board's name, so it is compiled; nothing below it is.
    assert work(bazel.build("//firmware:m55_on_my_board", "--output_groups=elf")) == {
        "CortexMFit": 1,
        "CppCompile": 1,
        "CppLink": 1,
    }


def test_an_edit_of_the_weights_lowers_once_for_each_class(bazel, build):
    weights = bazel.workspace / "examples/digits/weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-4:] = b"\0\0\0\0"  # the last number
    weights.write_bytes(content)
    assert work(bazel.build("--output_groups=pte", *APPS)) == {
        "CortexMFloatGate": 3,
        "CortexMLower": 3,
    }
    after = build()
    assert after["CortexMLower"] == 0
    assert after["CortexMPlan"] == 2
    assert after["CppLink"] == 2
    # For each: the plan, what embeds program and vectors, and the application; no kernel.
    assert after["CppCompile"] <= 2 * 4


def test_an_edit_of_a_report_makes_reports(bazel, build):
    append(bazel.workspace / "tools/report/cortex_m_report/text.py", "\nEDITED = True\n")
    # What compares with budgets and boards imports from there, too; no link waits for a new answer.
    assert build() == {
        "CortexMBudget": 1,
        "CortexMFit": 2,
        "CortexMReport": 1,
        "CortexMReportPage": 1,
    }


def test_an_edit_of_a_kernel_compiles_it_once_for_each_variant(bazel, build):
    append(
        bazel.workspace / "kernels/src/conv_f32.c",
        '\nstatic const char edited[] __attribute__((used)) = "edited";\n',
    )
    # The network does not call it: the images come out the same, and nothing is made of them anew.
    assert build() == {"CortexMCallGraph": 1, "CppArchive": 2, "CppCompile": 2, "CppLink": 2}
