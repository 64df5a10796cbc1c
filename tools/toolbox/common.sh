# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# Words the other parts share: messages and places.

say() { printf 'bazelw: %s\n' "$*" >&2; }

die() {
  printf 'bazelw: error: %s\n' "$*" >&2
  exit 1
}

CACHE=${XDG_CACHE_HOME:-${HOME:?bazelw needs HOME or XDG_CACHE_HOME}/.cache}/rules_cortex_m

# Removes a tree, its read-only folders too (Bazel makes such).
remove_tree() {
  [[ -e $1 ]] || return 0
  chmod -R u+w "$1" 2>/dev/null || true
  rm -rf "$1"
}

OWN_TOOLS="install Bazel >= 7.7 or Bazelisk, arm-none-eabi-gcc and qemu-system-arm yourself"
