# SPDX-License-Identifier: EUPL-1.2
#
# Part of inside.sh: the stick that installs a board's image by itself. It boots the same kernel with
# a root of its own (the device's, the installer and USB storage beside it: no device has those) and
# carries the image as a signed bundle.
STICK_MODULES="usb_storage uas sd_mod atkbd"
STICK_MIB=256

stick_bundle() { # the mapped blocks of the disk image, and where they belong
    python3 /src/board/common/pack.py /out/disk.img /out/disk.img.bmap /tmp/disk /tmp/map
    LD_LIBRARY_PATH=$parts/lib /build/inloop-technician bundle make --key /keys/update.pem \
        --version "$VERSION" --board "$BOARD" --minimum 0 --town '*' --out /out/stick/install.bundle \
        disk=/tmp/disk map=/tmp/map
}

stick_disk() {
    local esp=/tmp/stick fat=/out/stick.img@@1M
    rm -rf $esp /out/stick.img
    mkdir -p $esp/EFI/BOOT $esp/inloop
    cp /out/stick/inloop.efi "$esp/EFI/BOOT/BOOT$EFI.EFI" # no loader between: it has one thing to start
    cp /out/stick/install.bundle $esp/inloop/
    truncate -s $(((STICK_MIB + 2) * 1024 * 1024)) /out/stick.img
    sgdisk -o -n "1:1M:+${STICK_MIB}M" -t 1:ef00 -c 1:INLOOP-STICK /out/stick.img >/dev/null
    mformat -i $fat -F -c 4 -v INLOOPSTICK -T $((STICK_MIB * 2048)) ::
    mcopy -s -i $fat $esp/EFI $esp/inloop ::
    bmaptool -q create -o /out/stick.img.bmap /out/stick.img
    openssl dgst -sha256 -sign /keys/update.pem -out /out/stick.img.sig /out/stick.img.bmap
}

stick() {
    mkdir -p /out/stick
    root /out/stick "$BOARD_MODULES $BOARD_MODULES_SCREEN $STICK_MODULES" --also /src/board/common/stick.list
    # A picture of the kernel's own for the words, keys of any kind, and USB that is let in.
    uki /out/stick "quiet loglevel=3 panic=30 lockdown=integrity module.sig_enforce=1 init_on_alloc=1
        slab_nomerge fbcon=font:TER16x32 rdinit=/usr/lib/inloop/install $BOARD_CMDLINE"
    stick_bundle
    stick_disk
}
