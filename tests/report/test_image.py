# SPDX-License-Identifier: Apache-2.0
"""Reports of linked images: the sums are the image's, and `--report` shows the summary."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

IMAGES = ["M4_APP", "SEVERAL"]


APP = os.environ["M4_APP"].removesuffix(".elf")


def file_of(image: str, ending: str) -> Path:
    (path,) = (Path(p) for p in os.environ[f"{image}_REPORT"].split() if p.endswith(ending))
    return path


def read(image: str, ending: str = ".report.json") -> dict:
    return json.loads(file_of(image, ending).read_text())


@pytest.mark.parametrize("image", IMAGES)
def test_flash_and_ram_are_those_of_the_size_report(image):
    report, size = read(image), read(image, ".size.json")
    used = {region["name"]: region["used"] for region in size["regions"]}
    assert report["flash"]["bytes"] == used.pop("FLASH")
    assert report["ram"]["bytes"] == sum(used.values())


def test_flash_is_what_is_loaded():
    with Path(os.environ["M4_APP"]).open("rb") as file:
        elf = ELFFile(file)
        loaded = sum(segment["p_filesz"] for segment in elf.iter_segments("PT_LOAD"))
    assert read("M4_APP")["flash"]["bytes"] == pytest.approx(loaded, abs=64)  # alignment gaps


@pytest.mark.parametrize("image", IMAGES)
def test_kernels_tables_and_runtime_are_recognized(image):
    groups = {group["name"]: group["bytes"] for group in read(image)["flash"]["groups"]}
    assert min(groups[name] for name in ("kernels", "tables", "weights", "plan", "runtime")) > 0
    assert groups["padding"] < 512


@pytest.mark.parametrize("image", IMAGES)
def test_every_kernel_of_the_steps_has_its_flash(image):
    for model in read(image)["models"]:
        for step in model["steps"]:
            assert step["kernel"] is None or step["kernel_bytes"] > 0


def test_all_models_are_in_it_and_the_arena_is_counted_once():
    report = read("SEVERAL")
    models = {model["name"]: model["arena"]["bytes"] for model in report["models"]}
    assert len(models) > 1
    assert report["ram"]["arena"] < sum(models.values())
    page = file_of("SEVERAL", ".report.html").read_text()
    assert all(f'id="arena-{name}-0"' in page for name in models)


def test_report_shows_the_summary_and_boots_nothing():
    done = subprocess.run([APP, "--report"], check=True, capture_output=True)
    assert done.stdout == file_of("M4_APP", ".report.txt").read_bytes()
    assert len(done.stdout.splitlines()) <= 25


def test_report_html_holds_the_instructions_of_a_run(tmp_path):
    page = tmp_path / "page.html"
    subprocess.run([APP, f"--report_html={page}"], check=True)
    assert "instructions per inference" in page.read_text()
    assert "instructions per inference" not in file_of("M4_APP", ".report.html").read_text()
