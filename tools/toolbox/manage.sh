# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# --toolbox-info and --toolbox-clean.

toolbox_info() {
  local bazel name
  if bazel=$(choose_bazel); then
    echo "bazel:   $bazel ($("$bazel" --version))"
  else
    echo "bazel:   the toolbox's"
  fi
  find_python
  echo "python:  ${HOST_PYTHON:-no Python 3.11 found}"
  if [[ ! -e $TOOLBOX/complete ]]; then
    echo "toolbox: not made yet; it will be $TOOLBOX"
    return
  fi
  echo "toolbox: $TOOLBOX ($(du -sh "$TOOLBOX" | cut -f1))"
  # Package file names are NAME_VERSION_ARCHITECTURE.deb.
  for name in bazel-bootstrap gcc-arm-none-eabi picolibc-arm-none-eabi qemu-system-arm; do
    sed -n "s/^${name}_\(.*\)_[a-z0-9]*\.deb$/  $name \1/p" "$TOOLBOX/packages" | sed 's/%3a/:/'
  done
  echo "builds:  $CACHE/bazel"
}

toolbox_clean() {
  local lock file
  mkdir -p "$CACHE/toolbox"
  exec {lock}>"$CACHE/toolbox/lock"
  flock -n "$lock" || die "another bazelw is making the toolbox; wait for it or stop it"
  for file in "$CACHE"/bazel/*/server/server.pid.txt; do
    [[ ! -e $file ]] || stop_server "$(cat "$file")"
  done
  say "removing $CACHE"
  remove_tree "$CACHE"
}

# Stops the Bazel server with process id $1, if that is what it still is.
stop_server() {
  grep -qs -- "--output_user_root=$CACHE/bazel" "/proc/$1/cmdline" || return 0
  kill "$1"
  while [[ -e /proc/$1 ]]; do sleep 0.1; done
}
