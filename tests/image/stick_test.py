# SPDX-License-Identifier: EUPL-1.2
#
# The installing stick in a machine of its own: on USB, beside a built-in disk that is empty, somebody
# else's, one of two. What it says stands on the screen and on the serial line. Needs the stick of
# qemu-x86_64 (make image KIND=stick); closes with one line that counts.
import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/tools"))
sys.path.insert(0, str(ROOT / "board/common"))
import blockmap  # noqa: E402
from machine import Lost, Machine, wait_for  # noqa: E402

BUILD = pathlib.Path(os.environ.get("INLOOP_BUILD", ROOT / "build")).resolve()
IMAGE = BUILD / "image/qemu-x86_64"
DISK_BYTES = 1 << 30
SITE = "town = Voorbeeldstad\ntimezone = Europe/Amsterdam\n"


class Bare(Machine):
    """A PC with built-in disks, and a stick in its USB socket or none."""

    def __init__(self, folder, name, disks, stick=None):
        super().__init__(folder, name, None, memory_mb=512)
        self.disks = disks
        self.stick = stick

    def words(self, variables):
        words = super().words(variables)
        at = next(i for i, word in enumerate(words) if word.startswith("file=None"))
        drives = []
        for number, disk in enumerate(self.disks):
            drives += ["-drive", f"file={disk},format=raw,if=none,id=inner{number},cache=writeback",
                       "-device", f"virtio-blk-pci,drive=inner{number},serial=INNER{number},bootindex={number + 1}"]
        if self.stick:
            drives += ["-drive", f"file={self.stick},format=raw,if=none,id=stick,snapshot=on"]
            words += ["-device", "usb-storage,bus=usb.0,drive=stick,removable=on,bootindex=0"]
        return words[:at - 1] + drives + words[at + 1:]

    def installer_said(self):
        """What the installer said so far, a line each."""
        return re.findall(r"inloop: install: (.*)", self.said().replace("\r", ""))

    def see_told(self, words):
        wait_for(lambda: any(words in line for line in self.installer_said()),
                 lambda: f"{self.name} never said {words!r}: {self.installer_said()} {self.said()[-800:]}")


def blank(folder, name="disk", size=DISK_BYTES):
    path = folder / f"{name}.img"
    with path.open("wb") as file:
        file.truncate(size)
    return path


def sum_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stick_with(folder, site=None, change=None):
    """A copy of the stick, with a site.conf, or with one bit of its bundle changed."""
    path = folder / "stick.img"
    subprocess.run(["cp", "--sparse=always", IMAGE / "stick.img", path], check=True)
    place = f"{path}@@1M"
    if site is not None:
        (folder / "site.conf").write_text(site, encoding="utf-8")
        subprocess.run(["mcopy", "-o", "-i", place, folder / "site.conf", "::inloop/site.conf"], check=True)
    if change is not None:
        subprocess.run(["mcopy", "-i", place, "::inloop/install.bundle", folder / "bundle"], check=True)
        words = bytearray((folder / "bundle").read_bytes())
        words[change] ^= 1
        (folder / "bundle").write_bytes(words)
        subprocess.run(["mcopy", "-o", "-i", place, folder / "bundle", "::inloop/install.bundle"], check=True)
    return path


@contextlib.contextmanager
def started(folder, name, disks, stick=None):
    machine = Bare(folder / name, name, disks, stick)
    try:
        yield machine.power_on()
    finally:
        machine.cut_power()


def an_empty_disk_becomes_a_device_that_starts(folder):
    disk = blank(folder)
    with started(folder, "stick", [disk], stick_with(folder, SITE)) as machine:
        machine.see_told("Inloop will be written to disk vda: 1 GB, -, serial number INNER0")
        machine.see_picture(lambda seen: seen.colours_count() > 1, "nothing on its screen")
        machine.picture(BUILD / "image/stick-countdown.png")
        machine.see_told("To stop, press any key within 30 seconds")
        machine.see_told("Done. Remove the stick")
        machine.picture(BUILD / "image/stick-done.png")
        machine.press("ret")
        wait_for(lambda: machine.process.poll() is not None, "it did not switch off")
    image = blockmap.Image(IMAGE / "disk.img", BUILD / "keys/update.pub.pem")
    kept = subprocess.run(["mtype", "-i", f"{disk}@@1M", "::inloop/site.conf"], capture_output=True, text=True, check=True)
    if kept.stdout != SITE:
        raise Lost(f"site.conf: {kept.stdout!r}")
    # What site.conf changed is the FAT's; everything else is the image, byte for byte.
    same = taken = 0
    with disk.open("rb") as file:
        for start, chunk in image.chunks():
            file.seek(start)
            taken += len(chunk)
            same += sum(file.read(4096) == chunk[at:at + 4096] for at in range(0, len(chunk), 4096)) * 4096
    if taken - same > 64 * 4096:
        raise Lost(f"{taken - same} bytes of the disk are not the image's")
    with started(folder, "disk", [disk]) as machine:
        machine.wait_for_words("inloop: boot: configured")


def somebody_elses_disk_is_left_alone_until_it_is_named(folder):
    disk = blank(folder)
    subprocess.run(["sfdisk", "--quiet", disk], input="label: gpt\ntype=L, name=photos\n", text=True, check=True)
    before = sum_of(disk)
    with started(folder, "refused", [disk], stick_with(folder)) as machine:
        machine.see_told("The disk carries something that is not Inloop")
    if sum_of(disk) != before:
        raise Lost("the disk has changed")
    with started(folder, "named", [disk], stick_with(folder, "install.disk = INNER0\n")) as machine:
        machine.see_told("Everything on it WILL BE LOST")
        machine.press("a")
        machine.see_told("Stopped. Nothing was changed")
    if sum_of(disk) != before:
        raise Lost("the disk has changed though a key stopped it")


def of_two_disks_none_is_taken(folder):
    disks = [blank(folder, "one"), blank(folder, "two")]
    with started(folder, "two", disks, stick_with(folder)) as machine:
        machine.see_told("There is more than one disk")
    if any(sum_of(disk) != sum_of(blank(folder, "zero")) for disk in disks):
        raise Lost("a disk has changed")


def a_stick_with_a_changed_bit_installs_nothing(folder):
    disk = blank(folder)
    with started(folder, "changed", [disk], stick_with(folder, change=1 << 20)) as machine:
        machine.see_told("What the stick carries is not valid")
    if sum_of(disk) != sum_of(blank(folder, "zero")):
        raise Lost("the disk has changed")


def main():
    tests = (an_empty_disk_becomes_a_device_that_starts, somebody_elses_disk_is_left_alone_until_it_is_named,
             of_two_disks_none_is_taken, a_stick_with_a_changed_bit_installs_nothing)
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: no QEMU")
        return 0
    failed = 0
    for test in tests:
        with tempfile.TemporaryDirectory(dir=BUILD) as folder:
            try:
                test(pathlib.Path(folder))
                print(f"{test.__name__}: ok", flush=True)
            except (Lost, OSError, subprocess.CalledProcessError) as error:
                failed += 1
                print(f"{test.__name__}: FAILED: {error}", flush=True)
    print(f"{len(tests) - failed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
