# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What is in the toolbox. Its folder is named by a hash of this file and of make.sh,
# so a changed recipe makes a new toolbox.

TOOLBOX_SUITE=unstable # the only Debian suite with Bazel 7.7 and a GCC that knows every core

TOOLBOX_PACKAGES=(
  '?essential'
  bazel-bootstrap
  bubblewrap
  buildbox
  ca-certificates
  default-jre-headless
  gcc-arm-none-eabi
  git
  picolibc-arm-none-eabi
  postgresql
  qemu-system-arm
)

# Named by a dependency and told to apt as installed: the Java compiler is 350 MB that nothing here uses.
TOOLBOX_LEFT_OUT=(default-jdk-headless)

# Modules that Bazel's own @bazel_tools names and that no Debian package holds. Nothing here uses
# them, so empty ones stand in for what the module registry would give.
TOOLBOX_STUB_MODULES=(apple_support buildozer protobuf zlib)

TOOLBOX_ID=$(cat "$TOOLBOX_SRC/recipe.sh" "$TOOLBOX_SRC/make.sh" | sha256sum | cut -c1-12)
TOOLBOX=$CACHE/toolbox/$TOOLBOX_ID
