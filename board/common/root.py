# SPDX-License-Identifier: EUPL-1.2
#
# Inside the build root: gathers a device's root from board/common/root.list and writes it as the
# initramfs (cpio, the same bytes for the same files), with a CycloneDX list of what is in it and
# the size of every part. Libraries are the closure of what the programs name, found by reading
# the files; no program of the device runs here.
import argparse
import glob
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import uuid

KINDS = {"dir": 0o040000, "file": 0o100000, "link": 0o120000, "node": 0o020000}
TRIPLETS = {"amd64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}
LOADERS = {"amd64": "/usr/lib/ld-linux-x86-64.so.2", "arm64": "/usr/lib/ld-linux-aarch64.so.1"}
STRIP = {"amd64": "strip", "arm64": "aarch64-linux-gnu-strip"}
# What board/common/parts.sh built: how its files begin, and its source package.
PARTS = {"libSDL2-": "libsdl2", "libSDL2_image": "libsdl2-image", "libSDL2_ttf": "libsdl2-ttf", "busybox": "busybox"}
URLS = {"package": "pkg:deb/debian/{name}@{version}?arch={arch}&distro=trixie",
        "source": "pkg:deb/debian/{name}@{version}?arch=source&distro=trixie",
        "ours": "pkg:generic/{name}@{version}"}


class Entry:
    def __init__(self, kind, mode, bytes_=b"", major=0, minor=0, origin=None, part="root"):
        self.mode = KINDS[kind] | mode
        self.bytes = bytes_
        self.major, self.minor = major, minor
        self.origin = origin  # the file it was copied from
        self.part = part


class Root:
    def __init__(self, options):
        self.options = options
        self.entries = {}
        self.programs = []
        self.places = {"src": options.src, "root": "/", "parts": options.parts,
                       "build": options.build, "keys": options.keys}
        self.folders = [f"{options.parts}/lib", f"/usr/lib/{TRIPLETS[options.arch]}"]

    def add(self, path, entry):
        parent = os.path.dirname(path)
        if parent != "/" and parent not in self.entries:
            self.add(parent, Entry("dir", 0o755))
        if path in self.entries and self.entries[path].mode >> 12 != 4:
            raise SystemExit(f"{path} stands in the list twice")
        self.entries[path] = entry

    def found(self, source):
        place, name = source.split(":", 1)
        files = sorted(glob.glob(os.path.join(self.places[place], name)))
        if not files:
            raise SystemExit(f"{source}: no such file")
        return files

    def copy(self, path, file, mode, part):
        self.add(path, Entry("file", mode, pathlib.Path(file).read_bytes(), origin=file, part=part))

    def read_list(self, path):
        for line in pathlib.Path(path).read_text().splitlines():
            words = line.split("#")[0].split()
            if words:
                getattr(self, "take_" + words[0])(*words[1:])

    def take_dir(self, path, mode):
        self.add(path, Entry("dir", int(mode, 8)))

    def take_node(self, path, mode, major, minor):
        self.add(path, Entry("node", int(mode, 8), major=int(major), minor=int(minor)))

    def take_link(self, path, target):
        self.add(path, Entry("link", 0o777, target.encode()))

    def take_file(self, path, source, mode="0644"):
        part = "fonts" if "/fonts/" in path else "hyphenation" if "/hyphen/" in path else "assets"
        for file in self.found(source):
            whole = path + os.path.basename(file) if path.endswith("/") else path
            self.copy(whole, file, int(mode, 8), part)

    def take_program(self, path, source):
        file = self.found(source)[0]
        with tempfile.NamedTemporaryFile() as bare:
            subprocess.run([STRIP[self.options.arch], "-o", bare.name, file], check=True)
            bytes_ = pathlib.Path(bare.name).read_bytes()
        part = "programs" if source.startswith("build:") else "tools"
        self.add(path, Entry("file", 0o755, bytes_, origin=file, part=part))
        self.programs.append(file)

    def take_applets(self, path, source):
        for name in pathlib.Path(self.found(source)[0]).read_text().split():
            self.take_link(f"{path}/{os.path.basename(name)}", "busybox")

    def needs(self, file):
        told = subprocess.run(["readelf", "-d", file], capture_output=True, text=True, check=True)
        return re.findall(r"\(NEEDED\).*\[(.*)\]", told.stdout)

    def add_libraries(self):
        """What the programs name, what that names, and so on; the loader stands where they look."""
        loader = LOADERS[self.options.arch]
        waiting, seen = list(self.programs), set()
        while waiting:
            for name in self.needs(waiting.pop()):
                if name in seen:
                    continue
                seen.add(name)
                if name == os.path.basename(loader):
                    continue
                file = next((f"{folder}/{name}" for folder in self.folders
                             if os.path.exists(f"{folder}/{name}")), None)
                if file is None:
                    raise SystemExit(f"{name}: in no folder of libraries")
                self.copy(f"/usr/lib/{TRIPLETS[self.options.arch]}/{name}", os.path.realpath(file),
                          0o644, "libraries")
                waiting.append(file)
        self.copy(loader, os.path.realpath(f"/usr/lib/{TRIPLETS[self.options.arch]}/"
                                           + os.path.basename(loader)), 0o755, "libraries")

    def add_modules(self):
        """The modules the board names and what these need, unpacked: the kernel is told their
        signature, and the whole is packed better than each."""
        kernel = next(pathlib.Path("/kernel/usr/lib/modules").iterdir())
        depends = dict(line.split(":") for line in (kernel / "modules.dep").read_text().splitlines())
        files = {plain(file): file for file in depends}
        built_in = {plain(line) for line in (kernel / "modules.builtin").read_text().splitlines()}
        soft = {}
        for line in (kernel / "modules.softdep").read_text().splitlines():
            words = line.split()
            if words[:1] == ["softdep"]:
                soft.setdefault(plain(words[1]), []).extend(w for w in words[2:] if w[-1] != ":")
        chosen = set()
        for key, list_ in (("modules", self.options.modules), ("modules.screen", self.options.modules_screen),
                           ("modules.late", self.options.modules_late)):
            names = [name for name in map(plain, list_.split()) if name not in built_in]
            waiting = list(names)
            while waiting:
                name = waiting.pop()
                if name not in files:
                    if name in names:
                        raise SystemExit(f"{name}: this kernel has no such module")
                    continue  # a soft dependency that is built in or does not exist
                if files[name] not in chosen:
                    chosen.add(files[name])
                    waiting += [plain(file) for file in depends[files[name]].split()]
                    waiting += map(plain, soft.get(name, []))
            self.add(f"/etc/inloop/{key}", Entry("file", 0o644, (" ".join(names) + "\n").encode()))
        self.unpack_modules(kernel, sorted(chosen))

    def unpack_modules(self, kernel, chosen):
        with tempfile.TemporaryDirectory() as stage:
            folder = pathlib.Path(stage, "lib/modules", kernel.name)
            for file in chosen:
                target = folder / file.removesuffix(".xz")
                target.parent.mkdir(parents=True, exist_ok=True)
                with open(target, "wb") as out:
                    subprocess.run(["xz", "-dc", kernel / file], stdout=out, check=True)
            for name in ("modules.builtin", "modules.order", "modules.builtin.modinfo"):
                shutil.copy(kernel / name, folder)
            subprocess.run(["depmod", "-b", stage, kernel.name], check=True)
            wanted = [file.removesuffix(".xz") for file in chosen]
            for name in [*wanted, "modules.dep"]:
                entry = Entry("file", 0o644, (folder / name).read_bytes(), origin="/kernel/", part="modules")
                self.add(f"/usr/lib/modules/{kernel.name}/{name}", entry)

    def write_cpio(self, path):
        when = self.options.epoch
        with open(path, "wb") as out:
            for number, name in enumerate([*sorted(self.entries), "TRAILER!!!"], 1):
                entry = self.entries.get(name, Entry("file", 0))
                is_end = name not in self.entries
                words = [0 if is_end else number, 0 if is_end else entry.mode, 0, 0, 1,
                         0 if is_end else when, len(entry.bytes), 0, 0, entry.major, entry.minor,
                         len(name.lstrip("/")) + 1, 0]
                write_padded(out, b"070701" + b"".join(b"%08X" % word for word in words)
                             + name.lstrip("/").encode() + b"\0")
                write_padded(out, entry.bytes)
            out.write(b"\0" * (-out.tell() % 512))

    def sizes(self):
        parts = {}
        for entry in self.entries.values():
            parts[entry.part] = parts.get(entry.part, 0) + len(entry.bytes)
        return dict(sorted(parts.items()))

    def bill(self):
        """CycloneDX 1.5: every Debian package a file came from, what was built here, our programs."""
        owners = package_owners(self.options.arch)
        components, files = {}, {}
        for path, entry in sorted(self.entries.items()):
            if entry.origin is None:
                continue
            kind, name, version, arch = self.whose(entry.origin, owners)
            components[kind, name] = (version, arch)
            files.setdefault((kind, name), []).append((path, hashlib.sha256(entry.bytes).hexdigest()))
        for path, origin in self.beside():
            kind, name, version, arch = self.whose(str(origin), owners)
            components[kind, name] = (version, arch)
            files.setdefault((kind, name), []).append((path, hashlib.sha256(origin.read_bytes()).hexdigest()))
        return {
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "serialNumber": f"urn:uuid:{self.id('bill')}",
            "metadata": {"component": {"type": "firmware", "name": f"inloop-{self.options.board}",
                                       "version": self.options.version}},
            "components": [
                {"type": "application" if kind == "ours" else "library", "name": name, "version": version,
                 "purl": URLS[kind].format(name=name, version=version.replace("+", "%2B").replace(":", "%3A"),
                                           arch=arch),
                 "bom-ref": f"{kind}:{name}",
                 "components": [{"type": "file", "name": path, "hashes": [{"alg": "SHA-256", "content": sum_}]}
                                for path, sum_ in files[kind, name]]}
                for (kind, name), (version, arch) in sorted(components.items())]}

    def beside(self):
        """What a device has beside its root: as the bill names it, and where it comes from."""
        short = "x64" if self.options.arch == "amd64" else "aa64"
        loader = pathlib.Path("/usr/lib/systemd/boot/efi")
        yield "inloop.efi/linux", next(pathlib.Path("/kernel/boot").glob("vmlinuz-*"))
        yield "inloop.efi/stub", loader / f"linux{short}.efi.stub"
        yield f"BOOT{short.upper()}.EFI", loader / f"systemd-boot{short}.efi"
        if self.options.board.startswith("rpi"):
            firmware = pathlib.Path("/rpi/usr/lib")
            yield from ((name, firmware / "raspi-firmware" / name) for name in ("start4.elf", "fixup4.dat"))
            yield "u-boot.bin", firmware / "u-boot/rpi_arm64/u-boot.bin"

    def whose(self, origin, owners):
        options = self.options
        if origin.startswith("/kernel/"):
            return "package", *fields_of("/kernel/package")
        if origin.startswith("/rpi/"):
            return "package", *fields_of("/rpi/u-boot-rpi.package" if "u-boot" in origin else "/rpi/raspi-firmware.package")
        if origin.startswith((options.src, options.build, options.keys)):
            return "ours", "inloop", options.version, options.arch
        if origin.startswith(options.parts):
            name = next(name for start, name in PARTS.items() if os.path.basename(origin).startswith(start))
            lines = pathlib.Path(options.parts, "sources").read_text().splitlines()
            return "source", name, dict(line.split() for line in lines)[name], "source"
        owner = owners.get(origin) or owners.get(origin.removeprefix("/usr"))
        if owner is None:
            return "package", "ca-certificates", version_of("ca-certificates"), "all"
        return "package", *owner

    def id(self, what):
        words = f"https://inloop.example/{self.options.board}/{self.options.version}/{what}"
        return uuid.uuid5(uuid.NAMESPACE_URL, words)


def plain(name):
    return os.path.basename(name).split(".ko")[0].replace("-", "_")


def write_padded(out, bytes_):
    out.write(bytes_)
    out.write(b"\0" * (-out.tell() % 4))


def fields_of(path):
    """Name, version and architecture of a package that was unpacked, not installed."""
    words = dict(line.split(": ") for line in pathlib.Path(path).read_text().splitlines())
    return words["Package"], words["Version"], words["Architecture"]


def version_of(package):
    told = subprocess.run(["dpkg-query", "-W", "-f=${Version}", package], capture_output=True, text=True, check=True)
    return told.stdout


def package_owners(arch):
    """File -> name, version, architecture of the package that brought it."""
    format_ = "-f=${Package}\t${Version}\t${Architecture}\t${binary:Package}\n"
    told = subprocess.run(["dpkg-query", "-W", format_], capture_output=True, text=True, check=True)
    owners = {}
    for line in told.stdout.splitlines():
        name, version, its_arch, whole = line.split("\t")
        if its_arch not in (arch, "all"):
            continue
        for listed in (f"/var/lib/dpkg/info/{name}.list", f"/var/lib/dpkg/info/{name}:{its_arch}.list"):
            if os.path.exists(listed):
                for file in pathlib.Path(listed).read_text().splitlines():
                    owners[file] = (name, version, its_arch)
    return owners


def main():
    parser = argparse.ArgumentParser()
    for name in ("arch", "board", "version", "src", "parts", "build", "keys", "out",
                 "modules", "modules-screen", "modules-late"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--also", action="append", default=[], help="more lists")
    parser.add_argument("--epoch", type=int, required=True)
    options = parser.parse_args()
    out = pathlib.Path(options.out)

    root = Root(options)
    for name in (f"{options.src}/board/common/root.list", *options.also):
        root.read_list(name)
    root.add_libraries()
    root.add_modules()
    made = subprocess.run(["date", "-u", "-d", f"@{options.epoch}", "+%F"], capture_output=True, text=True, check=True)
    words = f"version = {options.version}\nboard = {options.board}\nmade = {made.stdout}"
    root.add("/etc/inloop/image.conf", Entry("file", 0o644, words.encode()))
    (out / "image.conf").write_text(words)
    root.write_cpio(out / "root.cpio")
    (out / "sbom.cdx.json").write_text(json.dumps(root.bill(), indent=1) + "\n")
    (out / "sizes.json").write_text(json.dumps({"unpacked": root.sizes()}, indent=1) + "\n")
    (out / "ids").write_text("".join(f"{name}_id={root.id(name)}\n" for name in ("disk", "esp", "data")))


main()
