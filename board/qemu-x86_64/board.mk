# SPDX-License-Identifier: EUPL-1.2
#
# A virtual PC: QEMU's q35 with OVMF. What tests/image runs.
BOARD_ARCH := amd64
BOARD_BOOT := uefi
BOARD_CMDLINE := console=ttyS0 inloop.log=console
BOARD_MODULES := i6300esb virtio_blk crc32c_generic ext4 vfat nls_cp437 nls_ascii
BOARD_MODULES_SCREEN := virtio_gpu evdev
BOARD_MODULES_LATE := virtio_net xhci_pci usbhid hid_generic hid_multitouch snd_hda_intel \
  snd_hda_codec_generic snd_usb_audio virtio_rng virtio_input virtio_balloon
BOARD_QEMU := qemu-system-x86_64 -M q35 -cpu max -device virtio-vga,xres=1080,yres=1920 \
  -device i6300esb -device virtio-rng-pci
BOARD_QEMU_FIRMWARE := /usr/share/OVMF/OVMF_CODE_4M.fd /usr/share/OVMF/OVMF_VARS_4M.fd
