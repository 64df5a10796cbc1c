# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the machine itself offers: a Bazel, a Python 3.11, a Debian mirror.

# Prints the machine's own Bazel, or fails when the toolbox is to be used.
choose_bazel() {
  case "${RULES_CORTEX_M_TOOLBOX:-auto}" in
    always) return 1 ;;
    never)
      host_bazel || die "RULES_CORTEX_M_TOOLBOX=never, and no bazel >= 7.7 or bazelisk on PATH"
      ;;
    auto)
      command -v arm-none-eabi-gcc >/dev/null && command -v qemu-system-arm >/dev/null && host_bazel
      ;;
    *) die "RULES_CORTEX_M_TOOLBOX is '$RULES_CORTEX_M_TOOLBOX'; it may be auto, always or never" ;;
  esac
}

# Prints the first Bazel >= 7.7 (or Bazelisk) on PATH.
host_bazel() {
  local name path version
  for name in bazel bazelisk; do
    path=$(command -v "$name") || continue
    # --version starts no server; Bazelisk without network fails here, which is what we want to know.
    version=$("$path" --version 2>/dev/null | sed -n 's/^bazel \([0-9][0-9.]*\).*/\1/p') || continue
    if [[ -n $version && $(printf '7.7\n%s\n' "$version" | sort -V | head -n 1) == 7.7 ]]; then
      printf '%s\n' "$path"
      return 0
    fi
  done
  return 1
}

# Sets HOST_PYTHON to the real path of the machine's Python 3.11, or to nothing.
find_python() {
  # shellcheck disable=SC2034
  HOST_PYTHON=$("${CORTEX_M_PYTHON:-python3.11}" -I -c 'import os, sys
if sys.version_info[:2] == (3, 11): print(os.path.realpath(sys._base_executable))' 2>/dev/null) || true
}

# Prints the shared libraries (soname, path) that the Python at $1 and its extension modules load.
python_libraries() {
  "$1" -I -c 'import glob, sys, sysconfig
print(sys.executable, *glob.glob(sysconfig.get_path("platstdlib") + "/lib-dynload/*.so"), sep="\n")' |
    xargs ldd 2>/dev/null | awk '$2 == "=>" && $3 ~ "^/" { print $1, $3 }' | sort -u
}

# Prints the Debian mirror of the machine's own apt configuration, which apt reads in all its formats.
mirror() {
  if [[ -n ${RULES_CORTEX_M_MIRROR-} ]]; then
    printf '%s\n' "$RULES_CORTEX_M_MIRROR"
    return
  fi
  # Without --no-release-info it would tell only what `apt-get update` has fetched.
  # shellcheck disable=SC2016
  apt-get indextargets --no-release-info --format '$(REPO_URI) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk '$1 ~ "/debian(/|$)" && $2 == "main" && !found++ { print $1 }'
}
