#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Makes the build root of one architecture, once, and prints two folders: the root, and the parts
# built in it. buildroot.sh ARCH CACHE. The archive is the one this machine's apt is set up for;
# INLOOP_ARCHIVE names another, a snapshot for instance. Both are kept under a name that
# holds what they are made of: when a list changes, another is made.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
arch=$1
mkdir -p "$2"
cache=$(cd "$2" && pwd)
suite=trixie
log=$cache/buildroot-$arch.log

archive() { # the Debian archive of this machine whose address ends like this
    apt-get indextargets --format '$(REPO_URI) $(COMPONENT)' 2>/dev/null |
        awk -v end="/$1/?\$" '$2 == "main" && $1 ~ end && !found {print $1; found = 1}'
}

chosen() { # kinds...: their packages, with the architecture where it is not the machine's own
    local kind=$1 suffix=${2:-}
    awk -v kind="$kind" '$1 == kind {for (i = 2; i <= NF; i++) print $i}' "$here/packages" |
        sed "s/\$/$suffix/"
}

name_of() { # reads what something is made of: a short name of it
    { echo "$suite $arch ${INLOOP_ARCHIVE:-}" && cat; } | sha256sum | cut -c1-12
}

forget() { # folder of ours: what a broken-off run left, and never what is mounted in it
    if grep -q " $1/" /proc/mounts; then
        echo "$1: something is still mounted in there" >&2
        exit 1
    fi
    rm -rf --one-file-system "$1"
}

make_root() {
    local main security kernel=linux-image-$arch packages
    [ "$arch" != amd64 ] || kernel=linux-image-amd64
    main=${INLOOP_ARCHIVE:-$(archive debian)}
    security=$(archive debian-security)
    [ -n "$main" ] || { echo "no Debian archive in this machine's apt sources" >&2; exit 1; }
    if [ "$arch" = "$(dpkg --print-architecture)" ]; then
        packages=$(chosen tool && chosen device && chosen all)
    else
        # What is built for the build itself wants a C library too.
        packages=$(chosen tool && chosen device ":$arch" && chosen all && echo "gcc-aarch64-linux-gnu libc6-dev")
    fi
    {
        echo "deb $main $suite main non-free-firmware"
        echo "deb-src $main $suite main"
        [ -n "${INLOOP_ARCHIVE:-}" ] || [ -z "$security" ] ||
            echo "deb $security $suite-security main"
    } >"$root.list"
    forget "$root.new"
    # In mounts of its own: when it is killed, none of this machine's folders stays mounted in there.
    unshare --mount --propagation private mmdebstrap --variant=apt --format=directory \
        --architectures="$(printf '%s\n' "$(dpkg --print-architecture)" "$arch" | uniq | paste -sd,)" \
        --keyring=/usr/share/keyrings/debian-archive-keyring.gpg \
        --dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
        --aptopt='Apt::Install-Recommends "false"' --aptopt='APT::Sandbox::User "root"' \
        --include="$(echo $packages | tr ' ' ,)" \
        --customize-hook="$(fetch_kernel "$kernel:$arch")" \
        --customize-hook="$(fetch_loader)" \
        --skip=cleanup/apt \
        "$suite" "$root.new" "$root.list"
    rm -f "$root.list"
    mv "$root.new" "$root"
}

fetch_kernel() { # the kernel is unpacked, not installed: nothing boots in a build root
    cat <<HOOK
chroot "\$1" sh -euc 'mkdir -p /kernel && cd /kernel
apt-get download \$(apt-cache depends $1 | sed -n "s/^ *Depends: \(linux-image[^ ]*\).*/\1/p")
dpkg-deb -x linux-image*.deb .
dpkg-deb -f linux-image*.deb Package Version Architecture >package
ln -s usr/lib lib
depmod -b /kernel \$(ls lib/modules)
rm -f *.deb /var/cache/apt/archives/*.deb'
HOOK
}

fetch_loader() { # what stands before EFI on a Compute Module: Raspberry Pi's own, and U-Boot
    [ "$arch" = arm64 ] || { echo true; return; } # a PC has its own
    cat <<HOOK
chroot "\$1" sh -euc 'mkdir -p /rpi && cd /rpi
apt-get download raspi-firmware u-boot-rpi:arm64
for deb in *.deb; do dpkg-deb -x \$deb . && dpkg-deb -f \$deb Package Version Architecture >\${deb%%_*}.package; done
rm -f *.deb'
HOOK
}

make_parts() {
    forget "$parts.new"
    mkdir -p "$parts.new" "$cache/ccache"
    "$here/enter.sh" "$root" "$here/../..:/src:ro" "$parts.new:/opt/device" \
        "$cache/ccache:/ccache" -- bash /src/board/common/parts.sh "$arch"
    mv "$parts.new" "$parts"
}

root=$cache/root-$arch-$({ cat "$here/packages"; declare -f chosen make_root fetch_kernel fetch_loader; } | name_of)
parts=$cache/parts-$(basename "$root")-$(cat "$here/parts.sh" "$here/busybox.config" | name_of)
# Not behind `||`: there the shell would go on after the first failure.
trap '[ $? -eq 0 ] || tail -20 "$log" >&2' EXIT
if [ ! -d "$root" ]; then
    echo "Making the build root for $arch (once, some minutes)" >&2
    make_root >"$log" 2>&1
fi
if [ ! -d "$parts" ]; then
    echo "Building the parts for $arch (once, some minutes)" >&2
    make_parts >"$log" 2>&1
fi
echo "$root $parts"
