#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Boots %{label} in QEMU. Arguments reach the firmware as its semihosting command line.
set -eu

elf=%{elf}
machine=%{machine}
qemu=%{qemu}

if [ -z "$machine" ]; then
  echo "%{label}: board %{board} names no QEMU machine; flash ${elf##*/} with the board's own tool" >&2
  exit 3
fi

# `bazel run` and `bazel test` set one of the variables; by hand the folder is beside this script.
runfiles=${RUNFILES_DIR:-${TEST_SRCDIR:-$0.runfiles}}
semihosting=enable=on,target=native,chardev=console
for argument in "$@"; do
  semihosting=$semihosting,arg=$(printf %s "$argument" | sed 's/,/,,/g')
done
# -icount makes virtual time, and so the instruction counter, exact.
exec "$runfiles/$qemu" -M "$machine" %{machine_args} -display none -monitor none \
  -icount shift=0 -semihosting-config "$semihosting" -kernel "$runfiles/$elf"
