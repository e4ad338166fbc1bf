# SPDX-License-Identifier: EUPL-1.2
#
# A guest machine without a disk of its own: Debian's kernel, a first program, and this machine's
# files to read. Programs under test run there with a USB bus that QEMU gives them. Its network sees
# this machine's own ports at 10.0.2.2.
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import time

HOST = "10.0.2.2"
MODULES = ("9p", "9pnet_virtio", "virtio_pci", "virtio_net", "virtio_rng", "xhci_pci")
# An emulated timer that a busy machine lets wait is no broken one: the kernel would stop for it.
KERNEL_WORDS = "console=ttyS0 panic=-1 quiet no_timer_check"
PATIENCE_S = 180  # emulated, on a slow machine, with sanitizers beside it
INIT = """#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc none /proc
while read -r module; do $b insmod /modules/$module; done < /modules/order
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,msize=524288,cache=loose host /host
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=524288,cache=none shared /host$($b cat /desk)
$b mount -t devtmpfs none /host/dev && $b mount -t proc none /host/proc && $b mount -t sysfs none /host/sys
$b mount -t tmpfs none /host/run
$b ip link set lo up && $b ip addr add 10.0.2.15/24 dev eth0 && $b ip link set eth0 up
$b ip route add default via 10.0.2.2
exec $b chroot /host /bin/sh $($b cat /desk)/guest.sh
"""


def kernel(folder):
    """Debian's newest kernel, unpacked into `folder`: (image, folder of its modules, version)."""
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "done").exists():
        told = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True, check=True)
        name = next(line.split()[-1] for line in told.stdout.splitlines() if "Depends: linux-image-" in line)
        subprocess.run(["apt-get", "download", name], cwd=folder, capture_output=True, check=True)
        package = next(folder.glob("*.deb"))
        subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
        package.unlink()
        version = next((folder / "lib/modules").iterdir()).name
        subprocess.run(["/sbin/depmod", "-b", folder, version], check=True)
        (folder / "done").touch()
    version = next((folder / "lib/modules").iterdir()).name
    return folder / f"boot/vmlinuz-{version}", folder, version


class Guest:
    """`folder` is where programs of both sides write; `script` is run as the guest's only program; `modules` are
    loaded besides what every guest needs."""

    def __init__(self, built, folder, script, devices, modules=()):
        self.folder = folder
        self.image, base, version = kernel(built / "kernel")
        initrd = self.make_initrd(base, version, [*MODULES, *modules])
        (folder / "guest.sh").write_text(script, encoding="utf-8")
        self.serial = folder / "guest.log"
        self.qmp = folder / "guest.qmp"
        self.process = subprocess.Popen(
            ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "max", "-smp", "2", "-m", "512",
             "-kernel", self.image, "-initrd", initrd, "-append", KERNEL_WORDS, "-display", "none",
             "-vga", "none", "-no-reboot", "-serial", f"file:{self.serial}", "-qmp", f"unix:{self.qmp},server=on,wait=off",
             "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net", "-device", "virtio-rng-pci",
             "-virtfs", "local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap",
             "-virtfs", f"local,path={folder},mount_tag=shared,security_model=none,multidevs=remap",
             "-device", "qemu-xhci,id=usb,p2=8,p3=8", *devices],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(folder / "qemu.log").open("wb"))

    def make_initrd(self, base, version, modules):
        root = self.folder / "initrd"
        for name in ("bin", "proc", "modules", "host"):
            (root / name).mkdir(parents=True)
        shutil.copy("/bin/busybox", root / "bin/busybox")
        order = []
        for module in modules:
            told = subprocess.run(["/sbin/modprobe", "-d", base, "-S", version, "--show-depends", module],
                                  capture_output=True, text=True, check=True).stdout
            order += [line.split()[1] for line in told.splitlines() if line.startswith("insmod")]
        order = list(dict.fromkeys(order))
        for path in order:
            shutil.copy(path, root / "modules")
        (root / "modules/order").write_text("".join(f"{pathlib.Path(path).name}\n" for path in order), encoding="utf-8")
        (root / "desk").write_text(f"{self.folder}\n", encoding="utf-8")
        (root / "init").write_text(INIT, encoding="utf-8")
        (root / "init").chmod(0o755)
        packed = self.folder / "initrd.cpio"
        with packed.open("wb") as out:
            names = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
            subprocess.run(["cpio", "-o", "-H", "newc", "--quiet"], cwd=root, input=names.encode(), stdout=out, check=True)
        return packed

    def wait_for(self, words):
        """Until the guest's console says so."""
        end = time.monotonic() + PATIENCE_S
        while words not in self.said():
            if time.monotonic() > end or self.process.poll() is not None:
                raise TimeoutError(f"the guest never said {words!r}: {self.said()[-2000:]}")
            time.sleep(0.05)

    def said(self):
        return self.serial.read_text(encoding="utf-8", errors="replace") if self.serial.exists() else ""

    def ask(self, command, **arguments):
        """One command over QMP."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
            line.connect(str(self.qmp))
            told = line.makefile("rw")
            told.readline()
            for words in ({"execute": "qmp_capabilities"}, {"execute": command, "arguments": arguments}):
                told.write(json.dumps(words) + "\n")
                told.flush()
                answer = json.loads(told.readline())
                while "event" in answer:
                    answer = json.loads(told.readline())
            if "error" in answer:
                raise OSError(answer["error"]["desc"])
            return answer["return"]

    def close(self):
        self.process.kill()
        self.process.wait()
