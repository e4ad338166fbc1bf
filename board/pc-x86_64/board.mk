# SPDX-License-Identifier: EUPL-1.2
#
# A mini-PC with UEFI: Intel's own graphics, wired network, SATA or NVMe.
BOARD_ARCH := amd64
BOARD_BOOT := uefi
BOARD_CMDLINE :=
BOARD_MODULES := iTCO_wdt sp5100_tco nvme ahci sd_mod sdhci_pci mmc_block crc32c_generic ext4 vfat nls_cp437 nls_ascii
BOARD_MODULES_SCREEN := i915 evdev
BOARD_MODULES_LATE := r8169 e1000e igb igc tg3 xhci_pci ehci_pci usbhid \
  hid_generic hid_multitouch i2c_hid_acpi snd_hda_intel snd_hda_codec_generic \
  snd_hda_codec_realtek snd_hda_codec_hdmi snd_usb_audio
