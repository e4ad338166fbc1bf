# SPDX-License-Identifier: EUPL-1.2
#
# A device as it stands in a hall, played by QEMU: firmware, a disk with the image on it, a screen, a
# network cable, a USB bus, a watchdog. The test sees what a person sees (the screen, the paper) and what
# a technician with a cable sees (the serial line).
import contextlib
import json
import pathlib
import shutil
import socket
import subprocess
import threading
import time

from picture import Picture
from usbredir import Printer, Scanner

FIRMWARE = pathlib.Path("/usr/share/OVMF")
PATIENCE_S = 240  # emulated, four beside each other on two slow cores
SCREENS = {"kiosk": (1080, 1920), "counter": (1280, 800), "display": (1920, 1080), "hub": (1280, 800)}
LOOK_S = 0.25


class Lost(Exception):
    """What should have happened did not."""


def wait_for(check, what, patience_s=PATIENCE_S, look_s=LOOK_S):
    """What `check` gives, as soon as that is true."""
    end = time.monotonic() + patience_s
    while True:
        found = check()
        if found:
            return found
        if time.monotonic() > end:
            raise Lost(what() if callable(what) else what)
        time.sleep(look_s)


class Machine:
    """`disk` is an overlay of its own over the image; `folder` is where sockets and logs lie."""

    def __init__(self, folder, name, disk, switch=None, role=None, hardware=1, memory_mb=256, more=()):
        self.name = name
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.disk = disk
        self.switch = switch
        self.size = SCREENS[role or "hub"]
        self.hardware = hardware  # last byte of the card's address
        self.memory_mb = memory_mb
        self.more = list(more)
        self.process = None
        self.serial = self.folder / "serial.log"
        self.plugged = {}
        self.hanging = {}  # what was on the bus when the power went: it is there when that comes back
        self.pictures_count = 0
        self.boots = 0

    # --- power

    def power_on(self):
        """From cold: the firmware's own memory stays from one time to the next."""
        variables = self.folder / "vars.fd"
        if not variables.exists():
            shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", variables)
        for name in ("qmp", "scanner", "printer", "spare"):
            (self.folder / name).unlink(missing_ok=True)
        self.boots += 1
        self.serial = self.folder / f"serial.{self.boots}.log"
        self.serial.unlink(missing_ok=True)
        self.events = []
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.words(variables), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=(self.folder / "qemu.log").open("ab"))
        self.connect()
        for name, kind in self.hanging.items():
            self.plug(name, kind)
        self.hanging = {}
        return self

    def words(self, variables):
        """One processor: of two, four machines beside each other let one wait for the other, minutes at times."""
        width, height = self.size
        cable = self.switch.netdev("net") if self.switch else "user,id=net,restrict=on"
        words = ["qemu-system-x86_64", "-name", self.name, "-M", "q35,smm=off", "-accel", "tcg,thread=multi", "-cpu", "max",
                 "-smp", "1", "-m", str(self.memory_mb), "-display", "none", "-vga", "none", "-nodefaults",
                 "-device", f"virtio-vga,xres={width},yres={height}",
                 "-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE / 'OVMF_CODE_4M.fd'}",
                 "-drive", f"if=pflash,format=raw,file={variables}",
                 "-drive", f"file={self.disk},format=qcow2,if=virtio,cache=writeback",
                 "-netdev", cable,
                 "-device", f"virtio-net-pci,netdev=net,romfile=,mac=52:54:00:77:00:{self.hardware:02x}",
                 "-device", "virtio-rng-pci", "-device", "virtio-tablet-pci,id=finger",
                 "-device", "virtio-keyboard-pci,id=keys",
                 "-device", "i6300esb", "-action", "watchdog=reset,panic=none,reboot=reset",
                 "-device", "qemu-xhci,id=usb,p2=8,p3=8",
                 "-serial", f"file:{self.serial}", "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off"]
        for name in ("scanner", "printer", "spare"):
            words += ["-chardev", f"socket,id={name},path={self.folder / name},server=on,wait=off",
                      "-device", f"usb-redir,id={name},chardev={name},bus=usb.0"]
        return words + self.more

    def cut_power(self):
        """kill -9 of this one QEMU: nothing is flushed, nobody is told."""
        if self.process is None:
            return
        self.hanging = {name: type(device) for name, device in self.plugged.items()}
        for name in self.hanging:
            self.unplug(name)
        self.process.kill()
        self.process.wait()
        self.process = None
        with contextlib.suppress(OSError):
            self.line.close()

    def reset(self):
        self.ask("system_reset")

    @contextlib.contextmanager
    def stands_still(self):
        """Its time too: what it waits for does not run out."""
        self.ask("stop")
        try:
            yield
        finally:
            self.ask("cont")

    def now(self):
        """Seconds since it was switched on."""
        return time.monotonic() - self.started_at

    # --- QMP

    def connect(self):
        path = str(self.folder / "qmp")

        def is_there():
            if self.process.poll() is not None:
                raise Lost(f"{self.name}: QEMU ended: {(self.folder / 'qemu.log').read_text()[-500:]}")
            self.line = socket.socket(socket.AF_UNIX)
            try:
                self.line.connect(path)
                return True
            except OSError:
                self.line.close()
                return False

        wait_for(is_there, f"{self.name}: no QMP", look_s=0.05)
        self.told = self.line.makefile("r")
        self.answers = []
        self.has_answer = threading.Condition()
        self.asking = threading.Lock()
        threading.Thread(target=self.listen, args=(self.told,), daemon=True).start()
        self.ask("qmp_capabilities")

    def listen(self, told):
        with contextlib.suppress(OSError, ValueError):
            for line in told:
                words = json.loads(line)
                if "event" in words:
                    self.events.append((words["event"], time.monotonic() - self.started_at))
                elif "QMP" not in words:
                    with self.has_answer:
                        self.answers.append(words)
                        self.has_answer.notify()

    def ask(self, command, **arguments):
        with self.asking:
            self.line.sendall(json.dumps({"execute": command, "arguments": arguments}).encode() + b"\n")
            with self.has_answer:
                if not self.has_answer.wait_for(lambda: self.answers, 60):
                    raise Lost(f"{self.name}: QEMU does not answer {command}")
                answer = self.answers.pop(0)
        if "error" in answer:
            raise OSError(answer["error"]["desc"])
        return answer["return"]

    def resets_count(self):
        """How often it started again by itself or by its watchdog."""
        return sum(event == "RESET" for event, _ in self.events)

    def watchdogs_count(self):
        return sum(event == "WATCHDOG" for event, _ in self.events)

    # --- eyes

    def look(self):
        path = self.folder / "look.ppm"
        self.ask("screendump", filename=str(path))
        return Picture.of_ppm(path)

    def picture(self, path):
        seen = self.look()
        seen.save(path)
        return seen

    def see_picture(self, check, what, patience_s=PATIENCE_S):
        """The first picture of the screen that `check` likes."""
        kept = []

        def is_seen():
            kept[:] = [self.look()]
            return check(kept[0])

        try:
            wait_for(is_seen, f"{self.name}: {what}", patience_s)
        except Lost:
            kept[0].save(self.folder / "lost.png")
            raise
        return kept[0]

    def said(self):
        return self.serial.read_text(encoding="utf-8", errors="replace") if self.serial.exists() else ""

    def wait_for_words(self, words, patience_s=PATIENCE_S):
        wait_for(lambda: words in self.said(), lambda: f"{self.name} never said {words!r}: {self.said()[-1500:]}", patience_s)

    # --- hands

    def tap(self, x, y):
        """At a dot of the screen as it is looked at."""
        self.point(x, y)
        for is_down in (True, False):
            self.ask("input-send-event", events=[{"type": "btn", "data": {"down": is_down, "button": "left"}}])
            time.sleep(0.08)

    def point(self, x, y):
        width, height = self.size
        self.ask("input-send-event", events=[
            {"type": "abs", "data": {"axis": "x", "value": min(0x7FFF, round((x + 0.5) * 0x8000 / width))}},
            {"type": "abs", "data": {"axis": "y", "value": min(0x7FFF, round((y + 0.5) * 0x8000 / height))}}])

    def press(self, *keys):
        """All of them together: press("ctrl", "alt", "delete")."""
        for is_down, order in ((True, keys), (False, reversed(keys))):
            for key in order:
                self.ask("input-send-event", events=[
                    {"type": "key", "data": {"down": is_down, "key": {"type": "qcode", "data": key}}}])
                time.sleep(0.02)

    def type(self, words):
        for letter in words:
            key = {"-": "minus", " ": "spc", ".": "dot", "/": "slash", "\n": "ret"}.get(letter, letter.lower())
            self.press(*(["shift"] if letter.isupper() else []), key)

    # --- the USB bus

    def plug(self, name, kind):
        self.plugged[name] = kind(self.folder / name)
        return self.plugged[name]

    def unplug(self, name):
        self.plugged.pop(name).close()

    def plug_scanner(self):
        return self.plugged.get("scanner") or self.plug("scanner", Scanner)

    def plug_printer(self):
        return self.plugged.get("printer") or self.plug("printer", Printer)

    def close(self):
        self.cut_power()
