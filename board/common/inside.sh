#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
#
# Inside the build root: from sources to an image. /src is the repository, /build the programs of
# this architecture, /out the board's folder, /keys the signer's, /ccache what was compiled before.
# The words come from board/<name>/board.mk and board/common/image.sh.
set -eu
parts=/opt/device
export SOURCE_DATE_EPOCH CCACHE_DIR=/ccache CMAKE_C_COMPILER_LAUNCHER=ccache
export PKG_CONFIG_PATH=$parts/lib/pkgconfig LD_LIBRARY_PATH=
efi=x64
EFI=X64
[ "$BOARD_ARCH" = amd64 ] || { efi=aa64 EFI=AA64; }
stub=/usr/lib/systemd/boot/efi

programs() { # compiled for devices; the unit tests with them where this machine can run them
    local words=(-DINLOOP_DEVICE=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo)
    if [ "$BOARD_ARCH" = "$(dpkg --print-architecture)" ]; then
        words+=(-DINLOOP_DEVICE_TESTS=ON)
    else
        words+=(--toolchain /src/toolchain.cmake)
    fi
    [ -f /build/build.ninja ] || cmake -S /src/firmware -B /build -G Ninja "${words[@]}" >/build/cmake.log ||
        { cat /build/cmake.log; exit 1; }
    nice -n 5 ninja -C /build --quiet programs
}

unit_tests() { # what was compiled since they last passed
    [ "$BOARD_ARCH" = "$(dpkg --print-architecture)" ] && [ "$TESTS" != 0 ] || return 0
    nice -n 5 ninja -C /build --quiet device_tests
    [ -n "$(find /build/tests -type f -perm -u+x -newer /build/passed 2>&1)" ] || return 0
    LD_LIBRARY_PATH=$parts/lib ctest --test-dir /build --output-on-failure -j2 >/build/unit.log || {
        grep -A40 'Failed$\|FAILED' /build/unit.log | tail -60
        exit 1
    }
    touch /build/passed
}

pack() { # file: as small as the kernel can unpack; what was packed once is kept
    local kept
    kept=/ccache/packed-$(sha256sum "$1" | cut -c1-32)
    if [ ! -f "$kept" ]; then
        nice -n 5 zstd -q -f -19 "$1" -o "$kept.$$"
        mv "$kept.$$" "$kept"
        find /ccache -maxdepth 1 -name 'packed-*' -mtime +7 -delete
    fi
    cp "$kept" "$1.zst"
}

root() { # folder modules more...
    local out=$1 modules=$2
    shift 2
    python3 /src/board/common/root.py --arch "$BOARD_ARCH" --board "$BOARD" --version "$VERSION" \
        --src /src --parts $parts --build /build --keys /keys --out "$out" --epoch "$SOURCE_DATE_EPOCH" \
        --modules "$modules" --modules-screen "$BOARD_MODULES_SCREEN" --modules-late "$BOARD_MODULES_LATE" "$@"
    pack "$out/root.cpio"
}

sign() { # file: with a clock that stands still, so that the same bytes get the same signature
    # The key's own time must have begun; sbsign writes the time of signing.
    faketime -f "$(date -u -d "@$SOURCE_DATE_EPOCH" '+%F %T')" \
        sbsign --key /keys/boot.key --cert /keys/boot.pem --output "$1.signed" "$1" 2>/dev/null
    mv "$1.signed" "$1"
}

uki() { # folder command-line: one file of kernel, root, command line, name and version
    local kernel out=$1 cmdline
    cmdline=$(echo $2)
    kernel=$(echo /kernel/boot/vmlinuz-*)
    printf 'ID=inloop\nNAME=Inloop\nPRETTY_NAME="Inloop %s"\nVERSION_ID=%s\n' "$VERSION" "$VERSION" \
        >/tmp/os-release
    ukify build --linux="$kernel" --initrd="$out/root.cpio.zst" --cmdline="$cmdline" \
        --os-release=@/tmp/os-release --uname="$(basename "$kernel" | cut -d- -f2-)" \
        --efi-arch=$efi --stub="$stub/linux$efi.efi.stub" --output="$out/inloop.efi" >/dev/null
    sign "$out/inloop.efi"
    cp "$stub/systemd-boot$efi.efi" "/tmp/BOOT$EFI.EFI"
    sign "/tmp/BOOT$EFI.EFI"
}

# The three that are left out ask for modules before there is a root: encrypted keys, their
# derivation, and a source of chance for them. Nothing here uses any.
cmdline="quiet loglevel=3 panic=5 oops=panic softlockup_panic=1 lockdown=integrity module.sig_enforce=1
    lsm=lockdown,yama audit=0 cryptomgr.notests ipv6.disable=1 slab_nomerge usbcore.authorized_default=0 i8042.nokbd i8042.noaux
    initcall_blacklist=init_encrypted,crypto_kdf108_init,jent_mod_init i6300esb.heartbeat=120 iTCO_wdt.heartbeat=120 drm_kms_helper.fbdev_emulation=0 vt.global_cursor_default=0 $BOARD_CMDLINE"
started=$SECONDS
step() {
    echo "$1: $((SECONDS - started)) s"
    started=$SECONDS
}

programs
step "programs"
unit_tests
[ ! -f /build/unit.log ] || cp /build/unit.log /out/
step "unit tests"
root /out "$BOARD_MODULES"
step "root"
uki /out "$cmdline"
step "kernel image"
. /src/board/common/disk.sh
disk
# The map holds a checksum of every block: its signature is the whole image's.
openssl dgst -sha256 -sign /keys/update.pem -out /out/disk.img.sig /out/disk.img.bmap
step "disk"
python3 - <<'END'
import json, os, pathlib
out = pathlib.Path("/out")
sizes = json.loads((out / "sizes.json").read_text())
sizes["packed"] = {"kernel": os.stat(next(pathlib.Path("/kernel/boot").glob("vmlinuz-*"))).st_size,
                   "root": (out / "root.cpio.zst").stat().st_size,
                   "image": (out / "inloop.efi").stat().st_size}
(out / "sizes.json").write_text(json.dumps(sizes, indent=1) + "\n")
END
if [ "${KIND:-disk}" = stick ]; then
    . /src/board/common/stick.sh
    stick
    step "stick"
fi
