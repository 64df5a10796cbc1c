#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs %{label}: boots the image, then checks its exit status and what it printed.
set -u

runfiles=${RUNFILES_DIR:-${TEST_SRCDIR:-$0.runfiles}}
export RUNFILES_DIR="$runfiles"
log=${TEST_TMPDIR:-/tmp}/console.$$

# Relative names keep the semihosting command line short: it has to fit the device's buffer.
cd "$runfiles" || exit 1
./%{runner} %{arguments} >"$log" 2>&1
status=$?
cat "$log"

failed=0
if [ "$status" -ne %{exit_status} ]; then
  echo "FAILED: exit status $status, expected %{exit_status}"
  failed=1
fi
while IFS= read -r expected; do
  if [ -n "$expected" ] && ! grep -qF -e "$expected" "$log"; then
    echo "FAILED: the console never showed: $expected"
    failed=1
  fi
done <<'EXPECTED'
%{expected_output}
EXPECTED
rm -f "$log"
exit $failed
