#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Boots %{label} in QEMU. Arguments reach the firmware as its semihosting command line; before them:
#   --profile              shows afterwards what the models executed, step by step
#   --profile_json=FILE    writes that to a file as JSON, too
set -eu

elf=%{elf}
machine=%{machine}
qemu=%{qemu}
counter=%{counter}

profile=
profile_json=
while [ $# -gt 0 ]; do
  case $1 in
    --profile) profile=yes ;;
    --profile_json=?*)
      profile=yes
      # Beside where the person is, not where Bazel runs this.
      profile_json=${1#*=}
      case $profile_json in /*) ;; *) profile_json=${BUILD_WORKING_DIRECTORY:-$PWD}/$profile_json ;; esac
      ;;
    *) break ;;
  esac
  shift
done

if [ -z "$machine" ]; then
  if [ -n "$profile" ]; then
    echo "%{label}: board %{board} names no QEMU machine, and the profile counts in QEMU; build the firmware for an emulated board too" >&2
    exit 3
  fi
  echo "%{label}: board %{board} names no QEMU machine; flash ${elf##*/} with the board's own tool" >&2
  exit 3
fi
if [ -n "$profile" ] && [ -z "$counter" ]; then
  echo "%{label}: the emulator's toolchain has no counter plugin, which the profile needs; the machine's own QEMU gets it where there is a C compiler: apt-get install gcc" >&2
  exit 3
fi

# `bazel run` and `bazel test` set one of the variables; by hand the folder is beside this script.
runfiles=${RUNFILES_DIR:-${TEST_SRCDIR:-$0.runfiles}}
semihosting=enable=on,target=native,chardev=console
for argument in "$@"; do
  semihosting=$semihosting,arg=$(printf %s "$argument" | sed 's/,/,,/g')
done
# -icount makes virtual time, and so the instruction counter, exact.
set -- "$runfiles/$qemu" -M "$machine" %{machine_args} -display none -monitor none \
  -icount shift=0 -semihosting-config "$semihosting" -kernel "$runfiles/$elf"
if [ -n "$profile" ]; then
  export PYTHONPATH="$runfiles"/%{imports}
  set -- "$runfiles"/%{interpreter} -S -s -B -m cortex_m_profile --image "$runfiles"/%{image} \
    --plugin "$runfiles/$counter" ${profile_json:+"--json=$profile_json"} -- "$@"
fi
exec "$@"
