# SPDX-License-Identifier: Apache-2.0
"""bazelw's decisions, on machines that are made up: a folder of programs as PATH."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

BAZELW = Path("bazelw").resolve()
PARTS = BAZELW.parent / "tools/toolbox"
BASICS = """awk bash cat chmod cut df dirname du flock grep head id mkdir mv readlink rm sed
    sha256sum sleep sort tail touch"""


class Machine:
    """A machine with the basic programs and those that a test installs."""

    def __init__(self, folder: Path):
        self.programs = folder / "bin"
        self.cache = folder / "cache"
        self.programs.mkdir()
        for name in BASICS.split():
            (self.programs / name).symlink_to(shutil.which(name))

    def install(self, name: str, script: str = "") -> None:
        program = self.programs / name
        program.write_text(f"#!/bin/bash\n{script}\n")
        program.chmod(0o755)

    def install_bazel(self, version: str, name: str = "bazel") -> None:
        self.install(
            name,
            f'[[ $1 == --version ]] && echo "bazel {version}" || {{ echo {name} "$@"; exit 5; }}',
        )

    def start(self, *command: str, **environment: str) -> subprocess.Popen:
        environment = {"PATH": str(self.programs), "XDG_CACHE_HOME": str(self.cache)} | environment
        return subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess:
        process = self.start(*command, **environment)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def bazelw(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
        return self.run("bash", str(BAZELW), *arguments, **environment)

    def script(self, text: str) -> tuple[str, ...]:
        """A command that runs `text` after reading bazelw's parts."""
        parts = "".join(f". {PARTS}/{part}.sh\n" for part in parts_in_order())
        return ("bash", "-c", f"set -euo pipefail\nTOOLBOX_SRC={PARTS}\n{parts}{text}")


def parts_in_order() -> list[str]:
    return re.search(r"^for part in (.*); do$", BAZELW.read_text(), re.MULTILINE)[1].split()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def with_arm_tools(machine: Machine) -> Machine:
    machine.install("arm-none-eabi-gcc")
    machine.install("qemu-system-arm")
    return machine


@pytest.mark.parametrize("name", ["bazel", "bazelisk"])
@pytest.mark.parametrize("version", ["7.7.0", "7.10.0", "8.4.2", "9.0.0"])
def test_the_machines_own_bazel_gets_arguments_and_returns_its_status(machine, name, version):
    with_arm_tools(machine).install_bazel(version, name)
    done = machine.bazelw("build", "//a b")
    assert (done.returncode, done.stdout) == (5, f"{name} build //a b\n")


@pytest.mark.parametrize("version", ["7.6.9", "6.5.0", ""])
def test_an_older_bazel_is_not_used(machine, version):
    with_arm_tools(machine).install_bazel(version)
    done = machine.bazelw("build", RULES_CORTEX_M_TOOLBOX="never")
    assert done.returncode == 1
    assert "no bazel >= 7.7 or bazelisk on PATH" in done.stderr


def test_a_bazel_without_arm_tools_is_used_only_when_told(machine):
    machine.install_bazel("7.7.1")
    assert "cannot be made" in machine.bazelw("build").stderr
    assert machine.bazelw("build", RULES_CORTEX_M_TOOLBOX="never").stdout == "bazel build\n"


def test_the_toolbox_can_be_forced(machine):
    with_arm_tools(machine).install_bazel("8.0.0")
    done = machine.bazelw("build", RULES_CORTEX_M_TOOLBOX="always")
    assert "this machine has no apt-get" in done.stderr


def test_a_wrong_choice_names_the_right_ones(machine):
    done = machine.bazelw("build", RULES_CORTEX_M_TOOLBOX="sometimes")
    assert done.returncode == 1
    assert "'sometimes'; it may be auto, always or never" in done.stderr


def test_a_machine_that_is_not_debian_gets_one_line(machine):
    done = machine.bazelw("test", "//...")
    assert done.returncode == 1
    assert done.stderr == (
        "bazelw: error: this machine has no apt-get (is it Debian?), "
        "so the toolbox cannot be made: install Bazel >= 7.7 or Bazelisk, arm-none-eabi-gcc "
        "and qemu-system-arm yourself\n"
    )


def test_an_unknown_switch(machine):
    done = machine.bazelw("--toolbox-burn")
    assert done.returncode == 1
    assert "unknown switch --toolbox-burn" in done.stderr


def test_help_names_every_switch_and_variable(machine):
    text = machine.bazelw("--toolbox-help").stdout
    sources = BAZELW.read_text() + "".join(
        (PARTS / f"{part}.sh").read_text() for part in parts_in_order()
    )
    for word in set(re.findall(r"--toolbox-[a-z]+|(?:RULES_)?CORTEX_M_[A-Z]+", sources)):
        assert word in text, word


def test_info_before_anything_is_made(machine):
    done = machine.bazelw("--toolbox-info")
    assert done.returncode == 0
    assert (
        "bazel:   the toolbox's\npython:  no Python 3.11 found\ntoolbox: not made yet"
        in done.stdout
    )
    assert not machine.cache.exists()


MIRRORS = """
https://packages.example.com/apt main
https://mirror.example.com/debian-security/ main
https://mirror.example.com/debian/ contrib
https://mirror.example.com/debian/ main
https://other.example.com/debian main
"""


def test_the_mirror_is_the_one_apt_uses(machine):
    machine.install("apt-get", f"echo '{MIRRORS}'")
    assert machine.run(*machine.script("mirror")).stdout == "https://mirror.example.com/debian/\n"
    own = machine.run(*machine.script("mirror"), RULES_CORTEX_M_MIRROR="file:///own")
    assert own.stdout == "file:///own\n"


def test_no_mirror_is_an_error_with_the_way_out(machine):
    machine.install("apt-get")
    done = machine.run(*machine.script("fetch_packages /nowhere /nowhere"))
    assert done.returncode == 1
    assert "name one in RULES_CORTEX_M_MIRROR" in done.stderr


# Stands in for the slow steps.
QUICK = """
need_for_making() { mkdir -p "$CACHE/toolbox"; }
unpack_packages() { :; }
settle() { :; }
fetch_packages() { echo made >>"$CACHE/made"; sleep 1; touch "$1/names"; }
"""


def test_two_makers_make_it_once(machine):
    command = machine.script(QUICK + "toolbox_make; [[ -e $TOOLBOX/complete ]]")
    makers = [machine.start(*command) for _ in range(3)]
    assert [maker.wait(timeout=60) for maker in makers] == [0, 0, 0]
    assert (machine.cache / "rules_cortex_m/made").read_text() == "made\n"
    for maker in makers:
        maker.communicate()


def test_a_failure_leaves_no_toolbox_and_the_next_try_cleans_up(machine):
    broken = machine.run(*machine.script(QUICK + "settle() { false; }\ntoolbox_make"))
    assert broken.returncode == 1
    folder = machine.cache / "rules_cortex_m/toolbox"
    (made,) = folder.glob("*.making")
    assert not (folder / made.stem).exists()
    assert machine.run(*machine.script(QUICK + "toolbox_make")).returncode == 0
    assert (folder / made.stem / "complete").exists()
    assert not list(folder.glob("*.making"))


def test_a_changed_recipe_makes_another_toolbox(machine, tmp_path):
    copy = tmp_path / "toolbox"
    shutil.copytree(PARTS, copy)
    name = f'TOOLBOX_SRC={copy}; . {copy}/common.sh; . {copy}/recipe.sh; echo "$TOOLBOX_ID"'
    before = machine.run("bash", "-c", name).stdout
    with (copy / "recipe.sh").open("a") as recipe:
        recipe.write("TOOLBOX_PACKAGES+=(another)\n")
    assert re.fullmatch(r"[0-9a-f]{12}\n", before)
    assert machine.run("bash", "-c", name).stdout != before


def test_clean_removes_read_only_folders_too_and_nothing_else(machine):
    inner = machine.cache / "rules_cortex_m/bazel/x"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    inner.chmod(0o555)
    (machine.cache / "other").touch()
    assert machine.bazelw("--toolbox-clean").returncode == 0
    assert os.listdir(machine.cache) == ["other"]


def test_clean_waits_for_nobody(machine):
    maker = machine.start(
        *machine.script(QUICK + 'fetch_packages() { touch "$CACHE/on"; sleep 5; }\ntoolbox_make')
    )
    while not (machine.cache / "rules_cortex_m/on").exists():
        assert maker.poll() is None
    done = machine.bazelw("--toolbox-clean")
    assert done.returncode == 1
    assert "another bazelw is making the toolbox" in done.stderr
    maker.kill()
    maker.communicate()


def test_every_stub_module_is_overridden(machine):
    stubs = machine.run(
        *machine.script('printf "%s\\n" "${TOOLBOX_STUB_MODULES[@]}"')
    ).stdout.split()
    overridden = re.findall(
        r"--override_module=(\w+)=/usr/share/bazel/stubs/", (PARTS / "toolbox.bazelrc").read_text()
    )
    assert sorted(stubs) == sorted(overridden)
