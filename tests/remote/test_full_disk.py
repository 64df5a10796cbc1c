# SPDX-License-Identifier: Apache-2.0
"""A server whose disk takes no more."""

import pytest
from cortex_m_cluster import Cluster
from support import PACKAGES, SMALL, differences

# Less than the results of SMALL, and than the inputs of any of its actions.
DISK_BYTES = 100_000


@pytest.fixture(scope="module")
def full(tmp_path_factory):
    folder = tmp_path_factory.mktemp("full")
    with Cluster(PACKAGES, folder, jobs=2, disk_bytes=DISK_BYTES) as started:
        yield started
    assert "No space left on device" in (folder / "buildgrid/log").read_text()


def test_a_cache_keeps_what_it_has_room_for(clean, first, full):
    options = (f"--remote_cache={full.address}", "--remote_retries=0", "--remote_download_all")
    result = clean.build(*options, *SMALL, log_spawns=True)
    assert result.executed()["CppLink"] == 1
    assert result.cache_hits() == {}
    assert differences(result, first.outputs) == []
    clean.run("clean")
    again = clean.build(*options, *SMALL, log_spawns=True)
    assert again.cache_hits()["CppCompile"] >= 1
    assert again.executed()["CppLink"] == 1
    assert differences(again, first.outputs) == []


def test_machines_without_room_for_inputs_are_not_used(clean, first, full):
    options = ("--config=remote", f"--remote_executor={full.address}", "--remote_retries=0")
    strict = clean.build(*options, "--noremote_local_fallback", *SMALL, expect=None)
    assert strict.exit_code == 34, strict.stderr
    assert "Error while uploading artifact with digest" in strict.stderr
    result = clean.build(*options, *SMALL, log_spawns=True)
    assert result.executed()["CppLink"] == 1
    assert not result.ran_by("remote")
    assert differences(result, first.outputs) == []
