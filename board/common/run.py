# SPDX-License-Identifier: EUPL-1.2
#
# Starts a board's image in QEMU: run.py BOARD IMAGE. With a display in a window, until that is
# closed; without one until the first picture, which is kept beside the image with the times of the
# way there. QMP listens at IMAGE/qmp. The disk is a copy: enrolment stays in it until the image is
# made anew.
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

PATIENCE_S = 300
MARKS = {"firmware": "BdsDxe: starting", "configured": "inloop: boot: configured", "role": "inloop: role: "}


def words_of(image, has_display):
    firmware, variables = os.environ["BOARD_QEMU_FIRMWARE"].split()
    if not (image / "vars.fd").exists():
        shutil.copy(variables, image / "vars.fd")
    disk = image / "run.img"
    if not disk.exists() or disk.stat().st_mtime < (image / "disk.img").stat().st_mtime:
        subprocess.run(["cp", "--sparse=always", image / "disk.img", disk], check=True)
    return [*os.environ["BOARD_QEMU"].split(), "-smp", "2", "-m", "256", "-nodefaults",
            "-display", "gtk" if has_display else "none",
            "-drive", f"if=pflash,format=raw,readonly=on,file={firmware}",
            "-drive", f"if=pflash,format=raw,file={image / 'vars.fd'}",
            "-drive", f"file={disk},format=raw,if=none,id=disk", "-device", "virtio-blk-pci,drive=disk,bootindex=0",
            "-netdev", "user,id=net", "-device", "virtio-net-pci,netdev=net,romfile=",
            "-device", "qemu-xhci", "-device", "virtio-tablet-pci", "-device", "virtio-keyboard-pci",
            "-serial", f"file:{image / 'serial.log'}", "-qmp", f"unix:{image / 'qmp'},server=on,wait=off"]


class Qmp:
    def __init__(self, path):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(str(path))
        self.told = self.line.makefile("r")
        self.ask("qmp_capabilities")

    def ask(self, command, **arguments):
        self.line.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            words = json.loads(self.told.readline())
            if "return" in words or "error" in words:
                return words


def dots_of(path):
    """The picture's dots; of a screen that is not lit yet, none."""
    return path.read_bytes().split(b"\n", 3)[3] if path.exists() else b""


def cpu_seconds(qemu):
    """What the emulation has cost: on a busy machine it says more than the clock."""
    words = pathlib.Path(f"/proc/{qemu.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def wait_for_picture(qemu, image):
    """Seconds from power-on, on the clock and of the processor: firmware done, configured, the role
    started, drawn."""
    started, times = time.monotonic(), {}

    def mark(name):
        times.setdefault(name, {"s": round(time.monotonic() - started, 1), "cpu_s": round(cpu_seconds(qemu), 1)})

    picture = image / "screen.ppm"
    before = qmp = None
    while time.monotonic() - started < PATIENCE_S and qemu.poll() is None:
        time.sleep(0.05)
        if qmp is None:
            if (image / "qmp").exists():
                qmp = Qmp(image / "qmp")
            continue
        said = (image / "serial.log").read_text(errors="replace")
        for name, words in MARKS.items():
            if words in said:
                mark(name)
        if "Kernel panic" in said:
            break
        if "role" in times:
            qmp.ask("screendump", filename=str(picture))
            dots = dots_of(picture)
            before = before or dots
            if dots != before and len(set(dots[::997])) > 8:
                mark("drawn")
                subprocess.run(["pnmtopng", picture], stdout=(image / "screen.png").open("wb"),
                               stderr=subprocess.DEVNULL, check=True)
                break
    return times


def main():
    board, image = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    has_display = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    for name in ("serial.log", "qmp", "screen.ppm", "screen.png"):
        (image / name).unlink(missing_ok=True)
    (image / "serial.log").touch()
    qemu = subprocess.Popen(words_of(image, has_display), stdin=subprocess.DEVNULL)
    try:
        if has_display:
            return qemu.wait()
        times = wait_for_picture(qemu, image)
    finally:
        qemu.kill()
        qemu.wait()
    (image / "boot.json").write_text(json.dumps(times, indent=1) + "\n")
    print(f"{board}: " + ", ".join(f"{name} {at['s']} s ({at['cpu_s']} s of processor)" for name, at in times.items()))
    if "drawn" not in times:
        print("No picture; the serial line ends so:")
        print((image / "serial.log").read_text(errors="replace")[-1500:])
        return 1
    print(f"the first picture: {image / 'screen.png'}")
    return 0


sys.exit(main())
