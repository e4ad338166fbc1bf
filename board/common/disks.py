# SPDX-License-Identifier: EUPL-1.2
#
# What stands behind the name of a device, and whether it may be written over. Asks lsblk; writes
# nothing.
import json
import os
import pathlib
import stat
import subprocess

COLUMNS = "NAME,PATH,TYPE,SIZE,MODEL,SERIAL,TRAN,RM,HOTPLUG,RO,FSTYPE,LABEL,PARTLABEL,MOUNTPOINTS"
CHECKOUT = pathlib.Path(__file__).resolve().parents[2]


class Refused(Exception):
    """This device is not written; the words say why and, where there is a way, which."""


def ask(*words):
    done = subprocess.run(["lsblk", "--json", "--bytes", "--output", COLUMNS, *words],
                          capture_output=True, text=True, check=False)
    return json.loads(done.stdout)["blockdevices"] if done.returncode == 0 and done.stdout.strip() else []


def size_text(count):
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def names_of(node):
    """File system, its label, the partition's; without udev lsblk knows none and blkid looks."""
    names = [node.get(key) for key in ("fstype", "label", "partlabel")]
    if not node.get("fstype"):
        done = subprocess.run(["blkid", "--probe", "--output", "export", node["path"]], capture_output=True, text=True,
                              check=False)
        told = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
        names = [told.get(key, "").replace("\\", "") for key in ("TYPE", "LABEL", "PART_ENTRY_NAME")]
    return [name for name in names if name]


class Disk:
    """A whole disk, or with FORCE a file that plays one."""

    def __init__(self, path, is_forced):
        self.path = path
        self.is_forced = is_forced
        self.is_file = False
        try:
            mode = os.stat(path).st_mode
        except OSError as error:
            raise Refused(f"{path}: {error.strerror}") from error
        if stat.S_ISREG(mode) and is_forced:
            self.is_file = True
            self.name = os.path.basename(path)
            self.size = os.stat(path).st_size
            self.tree = {}
            return
        if not stat.S_ISBLK(mode):
            raise Refused(f"{path} is not a disk" + (" (FORCE=1 writes into a file)" if stat.S_ISREG(mode) else ""))
        found = ask(path)
        if not found:
            raise Refused(f"{path}: lsblk knows no such disk")
        self.tree = found[0]
        self.name = self.tree["name"]
        self.size = int(self.tree["size"])

    def below(self):
        """The disk itself, its partitions, and whatever is built on those."""
        left = [self.tree] if self.tree else []
        while left:
            node = left.pop(0)
            yield node
            left = node.get("children", []) + left

    def mounts(self):
        return [(node["path"], point) for node in self.below() for point in node.get("mountpoints") or [] if point]

    def describe(self):
        """What will be destroyed, a line each."""
        tree = self.tree
        if self.is_file:
            return [f"the file {self.path}, {size_text(self.size)}"]
        words = " ".join(str(tree[key]).strip() for key in ("model", "tran") if tree.get(key))
        lines = [f"{self.path}, {size_text(self.size)}, {words or tree['type']}, "
                 f"serial number {tree.get('serial') or 'unknown'}"]
        for node in list(self.below())[1:]:
            names = names_of(node)
            where = [point for point in node.get("mountpoints") or [] if point]
            lines.append(f"  {node['name']}  {size_text(int(node['size']))}  {' '.join(names) or 'nothing known on it'}"
                         + (f"  in use at {', '.join(where)}" if where else ""))
        if len(lines) == 1:
            lines.append(f"  {' '.join(names_of(tree)) or 'no partitions'}")
        return lines

    def check(self, image_bytes):
        """Refused with the first reason that holds. FORCE lifts two: an internal disk, and mounts that can be undone."""
        if self.is_file:
            self.check_size(image_bytes)
            return
        if self.tree["type"] not in ("disk", "loop"):
            raise Refused(f"{self.path} is a {self.tree['type']}, not a whole disk")
        self.check_ours()
        if self.tree["ro"]:
            raise Refused(f"{self.path} is read-only: is there a switch on it?")
        for node in self.below():
            if node["type"] not in ("disk", "loop", "part"):
                raise Refused(f"{node['path']} ({node['type']}) is built on {self.path}: take that down first")
        self.check_mounts()
        self.check_size(image_bytes)
        if not (self.tree["rm"] or self.tree["hotplug"] or self.tree["tran"] in ("usb", "mmc") or self.is_forced):
            raise Refused(f"{self.path} is built into this machine, not a stick or card. FORCE=1 writes over it")

    def check_ours(self):
        """The disk that carries the running system, or the checkout this runs from."""
        for place in ("/", str(CHECKOUT)):
            done = subprocess.run(["findmnt", "--noheadings", "--nofsroot", "--output", "SOURCE", "--target", place],
                                  capture_output=True, text=True, check=False)
            source = done.stdout.strip().splitlines()
            for node in ask("--inverse", source[0]) if source else []:
                left = [node]
                while left:
                    one = left.pop()
                    left += one.get("children", [])
                    if one["path"] == self.tree["path"]:
                        raise Refused(f"{self.path} carries {'the running system' if place == '/' else place}")
        if any(point == "/" for _, point in self.mounts()):
            raise Refused(f"{self.path} carries the running system")

    def check_mounts(self):
        for path, point in self.mounts():
            if point == "[SWAP]":
                raise Refused(f"{path} is this machine's swap: swapoff {path}")
            if not self.is_forced:
                raise Refused(f"{path} is mounted at {point}: unmount it, or give FORCE=1 to have it unmounted")

    def check_size(self, image_bytes):
        if self.size < image_bytes:
            raise Refused(f"{self.path} is too small: {size_text(self.size)}, the image has {size_text(image_bytes)}")

    def unmount(self):
        """With FORCE, after the answer; deepest first."""
        for path, point in sorted(self.mounts(), key=lambda mount: -len(mount[1])):
            done = subprocess.run(["umount", point], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise Refused(f"{path} stays mounted at {point}: {done.stderr.strip()}")
