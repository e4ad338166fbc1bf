#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Runs a command inside a build root: enter.sh ROOT [FROM:TO[:ro]]... -- COMMAND...
# Each FROM is a folder of this machine seen as TO inside. Nothing of this machine's environment
# goes along; all mounts end with the command.
set -eu
root=$1
shift
binds=()
while [ "$1" != -- ]; do
    binds+=("$1")
    shift
done
shift
[ "$(id -u)" -eq 0 ] || {
    echo "The image is put together in a build root of its own, which needs root (chroot)." >&2
    exit 1
}

inside() { # in namespaces of our own
    local root=$1 count=$2 bind from to node
    shift 2
    mount --make-rprivate /
    for bind in "${@:1:count}"; do
        IFS=: read -r from to mode <<<"$bind"
        mkdir -p "$root$to"
        mount --bind "$from" "$root$to"
        [ "$mode" != ro ] || mount -o remount,bind,ro "$root$to"
    done
    shift "$count"
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=1777 tmp "$root/tmp" # two builds in one root do not meet there
    mount -t tmpfs -o mode=755 dev "$root/dev"
    for node in null zero full random urandom tty; do
        : >"$root/dev/$node"
        mount --bind "/dev/$node" "$root/dev/$node"
    done
    mkdir -m 1777 "$root/dev/shm"
    ln -s /proc/self/fd "$root/dev/fd"
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TZ=UTC0 \
        chroot "$root" "$@"
}

export -f inside
exec unshare --mount --pid --fork --kill-child --ipc --uts \
    bash -euc 'inside "$@"' inside "$root" "${#binds[@]}" "${binds[@]}" "$@"
