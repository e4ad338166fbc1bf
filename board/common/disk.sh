# SPDX-License-Identifier: EUPL-1.2
#
# Part of inside.sh: the disk as it is written to a device. GPT; the EFI system partition with the
# boot loader and one version; an empty data partition that the first boot grows and fills.
# Written without mounting anything. Every identifier comes from board and version.
MIB=$((1024 * 1024))
ESP_MIB=192
DATA_MIB=16

mtime() { # files: as old as the sources
    touch -d "@$SOURCE_DATE_EPOCH" "$@"
}

partitions() {
    rm -f /out/disk.img
    truncate -s $(((ESP_MIB + DATA_MIB + 2) * MIB)) /out/disk.img
    sgdisk -o -U "$disk_id" \
        -n "1:1M:+${ESP_MIB}M" -t 1:ef00 -c 1:INLOOP-ESP -u "1:$esp_id" \
        -n "2:0:+${DATA_MIB}M" -t 2:8300 -c 2:INLOOP-DATA -u "2:$data_id" /out/disk.img >/dev/null
}

files_of_esp() { # folder: what the partition holds
    mkdir -p "$1/EFI/BOOT" "$1/EFI/Linux" "$1/loader" "$1/inloop"
    cp "/tmp/BOOT$EFI.EFI" "$1/EFI/BOOT/"
    cp /out/inloop.efi "$1/EFI/Linux/inloop_$VERSION.efi"
    printf 'timeout menu-disabled\neditor no\nauto-entries no\nauto-firmware no\n' >"$1/loader/loader.conf"
    lists_of_keys "$1/loader/keys/inloop"
    [ "$BOARD_BOOT" != rpi ] || files_of_rpi "$1"
    find "$1" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

lists_of_keys() { # folder: what a machine's firmware is given to believe us, in its own format
    local list=/tmp/boot.esl name when
    when=$(date -u -d "@$SOURCE_DATE_EPOCH" '+%F %T')
    mkdir -p "$1"
    cert-to-efi-sig-list -g "$disk_id" /keys/boot.pem $list
    for name in PK KEK db; do
        sign-efi-sig-list -t "$when" -g "$disk_id" -k /keys/boot.key -c /keys/boot.pem $name $list \
            "$1/$name.auth" >/dev/null
    done
}

files_of_rpi() { # folder: the module's own loader, U-Boot with EFI behind it
    cp /rpi/usr/lib/raspi-firmware/{start4.elf,fixup4.dat} "$1/"
    cp /rpi/usr/lib/u-boot/rpi_arm64/u-boot.bin "$1/"
    cp /kernel/usr/lib/linux-image-*/broadcom/bcm2711-rpi-cm4-io.dtb "$1/"
    printf '%s\n' arm_64bit=1 enable_uart=1 kernel=u-boot.bin disable_splash=1 >"$1/config.txt"
}

disk() {
    local esp=/tmp/esp fat=/out/disk.img@@1M
    . /out/ids
    partitions
    rm -rf $esp
    files_of_esp $esp
    faketime -f "$(date -u -d "@$SOURCE_DATE_EPOCH" '+%F %T')" \
        mformat -i $fat -F -c 4 -v INLOOPESP -N "${esp_id:0:8}" -T $((ESP_MIB * 2048)) ::
    (cd $esp && find . -mindepth 1 -type d | LC_ALL=C sort | while read -r folder; do
        faketime -f "$(date -u -d "@$SOURCE_DATE_EPOCH" '+%F %T')" mmd -i $fat "::${folder#.}"
    done)
    (cd $esp && find . -type f | LC_ALL=C sort | while read -r file; do
        mcopy -m -i $fat "$file" "::${file#.}"
    done)
    bmaptool -q create -o /out/disk.img.bmap /out/disk.img
}
