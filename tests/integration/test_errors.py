# SPDX-License-Identifier: Apache-2.0
"""What a user of the rules reads when something is wrong: what, where, why and the way out."""

import fnmatch
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from error_cases import CASES, Case
from nested_bazel import MACHINE, Bazel, Result, unpack_sources

MODULE = """\
module(name = "user")

bazel_dep(name = "rules_cortex_m")
local_path_override(module_name = "rules_cortex_m", path = "{path}")

bazel_dep(name = "rules_python", version = "2.3.2")
"""

APP = """\
load(
    "@rules_cortex_m//rules:defs.bzl",
    "cortex_m_firmware",
    "cortex_m_firmware_test",
    "cortex_m_program",
)

package(default_visibility = ["//visibility:public"])

exports_files(["empty.c"])

cortex_m_program(name = "tiny", program = "tiny.pte", report = "tiny.json")

cortex_m_program(name = "for_dsp", program = "tiny.pte", report = "for_dsp.json")

cortex_m_firmware(name = "sound", srcs = ["empty.c"], core = "cortex-m55")

cortex_m_firmware_test(name = "sound_test", firmware = ":sound")
"""


def write_workspace(folder: Path, rules: Path) -> None:
    """A user's workspace: one package for each case, and `app` with what they share."""
    app = folder / "app"
    app.mkdir(parents=True)
    (folder / "MODULE.bazel").write_text(MODULE.format(path=rules))
    (app / "BUILD.bazel").write_text(APP)
    (app / "empty.c").write_text("int main(void) { return 0; }\n")
    for name in ("tiny.pte", "tiny.json"):
        shutil.copy(rules / "tests/plan/testdata" / name, app)
    report = json.loads((app / "tiny.json").read_text())
    (app / "for_dsp.json").write_text(json.dumps(report | {"isa": "dsp"}))
    for case in CASES:
        package = folder / case.name
        package.mkdir()
        for name, text in ({"BUILD.bazel": case.build_file} | case.files).items():
            (package / name).write_text(text)


def leave_few_kernels(folder: Path) -> None:
    """Leaves a kernel in each folder: no image with a model gets as far as its link here."""
    for place in [folder, *folder.glob("*/")]:
        for kernel in sorted(place.glob("*.c"))[1:]:
            kernel.unlink()


@pytest.fixture(scope="module")
def bazel(tmp_path_factory) -> Iterator[Bazel]:
    folder: Path = tmp_path_factory.mktemp("errors")
    rules = unpack_sources(folder / "rules")
    leave_few_kernels(rules / "kernels/src")
    write_workspace(folder / "user", rules)
    with Bazel(folder / "user", folder / "bazel") as bazel:
        yield bazel


@pytest.fixture(scope="module")
def all_cases(bazel) -> Result:
    return bazel.build(
        "--keep_going",
        "--platforms=@rules_cortex_m//toolchains/platforms:cortex_m55",
        *[case.label for case in CASES],
        expect=1,
    )


def check(case: Case, result: Result) -> None:
    assert result.failures.get(case.label) == case.stage
    for words in case.says:
        assert words in result.stderr


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_is_said(case, all_cases):
    check(case, all_cases)


def test_no_case_shows_python_that_is_not_the_users(all_cases):
    ours = re.findall(r'File "[^"]*(?:lowering|plan|tools)/[^"]*\.py"', all_cases.stderr)
    assert not ours


def test_a_model_for_no_core_names_the_platforms(bazel):
    result = bazel.build("//app:tiny", expect=1)
    assert "//app:tiny is incompatible and cannot be built" in result.stderr
    assert "didn't satisfy constraint" in result.stderr
    assert "//toolchains/platforms:one_of_these" in result.stderr


def path_without(folder: Path, *patterns: str) -> str:
    """A PATH with the machine's programs, but for those of these names."""
    folder.mkdir()
    # The first on PATH is found first.
    for place in reversed(MACHINE.path.split(":")):
        for program in Path(place).glob("*"):
            if not any(fnmatch.fnmatch(program.name, pattern) for pattern in patterns):
                (folder / program.name).unlink(missing_ok=True)
                (folder / program.name).symlink_to(program)
    return str(folder)


def test_a_machine_without_a_compiler_is_told_what_to_install(bazel, tmp_path: Path):
    path = path_without(tmp_path / "path", "arm-none-eabi-*")
    result = bazel.build("//app:sound", f"--repo_env=PATH={path}", expect=1)
    assert (
        "nothing can be compiled for cortex-m55: no arm-none-eabi-gcc on PATH; "
        "install it: apt-get install gcc-arm-none-eabi picolibc-arm-none-eabi" in result.stderr
    )


def test_a_machine_without_an_emulator_builds_and_its_tests_say_what_to_install(
    bazel, tmp_path: Path
):
    path = path_without(tmp_path / "path", "qemu-system-arm")
    options = [f"--repo_env=PATH={path}", "--test_output=errors"]
    assert bazel.build("//app:sound", *options).files["app/sound.elf"].exists()
    result = bazel.test("//app:sound_test", *options, expect=3)
    text = result.stdout + result.stderr
    assert "no qemu-system-arm on PATH; install it: apt-get install qemu-system-arm" in text


def without(repository: str) -> list[str]:
    """Options that take away a repository that is there already: it would have to be made."""
    names = [name for name in MACHINE.overrides if name.endswith(repository)]
    return [f"--override_repository={name}=" for name in names]


def test_a_machine_without_python_is_told_what_to_install(bazel):
    options = [
        *without("cortex_m_python_interpreter"),
        "--repo_env=CORTEX_M_PYTHON=/nowhere/python",
    ]
    result = bazel.build("//app:sound", *options, expect=1)
    assert "no Python 3.11 (/nowhere/python is not a Python); install it: apt-get" in result.stderr
    assert "or set CORTEX_M_PYTHON to its path" in result.stderr


def test_a_machine_without_network_is_told_what_pip_wanted(bazel):
    nowhere = [
        "PIP_INDEX_URL=http://127.0.0.1:9/simple",
        "PIP_RETRIES=0",
        "PIP_CONFIG_FILE=/dev/null",
    ]
    options = [*without("cortex_m_python"), *[f"--repo_env={setting}" for setting in nowhere]]
    result = bazel.build("//app:sound", *options, expect=1)
    assert re.search("pip could not install .*requirements.lock:\nERROR: .*==", result.stderr)
    assert "Check the network and pip's index (PIP_INDEX_URL;" in result.stderr
