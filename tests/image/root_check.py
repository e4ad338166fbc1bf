# SPDX-License-Identifier: EUPL-1.2
#
# Looks into a finished image as it would be written to a device, not into what it was made from:
# root_check.py build/image/<board>. The root inside the kernel image holds what the list names and
# nothing else, nobody but root may change a file, nothing runs with more rights than who started
# it, no console has a shell. Prints every offence; fails on any.
import os
import pathlib
import re
import stat
import struct
import subprocess
import sys
import tempfile

REPO = pathlib.Path(__file__).resolve().parents[2]
SIZE_MAX = 40 * 1024 * 1024
CMDLINE = ["panic=5", "oops=panic", "lockdown=integrity", "module.sig_enforce=1", "usbcore.authorized_default=0"]
# Ways in, or around, that no script of ours needs.
NEVER = ["getty", "login", "su", "sulogin", "telnetd", "httpd", "ftpd", "nc", "vi", "wget", "dpkg", "sshd",
         "openvt", "cttyhack", "devmem", "insmod", "kexec"]
SHELLS = re.compile(r"(^|/)(ash|sh|bash|getty|login|cttyhack)\b")

offences = []
looked_count = 0


def expect(is_so, words):
    global looked_count
    looked_count += 1
    if not is_so:
        offences.append(words)


def sections(path):
    """The named parts of a unified kernel image (PE/COFF)."""
    raw = path.read_bytes()
    start = struct.unpack_from("<I", raw, 0x3C)[0]
    count, optional = struct.unpack_from("<H12xH", raw, start + 6)
    found = {}
    for number in range(count):
        at = start + 24 + optional + 40 * number
        name = raw[at:at + 8].rstrip(b"\0").decode()
        size, _, raw_size, offset = struct.unpack_from("<IIII", raw, at + 8)
        found[name] = raw[offset:offset + min(size, raw_size)]
    return found


class File:
    def __init__(self, mode, uid, gid, bytes_):
        self.mode, self.uid, self.gid, self.bytes = mode, uid, gid, bytes_

    @property
    def is_program(self):
        return stat.S_ISREG(self.mode) and self.bytes[:4] == b"\x7fELF"


def unpack(packed):
    """Path -> file of an initramfs (cpio, newc)."""
    raw = subprocess.run(["zstd", "-dcq"], input=packed, capture_output=True, check=True).stdout
    files, at = {}, 0
    while True:
        words = [int(raw[at + 6 + 8 * i:at + 14 + 8 * i], 16) for i in range(13)]
        name_at = at + 110
        name = raw[name_at:name_at + words[11] - 1].decode()
        bytes_at = -(-(name_at + words[11]) // 4) * 4
        if name == "TRAILER!!!":
            return files
        expect(name not in files, f"/{name}: stands there twice")
        files["/" + name] = File(words[1], words[2], words[3], raw[bytes_at:bytes_at + words[6]])
        at = -(-(bytes_at + words[6]) // 4) * 4


def check_rights(files):
    for path, file in files.items():
        is_link = stat.S_ISLNK(file.mode)
        expect(is_link or stat.S_ISCHR(file.mode) or not file.mode & 0o022, f"{path}: more than root may write it")
        expect(not file.mode & 0o7000, f"{path}: setuid, setgid or sticky")
        expect((file.uid, file.gid) == (0, 0), f"{path}: is not root's")
        expect(not stat.S_ISCHR(file.mode) or path in ("/dev/console", "/dev/null", "/dev/kmsg"),
               f"{path}: a device nobody listed")


def needs(bytes_):
    """The libraries a program or library names."""
    with tempfile.NamedTemporaryFile() as copy:
        copy.write(bytes_)
        copy.flush()
        told = subprocess.run(["readelf", "-dlW", copy.name], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.*)\]", told)), re.findall(r"program interpreter: (.*)\]", told)


def check_programs(files):
    listed = [line.split()[1] for line in (REPO / "board/common/root.list").read_text().splitlines()
              if line.startswith("program ")]
    programs = {path for path, file in files.items() if file.is_program and path.startswith("/usr/bin/")}
    for path in sorted(programs ^ set(listed)):
        expect(False, f"{path}: a program that is listed or there, not both")
    libraries = {path: file for path, file in files.items()
                 if file.is_program and path not in programs and not path.endswith(".ko")}
    closure, waiting = set(), [files[path] for path in programs]
    while waiting:
        named, loaders = needs(waiting.pop().bytes)
        for loader in loaders:
            expect(resolve(files, loader) in libraries, f"{loader}: no loader there")
            closure.add(os.path.basename(loader))
        for name in named - closure:
            closure.add(name)
            found = [file for path, file in libraries.items() if os.path.basename(path) == name]
            expect(len(found) == 1, f"{name}: is named and {len(found)} times there")
            waiting += found
    for path in libraries:
        expect(os.path.basename(path) in closure, f"{path}: a library nobody names")
    for path, file in files.items():
        is_script = stat.S_ISREG(file.mode) and file.mode & 0o111 and not file.is_program
        expect(not is_script or file.bytes.startswith(b"#!/bin/sh\n"), f"{path}: runs and is no script of ours")


def resolve(files, path):
    """Where a path leads, links followed in every part of it."""
    for _ in range(16):
        parts = path.split("/")
        for count in range(2, len(parts) + 1):
            head = "/".join(parts[:count])
            if head in files and stat.S_ISLNK(files[head].mode):
                target = files[head].bytes.decode()
                path = os.path.normpath(os.path.join(os.path.dirname(head), target, *parts[count:]))
                break
        else:
            return path
    return path


def check_links(files):
    for path, file in files.items():
        if stat.S_ISLNK(file.mode):
            target = resolve(files, path)
            expect(target in files or target.startswith("/run"), f"{path}: leads nowhere ({target})")


def check_consoles(files):
    for line in files["/etc/inittab"].bytes.decode().splitlines():
        if not line or line.startswith("#"):
            continue
        console, _, action, command = line.split(":", 3)
        expect(console == "", f"inittab: {line}: has a console")
        expect(action in ("sysinit", "respawn", "once", "ctrlaltdel", "shutdown"), f"inittab: {line}: {action}")
        program = resolve(files, command.split()[0])
        expect(program in files, f"inittab: {command}: is not there")
        expect(not SHELLS.search(command), f"inittab: {command}: is a shell")
    for name in NEVER:
        expect(not any(os.path.basename(path) == name for path in files), f"{name}: is there")
    for line in files["/etc/passwd"].bytes.decode().splitlines():
        expect(line.split(":")[1] == "x" and line.endswith(":/bin/false"), f"passwd: {line}")
    expect("/etc/shadow" not in files, "/etc/shadow: nobody has a password here")


def check_image(image, parts, files):
    words = dict(line.split(" = ") for line in files["/etc/inloop/image.conf"].bytes.decode().splitlines())
    released = dict(line.split("=") for line in parts[".osrel"].decode().rstrip("\0").splitlines())
    expect(words["board"] == image.name, f"image.conf: {words['board']} in the folder of {image.name}")
    expect(words["version"] == released["VERSION_ID"], "image.conf and .osrel name two versions")
    expect(released["ID"] == "inloop", ".osrel: not ours")
    cmdline = parts[".cmdline"].decode().rstrip("\0").split()
    for word in CMDLINE:
        expect(word in cmdline, f"command line: {word} is missing")
    expect(not any(word.startswith(("init=", "rdinit=")) or word in ("single", "emergency") for word in cmdline),
           "command line: starts something else")
    size = (image / "inloop.efi").stat().st_size
    expect(size <= SIZE_MAX, f"inloop.efi: {size} bytes, {SIZE_MAX} are allowed")


def main():
    image = pathlib.Path(sys.argv[1]).resolve()
    parts = sections(image / "inloop.efi")
    files = unpack(parts[".initrd"])
    for check in (check_rights, check_programs, check_links, check_consoles):
        check(files)
    check_image(image, parts, files)
    for offence in offences:
        print(offence)
    print(f"{looked_count} looked at, {len(offences)} offences")
    return 1 if offences else 0


sys.exit(main())
