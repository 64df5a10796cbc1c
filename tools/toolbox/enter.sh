# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Runs a command inside the toolbox: its own /usr and /etc, the machine's everything else.

# Sets BWRAP to bubblewrap's command line: the machine's own if it has one (it may be permitted where
# another is not), else the one in the toolbox at $1, started by the toolbox's loader.
find_bwrap() {
  local root=$1 loader
  BWRAP=(bwrap)
  command -v bwrap >/dev/null && return
  for loader in "$root"/lib64/ld-linux-*.so.* "$root"/lib/ld-linux-*.so.*; do
    [[ ! -e $loader ]] || break
  done
  BWRAP=("$loader" --library-path "$(echo "$root"/usr/lib/*-linux-gnu)" "$root/usr/bin/bwrap")
}

# Sets BINDS: what of the machine is seen inside.
find_binds() {
  local root=$1 name
  BINDS=(--dev-bind /dev /dev --bind /proc /proc --ro-bind /sys /sys)
  for name in /*; do
    case "$name" in
      /bin | /boot | /dev | /etc | /lib* | /lost+found | /proc | /sbin | /sys | /usr) ;;
      *) [[ ! -d $name ]] || BINDS+=(--bind "$name" "$name") ;;
    esac
  done
  for name in /usr/local /etc/ssl /etc/pki /etc/ca-certificates; do
    [[ ! -d $name ]] || BINDS+=(--bind "$name" "$name")
  done
  for name in group hosts localtime passwd pip.conf resolv.conf xdg/pip; do
    [[ ! -e /etc/$name ]] || BINDS+=(--ro-bind "$(readlink -f "/etc/$name")" "/etc/$name")
  done
  python_binds "$root"
}

# Adds the machine's Python: its files, if they lie in /usr, and the libraries it loads and the toolbox lacks.
# That list is kept beside the toolbox, by Python's path and date.
python_binds() {
  local root=$1 python=$HOST_PYTHON list name path libs
  [[ -n $python ]] || return 0
  for name in "$python" "/usr/lib/${python##*/}" /usr/lib/python3/dist-packages; do
    [[ $python != /usr/bin/* || ! -e $name ]] || BINDS+=(--ro-bind "$name" "$name")
  done
  list=$TOOLBOX/python-$(stat -Lc '%n %Y' "$python" | cksum | cut -d' ' -f1)
  if [[ ! -e $list ]]; then
    libs=$(cd "$root" && echo usr/lib/*-linux-gnu)
    python_libraries "$python" | while read -r name path; do
      # An empty file is the place where an earlier bind was put.
      [[ -s $root/$libs/$name ]] || printf '%s /%s/%s\n' "$path" "$libs" "$name"
    done >"$list.$$"
    mv "$list.$$" "$list"
  fi
  while read -r path name; do
    BINDS+=(--ro-bind "$path" "$name")
  done <"$list"
}

# Becomes the command "$@" inside the toolbox.
#
# The process tree, network, /tmp and terminal are the machine's, so that the Bazel server lives on between
# calls and a client finds it again. An interrupt from the terminal reaches the command itself; bwrap
# ignores it and waits. When bwrap is terminated, so is the command (not the server).
toolbox_enter() {
  local root=$TOOLBOX/root
  find_bwrap "$root"
  find_binds "$root"
  trap '' INT
  # A user whom /etc/passwd does not list is known to Bazel by USER.
  USER=${USER:-$(id -un 2>/dev/null || :)} exec "${BWRAP[@]}" --bind "$root" / "${BINDS[@]}" --chdir "$PWD" \
    --setenv PATH "$PATH:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" \
    -- setpriv --pdeathsig TERM env --default-signal=INT "$@"
}
