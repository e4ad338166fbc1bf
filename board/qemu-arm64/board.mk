# SPDX-License-Identifier: EUPL-1.2
#
# A virtual 64-bit ARM machine: QEMU's virt with AAVMF.
BOARD_ARCH := arm64
BOARD_BOOT := uefi
BOARD_CMDLINE := console=ttyAMA0 inloop.log=console
BOARD_MODULES := i6300esb virtio_blk crc32c_generic ext4 vfat nls_cp437 nls_ascii
BOARD_MODULES_SCREEN := virtio_gpu evdev
BOARD_MODULES_LATE := virtio_net xhci_pci usbhid hid_generic hid_multitouch \
  snd_hda_intel snd_hda_codec_generic snd_usb_audio virtio_rng virtio_input
BOARD_QEMU := qemu-system-aarch64 -M virt -cpu cortex-a72 -device virtio-gpu-pci,xres=1080,yres=1920 \
  -device i6300esb -device virtio-rng-pci
BOARD_QEMU_FIRMWARE := /usr/share/AAVMF/AAVMF_CODE.fd /usr/share/AAVMF/AAVMF_VARS.fd
