#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Counts the instructions of %{label} and holds them against the recorded ones;
# `--measure FILE` writes the profile to a file instead.
set -eu

runfiles=${RUNFILES_DIR:-${TEST_SRCDIR:-$0.runfiles}}
export RUNFILES_DIR="$runfiles"
work=$(mktemp -d "${TEST_TMPDIR:-/tmp}/benchmark.XXXXXX")
trap 'rm -rf "$work"' EXIT
out=$work/profile.json
if [ "${1:-}" = --measure ]; then
  out=$2
fi

# Relative names keep the semihosting command line short: it has to fit the device's buffer.
cd "$runfiles"
./%{runner} %{arguments} "--profile_json=$out" %{vectors} >"$work/console" 2>&1 || {
  status=$?
  cat "$work/console"
  echo "FAILED: %{label}: exit status $status"
  exit 1
}
if [ "${1:-}" != --measure ]; then
  PYTHONPATH=%{imports} %{interpreter} -S -s -B -m cortex_m_profile.benchmark check \
    --key %{key} --recorder %{recorder} --bound %{bound} --record %{record} --profile "$out"
fi
