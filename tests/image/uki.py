# SPDX-License-Identifier: EUPL-1.2
#
# Other versions of an image, made from the one under test without compiling anything: the same kernel
# and root with a few files laid over it, under another version's name.
import pathlib
import re
import subprocess

SECTION_STEP = 0x1000
SECTIONS = (".osrel", ".cmdline", ".initrd", ".linux")


def cpio(files):
    """A newc archive (Documentation/driver-api/early-userspace/buffer-format.rst): {path: (mode, bytes)}."""
    out = b""
    entries = [*((path.lstrip("/"), 0o100000 | mode, words) for path, (mode, words) in files.items()),
               ("TRAILER!!!", 0, b"")]
    for number, (path, mode, words) in enumerate(entries, 1):
        name = path.encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(words), 0, 0, 0, 0, len(name), 0)
        out += b"070701" + b"".join(b"%08X" % field for field in fields) + name
        out += b"\0" * (-len(out) % 4) + words
        out += b"\0" * (-len(out) % 4)
    return out


class Image:
    """One unified kernel image, taken apart once."""

    def __init__(self, efi, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.bare = self.folder / "bare.efi"
        self.bare.write_bytes(pathlib.Path(efi).read_bytes())
        subprocess.run(["sbattach", "--remove", self.bare], capture_output=True, check=True)
        for section in SECTIONS:
            subprocess.run(["objcopy", "-O", "binary", f"--dump-section={section}={self.folder / section[1:]}", self.bare,
                            "/dev/null"], capture_output=True, check=True)
        subprocess.run(["objcopy", *(f"--remove-section={section}" for section in SECTIONS), self.bare], check=True)
        self.root = subprocess.run(["zstd", "-dc", self.folder / "initrd"], capture_output=True, check=True).stdout
        told = subprocess.run(["objdump", "-h", self.bare], capture_output=True, text=True, check=True).stdout
        ends = [int(size, 16) + int(at, 16) for size, at in re.findall(r"^\s*\d+ \S+\s+(\S+)\s+(\S+)", told, re.M)]
        self.end = max(ends)

    def file(self, path):
        """Of its root: the words of a file."""
        found = re.search(rb"070701([0-9A-Fa-f]{104})" + re.escape(path.lstrip("/").encode()) + b"\0", self.root)
        fields = [int(found.group(1)[at:at + 8], 16) for at in range(0, 104, 8)]
        start = found.start() + 110 + fields[11]
        start += -start % 4
        return self.root[start:start + fields[6]]

    def make(self, version, files=None, name=None, cmdline=()):
        """A UKI of that version; `files` are laid over its root: {path: (mode, bytes)}; the words of
        `cmdline` come last, so that they win."""
        conf = re.sub(rb"(?m)^version = .*$", b"version = " + version.encode(), self.file("/etc/inloop/image.conf"))
        over = {"/etc/inloop/image.conf": (0o644, conf), **(files or {})}
        home = self.folder / (name or version)
        home.mkdir(exist_ok=True)
        packed = subprocess.run(["zstd", "-q", "-3", "-c"], input=self.root + b"\0" * (-len(self.root) % 512) + cpio(over),
                                capture_output=True, check=True).stdout
        (home / "initrd").write_bytes(packed)
        release = (self.folder / "osrel").read_text(encoding="utf-8").rstrip("\0")
        release = re.sub(r"(?m)^VERSION_ID=.*$", f"VERSION_ID={version}", release)
        release = re.sub(r'(?m)^PRETTY_NAME=.*$', f'PRETTY_NAME="Inloop {version}"', release)
        (home / "osrel").write_text(release, encoding="utf-8")
        told = (self.folder / "cmdline").read_text(encoding="utf-8").rstrip("\0\n")
        (home / "cmdline").write_text(" ".join([told, *cmdline]) + "\0", encoding="utf-8")
        words, at = [], self.end + -self.end % SECTION_STEP
        for section, path in ((".osrel", home / "osrel"), (".cmdline", home / "cmdline"),
                              (".initrd", home / "initrd"), (".linux", self.folder / "linux")):
            words += ["--add-section", f"{section}={path}", "--change-section-vma", f"{section}={at:#x}",
                      "--set-section-flags", f"{section}=alloc,load,readonly,data"]
            at += path.stat().st_size + SECTION_STEP
            at += -at % SECTION_STEP
        out = home / "inloop.efi"
        subprocess.run(["objcopy", *words, self.bare, out], check=True)
        return out
