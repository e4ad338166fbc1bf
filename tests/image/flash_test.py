# SPDX-License-Identifier: EUPL-1.2
#
# `make flash` onto disks that lose nothing: loop devices where this machine gives them (root), files
# else. Every refusal is tried, every written block compared, every broken part of an image handed
# in. Closes with one line that counts; what could not be tried here is told and is no pass.
import contextlib
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
FLASH = ROOT / "board/common/flash"
MIB = 1024 * 1024
IMAGE_BYTES = 28 * MIB
SITE = "# the hall\ntown = Gemeente Voorbeeldstad\nnetwork.address = 192.0.2.10/24\nhub.url = https://hub.example:8443\n"
PATIENCE_S = 120
MEMORY = "/dev/shm"
sys.dont_write_bytecode = True
sys.path.insert(0, str(FLASH.parent))


def run(*words, **more):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False,
                          stdin=None if "input" in more else subprocess.DEVNULL, timeout=PATIENCE_S, **more)
    return done


def do(*words, **more):
    done = run(*words, **more)
    if done.returncode != 0:
        raise OSError(f"{words[0]}: {done.stderr}")
    return done.stdout


def load(path):
    loader = importlib.machinery.SourceFileLoader("flash", str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("flash", loader))
    loader.exec_module(module)
    return module


def make_key(folder, name):
    do("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder / f"{name}.pem")
    do("openssl", "ec", "-in", folder / f"{name}.pem", "-pubout", "-out", folder / f"{name}.pub.pem")


def sign(bmap, key):
    bmap = str(bmap)
    do("openssl", "dgst", "-sha256", "-sign", key, "-out", bmap.removesuffix(".bmap") + ".sig", bmap)


def make_image(folder):
    """As the real ones are: a GPT with an EFI system partition and one of ext4, a map, a signature."""
    path = folder / "image.img"
    with path.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    do("sfdisk", "--quiet", path, input="label: gpt\nstart=2048, size=20M, type=U, name=INLOOP-ESP\ntype=L, name=INLOOP-DATA\n")
    do("mformat", "-i", f"{path}@@1M", "-T", str(20 * MIB // 512), "-v", "INLOOPESP", "::")
    do("mmd", "-i", f"{path}@@1M", "::EFI", "::EFI/Linux")
    kernel = folder / "kernel.efi"
    kernel.write_bytes(random.Random(5).randbytes(9 * MIB))  # as incompressible as a real one
    do("mcopy", "-i", f"{path}@@1M", kernel, "::EFI/Linux/inloop_1.efi")
    do("mkfs.ext4", "-q", "-F", "-L", "inloop-data", "-E", f"offset={21 * MIB}", path, "6m")
    do("bmaptool", "create", "-o", f"{path}.bmap", path)
    make_key(folder, "right")
    make_key(folder, "wrong")
    sign(f"{path}.bmap", folder / "right.pem")
    do("zstd", "-q", "-3", path, "-o", f"{path}.zst")
    return path


class Loop:
    """A loop device over a new file; `parts` sizes in MiB become its partitions."""

    def __init__(self, folder, size=IMAGE_BYTES + 8 * MIB, parts=(), options=()):
        handle, self.file = tempfile.mkstemp(dir=folder, suffix=".disk")
        os.close(handle)
        os.truncate(self.file, size)
        self.device = do("losetup", "--find", "--show", *options, self.file).strip()
        self.parts = []
        start = MIB
        for number, mib in enumerate(parts, 1):
            if run("addpart", self.device, number, start // 512, mib * MIB // 512).returncode != 0:
                self.__exit__()
                raise OSError("addpart: this kernel divides no loop devices")
            self.parts.append(f"{self.device}p{number}")
            start += mib * MIB

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for number in range(len(self.parts), 0, -1):
            run("delpart", self.device, number)
        run("losetup", "--detach", self.device)
        os.unlink(self.file)


def has_room(folder):
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > 12 * IMAGE_BYTES


def has_loops():
    if os.geteuid() != 0:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            with Loop(folder, parts=[4]):
                return True
        except OSError:
            return False


HAS_LOOPS = has_loops()
needs_loops = unittest.skipUnless(HAS_LOOPS, "no loop devices here, or not root")


class FlashTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # In memory where there is room: the same code, without waiting for this machine's own disk.
        cls.home = tempfile.TemporaryDirectory(dir=MEMORY if has_room(MEMORY) else None)
        cls.folder = pathlib.Path(cls.home.name)
        cls.image = make_image(cls.folder)
        cls.keys = cls.folder / "right.pub.pem"

    @classmethod
    def tearDownClass(cls):
        cls.home.cleanup()

    def setUp(self):
        self.work = pathlib.Path(tempfile.mkdtemp(dir=self.folder))

    def flash(self, device, *more, image=None, keys=None, **rest):
        return run(FLASH, "--image", image or self.image, "--keys", keys or self.keys, "--device", device, *more, **rest)

    def blank(self, size=IMAGE_BYTES):
        path = self.work / "disk"
        with path.open("wb") as file:
            file.truncate(size)
        return path

    def copy(self):
        """An image of this test's own, to break."""
        for end in ("", ".bmap", ".sig"):
            shutil.copy(f"{self.image}{end}", f"{self.work}/image.img{end}")
        return self.work / "image.img"

    def assert_refused(self, done, code, *words):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def assert_written(self, path, image=None):
        """Every block the map names, byte for byte, read from below the device."""
        wanted = (image or self.image).read_bytes()
        got = pathlib.Path(path).read_bytes()
        for start, end in self.mapped():
            self.assertEqual(got[start:end], wanted[start:end], f"bytes {start} to {end}")

    def mapped(self):
        import blockmap
        return [(start, end) for start, end, _ in blockmap.Image(self.image, self.keys).ranges]

    # What is written.

    def test_a_packed_image_stands_on_the_file_byte_for_byte(self):
        path = self.blank()
        done = self.flash(path, "--force", "--yes", image=f"{self.image}.zst")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assert_written(path)
        for word in ("checking the image 100 %", "writing            100 %", "reading back       100 %", "MB/s", "0:00 left", "done"):
            self.assertIn(word, done.stdout)

    def test_bmaptool_writes_the_same(self):
        ours, theirs = self.blank(), self.work / "theirs"
        self.assertEqual(self.flash(ours, "--force", "--yes").returncode, 0)
        do("bmaptool", "copy", "--bmap", f"{self.image}.bmap", self.image, theirs)
        self.assertEqual(ours.read_bytes(), theirs.read_bytes())

    @needs_loops
    def test_a_device_holds_the_image_and_nothing_of_what_was_there(self):
        with Loop(self.work) as loop:
            do("sfdisk", "--quiet", loop.device, input="label: gpt\ntype=L\n")
            done = self.flash(loop.device, "--force", "--yes")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assert_written(loop.file)
            told = run("sfdisk", "--dump", loop.device).stdout
            self.assertEqual(told.count("INLOOP-"), 2, told)

    def test_site_conf_lands_on_the_efi_partition(self):
        site = self.work / "site.conf"
        site.write_text(SITE, encoding="utf-8")
        path = self.blank()
        done = self.flash(path, "--force", "--yes", "--site", site)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(do("mtype", "-i", f"{path}@@1M", "::inloop/site.conf"), SITE)
        kernel = self.work / "kernel"
        do("mcopy", "-i", f"{path}@@1M", "::EFI/Linux/inloop_1.efi", kernel)
        self.assertEqual(kernel.read_bytes(), (self.folder / "kernel.efi").read_bytes())

    # The question.

    def test_it_shows_what_is_lost_and_writes_for_the_typed_name_only(self):
        path = self.blank()
        for answer in ("", "y\n", "yes\n", "disk2\n"):
            done = self.flash(path, "--force", input=answer)
            self.assert_refused(done, 4, "Nothing was written")
            self.assertEqual(path.read_bytes().count(0), IMAGE_BYTES)
        (self.folder / "image.conf").write_text("version = 1.12\nboard = pc-x86_64\nmade = 2026-11-27\n", encoding="utf-8")
        done = self.flash(path, "--force", input="no\n")
        self.assertIn("version 1.12 for pc-x86_64", done.stdout)
        done = self.flash(path, "--force", input="disk\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("will be written  image.img, version", "will be LOST", str(path), "Type disk to go on"):
            self.assertIn(word, done.stdout)
        self.assert_written(path)

    @needs_loops
    def test_it_shows_partitions_labels_and_mounts(self):
        with Loop(self.work, parts=[8, 8]) as loop, mounted(loop.parts[0], self.work, "HOLIDAY"):
            done = self.flash(loop.device, "--force", input="no\n")
            self.assert_refused(done, 4)
            for word in ("ext4 HOLIDAY", f"in use at {self.work}/mount", loop.parts[1].removeprefix("/dev/"), "nothing known on it",
                         "serial number"):
                self.assertIn(word, done.stdout)

    # Devices that are refused.

    def test_what_is_no_disk_is_refused(self):
        self.assert_refused(self.flash(self.work / "nothing", "--yes"), 3, "No such file", "Nothing was written")
        self.assert_refused(self.flash("/dev/null", "--yes", "--force"), 3, "is not a disk")
        self.assert_refused(self.flash(self.work, "--yes", "--force"), 3, "is not a disk")
        self.assert_refused(self.flash(self.blank(), "--yes"), 3, "FORCE=1 writes into a file")

    def test_a_disk_that_is_too_small_is_refused_even_by_force(self):
        self.assert_refused(self.flash(self.blank(IMAGE_BYTES - 4096), "--yes", "--force"), 3, "too small")

    @needs_loops
    def test_a_small_device_is_refused(self):
        with Loop(self.work, size=IMAGE_BYTES - 4096) as loop:
            self.assert_refused(self.flash(loop.device, "--yes", "--force"), 3, "too small")

    @needs_loops
    def test_a_built_in_disk_is_refused_without_force(self):
        with Loop(self.work) as loop:
            self.assert_refused(self.flash(loop.device, "--yes"), 3, "is built into this machine", "FORCE=1")
            self.assertFalse(any(pathlib.Path(loop.file).read_bytes()))

    @needs_loops
    def test_a_partition_is_refused(self):
        with Loop(self.work, parts=[30]) as loop:
            self.assert_refused(self.flash(loop.parts[0], "--yes", "--force"), 3, "is a part, not a whole disk")

    @needs_loops
    def test_a_read_only_disk_is_refused_even_by_force(self):
        with Loop(self.work, options=["--read-only"]) as loop:
            self.assert_refused(self.flash(loop.device, "--yes", "--force"), 3, "read-only")

    @needs_loops
    def test_a_mounted_disk_is_refused_and_by_force_unmounted(self):
        for parts in ([], [30]):
            with Loop(self.work, parts=parts) as loop:
                device = loop.parts[0] if parts else loop.device
                with mounted(device, self.work, "HOLIDAY"):
                    self.assert_refused(self.flash(loop.device, "--yes"), 3, f"{device} is mounted at {self.work}/mount")
                    done = self.flash(loop.device, "--yes", "--force")
                    self.assertEqual(done.returncode, 0, done.stderr)
                self.assert_written(loop.file)

    @needs_loops
    def test_a_disk_in_use_stays_mounted_and_unwritten(self):
        with Loop(self.work) as loop, mounted(loop.device, self.work, "HOLIDAY") as place:
            before = pathlib.Path(loop.file).read_bytes()[:512]
            with (place / "open").open("w", encoding="utf-8"):
                self.assert_refused(self.flash(loop.device, "--yes", "--force"), 3, "stays mounted")
                self.assertEqual((place / "open").read_text(encoding="utf-8"), "")
            self.assertEqual(pathlib.Path(loop.file).read_bytes()[:512], before)

    @needs_loops
    def test_swap_is_refused_even_by_force(self):
        with Loop(self.work, parts=[8]) as loop:
            do("mkswap", loop.parts[0])
            do("swapon", loop.parts[0])
            try:
                self.assert_refused(self.flash(loop.device, "--yes", "--force"), 3, "this machine's swap")
            finally:
                do("swapoff", loop.parts[0])

    @needs_loops
    def test_a_disk_that_carries_another_is_refused_even_by_force(self):
        with Loop(self.work, parts=[8]) as loop, holder(loop, self.work) as env:
            self.assert_refused(self.flash(loop.device, "--yes", "--force", env=env), 3, "is built on", "take that down first")

    def test_the_disk_of_the_running_system_is_refused_even_by_force(self):
        source = run("findmnt", "-no", "SOURCE", "/").stdout.strip()
        tree = json.loads(run("lsblk", "--json", "--inverse", "-o", "PATH,TYPE", source).stdout or '{"blockdevices": []}')
        found = [node for node in flatten(tree["blockdevices"]) if node["type"] == "disk"]
        if not found:
            self.skipTest("the root of this machine stands on no disk")
        self.assert_refused(self.flash(found[0]["path"], "--yes", "--force"), 3, "carries the running system")

    # Images that are refused; nothing is written then.

    def test_an_image_whose_parts_are_missing_is_refused(self):
        for end, words in (("", "no such image"), (".bmap", "has no block map"), (".sig", "is not signed")):
            image = self.copy()
            os.unlink(f"{image}{end}")
            self.refuse_image(image, words)

    def test_a_signature_of_somebody_else_is_refused(self):
        image = self.copy()
        sign(f"{image}.bmap", self.folder / "wrong.pem")
        self.refuse_image(image, "not signed by a key")
        self.refuse_image(self.image, "not signed by a key", keys=self.folder / "wrong.pub.pem")
        self.refuse_image(self.image, "no public key", keys=self.folder / "nobody.pem")

    def test_any_changed_byte_of_the_map_is_refused(self):
        image = self.copy()
        bmap = pathlib.Path(f"{image}.bmap")
        whole = bmap.read_bytes()
        for place in random.Random(1).sample(range(len(whole)), 20):
            bmap.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1:])
            self.refuse_image(image, "not signed by a key")

    def test_a_signed_map_that_is_none_is_refused(self):
        for old, new in ((b"<BlockSize> 4096", b"<BlockSize> 4095"), (b"ChecksumType> sha256", b"ChecksumType> md5"),
                         (b"</bmap>", b""), (b"version=\"2.0\"", b"version=\"9.0\""), (b"<Range chksum=", b"<Range c=")):
            image = self.copy()
            bmap = pathlib.Path(f"{image}.bmap")
            words = bmap.read_bytes()
            self.assertIn(old, words)
            bmap.write_bytes(words.replace(old, new))
            sign(bmap, self.folder / "right.pem")
            self.refuse_image(image, "image.img.bmap")

    def test_a_flipped_bit_of_the_image_is_refused_before_anything_is_written(self):
        image = self.copy()
        for start, end in random.Random(2).choices(self.mapped(), k=12):
            place = random.Random(start).randrange(start, end)
            with image.open("r+b") as file:
                file.seek(place)
                old = file.read(1)
                file.seek(place)
                file.write(bytes([old[0] ^ 0x10]))
                file.flush()
                self.refuse_image(image, "is damaged")
                file.seek(place)
                file.write(old)

    def test_a_cut_or_broken_packed_image_is_refused(self):
        self.copy()
        packed = pathlib.Path(f"{self.image}.zst").read_bytes()
        image = self.work / "image.img.zst"
        for words in (packed[:len(packed) // 2], packed[:-1000], b"", b"no zstd at all", packed[:9000] + b"?" * 50 + packed[9050:]):
            image.write_bytes(words)
            self.refuse_image(image, "is damaged")

    def refuse_image(self, image, words, keys=None):
        path = self.blank()
        self.assert_refused(self.flash(path, "--force", "--yes", image=image, keys=keys), 2, words)
        self.assertFalse(any(path.read_bytes()))

    # A site.conf that is refused.

    def test_every_wrong_line_of_site_conf_is_named(self):
        site = self.work / "site.conf"
        wrong = {"no equals": "no '='", "Town = x": "not a key", "twon = x": "twon is not a key that a device knows",
                 "window.rotation = 45": "wanted is one of 0, 90, 180, 270", "network.address = 192.0.2.300/24": "192.0.2.10/24",
                 "network.gateway = gate": "192.0.2.1", "hub.url = http://hub": "https://", "hub.fingerprint = ab": "64 hex",
                 "usb.allow = 12:34": "vid:pid", "update.report_s = 5": "10-3600", "town = " + "x" * 512: "too much",
                 "role = king": "kiosk, counter", "# fine": None, "location = stadhuis": None, "location = twee": "given twice"}
        site.write_text("\n".join(wrong) + "\n", encoding="utf-8")
        done = self.flash(self.blank(), "--force", "--yes", "--site", site)
        self.assert_refused(done, 2)
        for number, words in enumerate(wrong.values(), 1):
            line = next((said for said in done.stderr.splitlines() if f"line {number}: " in said), "")
            self.assertEqual(bool(line), words is not None, f"{number} {done.stderr}")
            self.assertIn(words or "", line)
        site.write_bytes(b"town = a\ntown.b = \xff\n")
        self.assert_refused(self.flash(self.blank(), "--force", "--yes", "--site", site), 2, "line 2: not UTF-8")
        self.assert_refused(self.flash(self.blank(), "--force", "--yes", "--site", self.work / "none"), 2, "No such file")

    def test_the_documented_keys_are_those_that_are_known(self):
        import site_file
        text = (ROOT / "SPEC.md").read_text(encoding="utf-8").split("\n## site.conf\n")[1].split("\n## ")[0]
        rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
        documented = {key for row in rows for key in row.replace("`", " ").replace(",", " ").split()}
        self.assertEqual(documented, set(site_file.known()))

    def test_the_sample_configurations_are_accepted(self):
        import site_file
        for name in ("hub.conf", "kiosk.conf"):
            self.assertTrue(site_file.check(ROOT / "assets/config" / name))

    # What goes wrong on the way.

    def test_a_disk_that_fills_up_is_told_and_starts_nothing(self):
        """A file whose file system is full half-way; as root a device over it, which fails as a worn one does."""
        if os.geteuid() != 0:
            self.skipTest("only root may mount a small file system")
        place = self.work / "small"
        place.mkdir()
        do("mount", "-t", "tmpfs", "-o", "size=6M", "none", place)
        try:
            (place / "disk").touch()
            os.truncate(place / "disk", IMAGE_BYTES)
            self.assert_refused(self.flash(place / "disk", "--force", "--yes"), 1, "writing failed", "is NOT usable")
            (place / "disk").unlink()
            if HAS_LOOPS:
                with Loop(place, size=IMAGE_BYTES) as loop:
                    self.assert_refused(self.flash(loop.device, "--force", "--yes"), 1, "writing failed", "is NOT usable")
                    self.assertNotEqual(run("sfdisk", "--json", loop.device).returncode, 0)
        finally:
            do("umount", place)

    def test_what_comes_back_different_is_told(self):
        flash = load(FLASH)
        image = flash.blockmap.Image(self.image, self.keys)
        path = self.work / "disk"
        shutil.copy(self.image, path)
        disk = flash.disks.Disk(str(path), True)
        with contextlib.redirect_stdout(open(os.devnull, "w", encoding="utf-8")):
            flash.read_back(image, disk)
            for start, end in random.Random(3).choices(self.mapped(), k=8):
                place = random.Random(end).randrange(start, end)
                with path.open("r+b", buffering=0) as file:
                    old = os.pread(file.fileno(), 1, place)
                    os.pwrite(file.fileno(), bytes([old[0] ^ 1]), place)
                    with self.assertRaisesRegex(flash.Failed, "came back different"):
                        flash.read_back(image, disk)
                    os.pwrite(file.fileno(), old, place)

    def test_a_stop_half_way_says_so_and_leaves_nothing_that_starts(self):
        shims = self.work / "shims"
        shims.mkdir()
        (shims / "zstd").write_text(STALLING_ZSTD.format(real=shutil.which("zstd"), work=self.work), encoding="utf-8")
        (shims / "zstd").chmod(0o755)
        path = self.blank()
        with (self.work / "log").open("w", encoding="utf-8") as log, subprocess.Popen(
                [FLASH, "--image", f"{self.image}.zst", "--keys", self.keys, "--device", path, "--force", "--yes"],
                env={**os.environ, "PATH": f"{shims}:{os.environ['PATH']}"}, stdout=log, stderr=log) as process:
            end = time.monotonic() + PATIENCE_S
            while not (self.work / "stalled").exists():
                self.assertLess(time.monotonic(), end)
                self.assertIsNone(process.poll())
                time.sleep(0.02)
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE_S), 130)
        self.assertIn("Stopped half-way", (self.work / "log").read_text(encoding="utf-8"))
        self.assertIn("is NOT usable", (self.work / "log").read_text(encoding="utf-8"))
        self.assertTrue(any(path.read_bytes()[2 * MIB:]))
        self.assertFalse(any(path.read_bytes()[:MIB]))


STALLING_ZSTD = """#!/usr/bin/python3
# Lets the check pass; half-way through the write it stands still.
import pathlib, signal, subprocess, sys
work = pathlib.Path("{work}")
whole = subprocess.run(["{real}", *sys.argv[1:]], capture_output=True).stdout
is_write = (work / "checked").exists()
(work / "checked").touch()
sys.stdout.buffer.write(whole[:6 << 20] if is_write else whole)
sys.stdout.buffer.flush()
if is_write:
    (work / "stalled").touch()
    signal.pause()
"""


def flatten(nodes):
    for node in nodes:
        yield node
        yield from flatten(node.get("children", []))


@contextlib.contextmanager
def mounted(device, folder, label):
    place = folder / "mount"
    place.mkdir(exist_ok=True)
    do("mkfs.ext4", "-q", "-F", "-L", label, device)
    do("mount", device, place)
    try:
        yield place
    finally:
        run("umount", place)


@contextlib.contextmanager
def holder(loop, folder):
    """A mapping on its partition; where the kernel has no mapper, lsblk's words for one."""
    made = run("dmsetup", "create", "flash-test", "--table", f"0 8192 linear {loop.parts[0]} 0")
    if made.returncode == 0:
        try:
            yield None
        finally:
            do("dmsetup", "remove", "flash-test")
        return
    tree = json.loads(do("lsblk", "--json", "--bytes", "-o", "NAME,PATH,TYPE,SIZE,MODEL,SERIAL,TRAN,RM,HOTPLUG,RO,FSTYPE,LABEL,"
                         "PARTLABEL,MOUNTPOINTS", loop.device))
    tree["blockdevices"][0]["children"][0]["children"] = [
        {"name": "vault", "path": "/dev/mapper/vault", "type": "crypt", "size": 4096, "ro": False, "mountpoints": [None]}]
    (folder / "lsblk.json").write_text(json.dumps(tree), encoding="utf-8")
    shim = folder / "lsblk"
    shim.write_text(f"#!/bin/sh\ncase \"$*\" in *--inverse*) exec {shutil.which('lsblk')} \"$@\";; esac\n"
                    f"exec cat {folder}/lsblk.json\n", encoding="utf-8")
    shim.chmod(0o755)
    yield {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}


def main():
    result = unittest.TextTestRunner(verbosity=2, stream=sys.stdout).run(
        unittest.defaultTestLoader.loadTestsFromTestCase(FlashTest))
    failed = len(result.failures) + len(result.errors)
    if result.skipped:
        print(f"{len(result.skipped)} skipped: see above what is not here")
    print(f"{result.testsRun - failed - len(result.skipped)} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
