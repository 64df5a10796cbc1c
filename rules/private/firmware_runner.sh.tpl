#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Boots %{label} in QEMU. Arguments reach the firmware as its semihosting command line; before them:
#   --profile              shows afterwards what the models executed, step by step
#   --profile_json=FILE    writes that to a file as JSON, too
#   --qemu=FILE            boots in this qemu-system-arm
#   --counter=FILE         counts with this plugin
#   --plugin=FILE[,...]    loads a plugin into the emulator
#   --report               shows what is in flash and RAM, instead of booting
#   --report_html=FILE     writes the report as a page, with the instructions of this run
set -eu

elf=%{elf}
machine=%{machine}
# `bazel run` and `bazel test` set one of the variables; by hand the folder is beside this script.
runfiles=${RUNFILES_DIR:-${TEST_SRCDIR:-$0.runfiles}}
qemu=$runfiles/%{qemu}
counter=%{counter}
counter=${counter:+$runfiles/$counter}

# Beside where the person is, not where Bazel runs this.
beside() {
  case $1 in /*) echo "$1" ;; *) echo "${BUILD_WORKING_DIRECTORY:-$PWD}/$1" ;; esac
}

profile=
quiet=--quiet
profile_json=
report_html=
plugin=
while [ $# -gt 0 ]; do
  case $1 in
    --profile) profile=yes quiet= ;;
    --profile_json=?*) profile=yes quiet= profile_json=$(beside "${1#*=}") ;;
    --qemu=?*) qemu=${1#*=} ;;
    --counter=?*) counter=${1#*=} ;;
    --plugin=?*) plugin=${1#*=} ;;
    --report) exec cat "$runfiles"/%{report_text} ;;
    --report_html=?*) profile=yes report_html=$(beside "${1#*=}") ;;
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

semihosting=enable=on,target=native,chardev=console
for argument in "$@"; do
  semihosting=$semihosting,arg=$(printf %s "$argument" | sed 's/,/,,/g')
done
# -icount makes virtual time, and so the instruction counter, exact.
set -- "$qemu" -M "$machine" %{machine_args} -display none -monitor none \
  -icount shift=0 -semihosting-config "$semihosting" ${plugin:+-plugin "$plugin"} -kernel "$runfiles/$elf"
if [ -z "$profile" ]; then
  exec "$@"
fi

PYTHONPATH=
for import in %{imports}; do
  PYTHONPATH=${PYTHONPATH:+$PYTHONPATH:}$runfiles/$import
done
export PYTHONPATH
python() {
  "$runfiles"/%{interpreter} -S -s -B -m "$@"
}
if [ -n "$report_html" ] && [ -z "$profile_json" ]; then
  profile_json=$(mktemp)
  trap 'rm -f "$profile_json"' EXIT
fi
status=0
python cortex_m_profile --image "$runfiles"/%{image} --plugin "$counter" $quiet \
  ${profile_json:+"--json=$profile_json"} -- "$@" || status=$?
if [ -n "$report_html" ] && [ -s "$profile_json" ]; then
  python cortex_m_report --report "$runfiles"/%{report_json} --profile "$profile_json" --html "$report_html"
  echo "report: $report_html"
fi
exit $status
