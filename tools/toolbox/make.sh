# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Makes the toolbox: a Debian root with Bazel, the Arm compiler and QEMU, unpacked from the packages of
# the mirror this machine's apt is configured with. Needs no root and touches nothing outside $CACHE.
# Packages are unpacked, not installed: the few of their install steps that matter here are in settle().

# Makes the toolbox unless it is there.
toolbox_make() {
  [[ -e $TOOLBOX/complete ]] && return 0
  need_for_making
  local lock
  exec {lock}>"$CACHE/toolbox/lock"
  if ! flock -n "$lock"; then
    say "another bazelw is making the toolbox; waiting for it"
    flock "$lock"
  fi
  if [[ ! -e $TOOLBOX/complete ]]; then
    make_locked
  fi
  exec {lock}>&-
}

need_for_making() {
  local tool space
  for tool in apt-get dpkg-deb flock; do
    command -v "$tool" >/dev/null || die "this machine has no $tool (is it Debian?), so the toolbox cannot be made: $OWN_TOOLS"
  done
  mkdir -p "$CACHE/toolbox"
  space=$(df -Pm "$CACHE/toolbox" | awk 'END { print $4 }')
  ((space > 4000)) || die "$CACHE has $space MB left and the toolbox needs 4000: make room, or set XDG_CACHE_HOME"
}

make_locked() {
  local begin=$SECONDS store=$CACHE/toolbox/downloads work=$TOOLBOX.making
  say "making the toolbox in $CACHE/toolbox (once; a few minutes, 3 GB)"
  for stale in "$CACHE"/toolbox/*.making; do
    remove_tree "$stale"
  done
  mkdir -p "$work/apt" "$work/root"
  fetch_packages "$work/apt" "$store"
  unpack_packages "$work/apt" "$store" "$work/root"
  settle "$work/root"
  mv "$work/apt/names" "$work/packages"
  rm -rf "$work/apt"
  touch "$work/complete"
  remove_tree "$TOOLBOX"
  mv -T "$work" "$TOOLBOX"
  rm -rf "$store"
  say "toolbox ready after $((SECONDS - begin)) s"
}

# Downloads the packages into $2 (kept over interruptions); writes $1/names, their file names.
fetch_packages() {
  local state=$1 store=$2 uri name total keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  uri=$(mirror)
  [[ -n $uri ]] || die "apt is configured with no Debian mirror: name one in RULES_CORTEX_M_MIRROR"
  [[ -r $keyring ]] || die "Debian's signing keys are missing: apt-get install debian-archive-keyring"
  mkdir -p "$state/lists/partial" "$state/parts" "$state/empty/partial" "$store/partial"
  for name in "${TOOLBOX_LEFT_OUT[@]}"; do
    printf 'Package: %s\nStatus: install ok installed\nArchitecture: all\nVersion: 99:0\n' "$name"
    printf 'Maintainer: toolbox\nDescription: left out\n\n'
  done >"$state/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$TOOLBOX_SUITE" >"$state/sources.list"
  # Read after the machine's own files: its proxies, certificates and credentials stay in force.
  cat >"$state/apt.conf" <<CONF
#clear APT::Update;
#clear DPkg;
Dir::State "$state";
Dir::State::lists "$state/lists";
Dir::State::status "$state/status";
Dir::Cache "$state";
Dir::Cache::archives "$store";
Dir::Etc::sourcelist "$state/sources.list";
Dir::Etc::sourceparts "$state/parts";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$state/parts";
Acquire::Check-Valid-Until "false"; // a mirror may be a snapshot
Acquire::Languages "none";
Acquire::Retries "3";
APT::Install-Recommends "false";
APT::Sandbox::User "";
CONF
  say "reading the package list of Debian $TOOLBOX_SUITE"
  run_apt "$state" update
  # Listed against an empty store, because apt leaves out what is already downloaded.
  run_apt "$state" -o Dir::Cache::archives="$state/empty" install --print-uris "${TOOLBOX_PACKAGES[@]}"
  sed -n "s/^'[^']*' //p" "$state/log" | awk -v out="$state/names" '{ print $1 > out; s += $2 } END { print int(s / 1e6) }' >"$state/megabytes"
  total=$(cat "$state/megabytes")
  say "downloading $(wc -l <"$state/names") packages, $total MB"
  watching "downloaded" "of $total MB" megabytes_in "$store"
  run_apt "$state" install --download-only "${TOOLBOX_PACKAGES[@]}"
  watching_ends
}

# Runs apt-get with the private configuration; its output goes to $1/log.
run_apt() {
  local state=$1
  shift
  apt-get -c "$state/apt.conf" -q -y "$@" >"$state/log" 2>&1 && return 0
  grep -E '^(E|W):' "$state/log" | head -n 5 >&2
  die "apt could not get Debian $TOOLBOX_SUITE from $(mirror), see above: check the network, name another mirror" \
    "in RULES_CORTEX_M_MIRROR, or do without the toolbox: $OWN_TOOLS"
}

megabytes_in() { du -sm "$1" | cut -f1; }
count_in() { wc -l <"$1"; }

# From here to watching_ends says now and then how far the work is: "$1 <output of ${@:3}> $2".
# The work itself stays in the foreground, where an interrupt ends it.
watching() {
  local before=$1 after=$2
  shift 2
  while sleep 10 && kill -0 $$ 2>/dev/null; do
    say "$before $("$@") $after"
  done &
  WATCHER=$!
  trap watching_ends EXIT
}

watching_ends() {
  trap - EXIT
  kill "$WATCHER" 2>/dev/null || true
  wait "$WATCHER" 2>/dev/null || true
}

# Unpacks the packages named in $1/names from $2 into the root $3, two at a time, without their manuals.
unpack_packages() {
  local state=$1 store=$2 root=$3 name
  for name in bin lib lib64 sbin; do
    mkdir -p "$root/usr/$name"
    ln -s "usr/$name" "$root/$name"
  done
  : >"$state/done"
  watching "unpacked" "of $(wc -l <"$state/names") packages" count_in "$state/done"
  # shellcheck disable=SC2016
  xargs -P "$(nproc)" -I{} bash -c '
    set -euo pipefail
    dpkg-deb --fsys-tarfile "$1/$4" | tar -x -C "$2" --no-same-owner --no-same-permissions \
      --keep-directory-symlink --exclude="./usr/share/doc/*" --exclude="./usr/share/man/*" \
      --exclude="./usr/share/info/*" --exclude="./usr/share/locale/*"
    echo >>"$3"' - "$store" "$root" "$state/done" {} <"$state/names" ||
    die "a package could not be unpacked, see above; run bazelw again"
  watching_ends
}

# What the packages' install scripts would have done, as far as it matters here, and what Bazel lacks there.
settle() {
  local root=$1 name
  ln -sf mawk "$root/usr/bin/awk"
  ln -sf gcc "$root/usr/bin/cc"
  ln -sf g++ "$root/usr/bin/c++"
  ln -sf ../lib/jvm/default-java/bin/java "$root/usr/bin/java"
  for name in "${TOOLBOX_STUB_MODULES[@]}"; do
    mkdir -p "$root/usr/share/bazel/stubs/$name"
    printf 'module(name = "%s")\n' "$name" >"$root/usr/share/bazel/stubs/$name/MODULE.bazel"
    : >"$root/usr/share/bazel/stubs/$name/BUILD.bazel"
  done
  # toolbox.bazelrc says what is right here.
  rm -f "$root/etc/bazel/bazelrc"
  rm -rf "${root:?}"/{boot,home,media,mnt,opt,root,run,srv,tmp,var,usr/local,etc/ssl}
  mkdir -p "$root"/{dev,proc,sys} "$root/usr/local" "$root/etc/ssl"
  find_bwrap "$root"
  local inside=("${BWRAP[@]}" --bind "$root" / --dev-bind /dev /dev --bind /proc /proc --bind /tmp /tmp
    --setenv PATH /usr/sbin:/usr/bin --setenv USER toolbox)
  "${inside[@]}" ldconfig || die "bubblewrap does not work here: it needs root or unprivileged user namespaces" \
    "(sysctl -w kernel.unprivileged_userns_clone=1); or do without the toolbox: $OWN_TOOLS"
  # Debian's Bazel does not know its own version, which rule sets and `bazel version` ask for.
  "${inside[@]}" python3 -c 'import sys, zipfile
label = open("/usr/share/bazel/build-label.txt").read().strip()
with zipfile.ZipFile("/usr/share/bazel/A-server.jar", "a") as jar:
    jar.writestr("build-data.properties", f"build.label={label}\n")'
  trust_certificates "$root" "${inside[@]}"
  # Everything must start before the toolbox counts as made.
  for name in 'bazel --install_base=/usr/share/bazel --trust_install_base --version' 'arm-none-eabi-gcc --version' \
    'qemu-system-arm --version' 'gcc --version'; do
    # shellcheck disable=SC2086
    "${inside[@]}" $name >/dev/null || die "the toolbox is broken: '$name' does not start in it"
  done
}

# Lets Bazel's downloads trust what the machine trusts: its certificates in Java's format. ${@:2} runs inside.
trust_certificates() {
  local root=$1 certs=$1/etc/ssl/certs
  shift
  mkdir -p "$certs/java"
  find -L /etc/ssl/certs -name '*.pem' -exec cp -L -t "$certs" {} + 2>/dev/null || true
  find "$certs" -name '*.pem' -printf '+/etc/ssl/certs/%f\n' |
    "$@" java -jar /usr/share/ca-certificates-java/ca-certificates-java.jar -storepass changeit >/dev/null 2>&1 ||
    say "no certificates for Bazel: it will download nothing over https"
  # The machine's own /etc/ssl hides this one later.
  [[ ! -s $certs/java/cacerts ]] || mv "$certs/java/cacerts" "$root/usr/lib/jvm/default-java/lib/security/cacerts"
  rm -rf "$root/etc/ssl" && mkdir "$root/etc/ssl"
}
