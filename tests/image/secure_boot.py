# SPDX-License-Identifier: EUPL-1.2
#
# Secure Boot in a machine of its own: its firmware takes our keys from the disk, then starts what we
# signed and nothing else.
import shutil
import subprocess

from machine import FIRMWARE, Machine

ESP = "@@1M"  # where the first partition lies on the disk
ENROLLED = "Custom Secure Boot keys successfully enrolled"
STARTED = "inloop: boot: configured"
REFUSED = "Access denied"


class Locked(Machine):
    """A machine whose firmware can tell who signed what it starts."""

    def words(self, variables):
        words = super().words(variables)
        words[words.index("q35,smm=off")] = "q35,smm=on"
        plain, strict = (f"file={FIRMWARE / name}" for name in ("OVMF_CODE_4M.fd", "OVMF_CODE_4M.secboot.fd"))
        return [word.replace(plain, strict).replace("format=qcow2", "format=raw") for word in words] + \
            ["-global", "driver=cfi.pflash01,property=secure,value=on"]


class Shelf:
    """Disks made of the image, and the one machine that has our keys."""

    def __init__(self, image, folder):
        self.image = image
        self.folder = folder
        self.kernel = next(iter(self.run("mdir", "-b", "-i", f"{image / 'disk.img'}{ESP}", "::EFI/Linux").split()))

    def run(self, *words):
        return subprocess.run(words, capture_output=True, text=True, check=True).stdout

    def disk(self, name, kernel=None):
        path = self.folder / f"{name}.img"
        self.run("cp", "--sparse=always", str(self.image / "disk.img"), str(path))
        if kernel is not None:
            changed = self.folder / f"{name}.efi"
            changed.write_bytes(kernel)
            self.run("mcopy", "-o", "-i", f"{path}{ESP}", str(changed), self.kernel)
        return path

    def start(self, disk):
        return Locked(self.folder / "machine", "locked", disk).power_on()


def enrol(shelf):
    """As a technician does by hand in the firmware's menu: here the boot loader is told to."""
    disk = shelf.disk("keys")
    loader = shelf.folder / "loader.conf"
    loader.write_text("timeout 1\nsecure-boot-enroll force\n")
    shelf.run("mcopy", "-o", "-i", f"{disk}{ESP}", str(loader), "::loader/loader.conf")
    shelf.run("mmd", "-i", f"{disk}{ESP}", "::loader/keys/auto")
    for name in ("PK", "KEK", "db"):
        file = shelf.folder / f"{name}.auth"
        shelf.run("mcopy", "-o", "-i", f"{disk}{ESP}", f"::loader/keys/inloop/{name}.auth", str(file))
        shelf.run("mcopy", "-i", f"{disk}{ESP}", str(file), "::loader/keys/auto/")
    expect(shelf, disk, ENROLLED)


def expect(shelf, disk, words):
    machine = shelf.start(disk)
    try:
        machine.wait_for_words(words)
        if words != STARTED:
            assert STARTED not in machine.said(), "it was started all the same"
    finally:
        machine.cut_power()


def flipped(shelf):
    kernel = bytearray((shelf.image / "inloop.efi").read_bytes())
    kernel[len(kernel) // 2] ^= 1
    expect(shelf, shelf.disk("flipped", kernel), REFUSED)


def unsigned(shelf):
    bare = shelf.folder / "bare.efi"
    shutil.copy(shelf.image / "inloop.efi", bare)
    shelf.run("sbattach", "--remove", str(bare))
    expect(shelf, shelf.disk("unsigned", bare.read_bytes()), REFUSED)


def tell(stories, image, folder):
    folder.mkdir()
    shelf = Shelf(image, folder)
    stories.tell("a firmware in setup mode takes our keys from the disk", enrol, shelf, gives="keys")
    stories.tell("with them it starts the image", lambda: expect(shelf, shelf.disk("ours"), STARTED), needs=["keys"])
    stories.tell("an image with one bit flipped is not started", flipped, shelf, needs=["keys"])
    stories.tell("an image without a signature is not started", unsigned, shelf, needs=["keys"])
