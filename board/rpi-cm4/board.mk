# SPDX-License-Identifier: EUPL-1.2
#
# Raspberry Pi Compute Module 4 on its eMMC: the module's own boot loader starts U-Boot, which has
# EFI and starts systemd-boot. Never booted: nobody here has one.
BOARD_ARCH := arm64
BOARD_BOOT := rpi
BOARD_CMDLINE := console=ttyS1,115200
BOARD_MODULES := bcm2835_wdt sdhci_iproc mmc_block crc32c_generic ext4 vfat nls_cp437 nls_ascii
BOARD_MODULES_SCREEN := vc4 evdev
BOARD_MODULES_LATE := genet xhci_pci usbhid hid_generic hid_multitouch \
  snd_usb_audio i2c_bcm2835
