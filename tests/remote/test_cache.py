# SPDX-License-Identifier: Apache-2.0
"""BuildGrid as a remote cache that two checkouts share."""

from support import IMAGE, IMAGE_TEST, MATRIX, differences, outputs


def test_a_second_checkout_executes_nothing(clean, cluster, first):
    work = first.matrix.executed()
    assert work["CortexMLower"] == 3
    assert work["CortexMPlan"] == 11
    assert work["CppLink"] == 11
    assert work["CppCompile"] > 11 * 50
    result = clean.build(f"--remote_cache={cluster.address}", *MATRIX, log_spawns=True)
    assert result.executed() == {}
    assert result.cache_hits() == work
    assert outputs(result) == outputs(first.matrix)


def test_without_the_bytes_nothing_is_fetched_that_nobody_reads(clean, cluster, first):
    options = (f"--remote_cache={cluster.address}", "--remote_download_minimal")
    result = clean.build(*options, *IMAGE, log_spawns=True)
    assert result.executed() == {}
    assert differences(result, first.outputs) == []
    image = result.files["firmware/m55_app.elf"]
    assert not image.exists()
    # Fetched when it is booted.
    booted = clean.test(*options, IMAGE_TEST, log_spawns=True)
    assert set(booted.executed()) == {"TestRunner"}
    assert image.exists()
