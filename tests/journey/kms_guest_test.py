# SPDX-License-Identifier: EUPL-1.2
#
# The screen of a machine without a desk: the kiosk runs in a guest with two graphics cards and input
# devices that QEMU gives them, without a window of anybody's. What the cards show is held against
# what the same kiosk draws in a window here, pixel for pixel, turned as the panel is; after taps and
# keys too, so that parts that were drawn late or twice would show.
import array
import contextlib
import os
import pathlib
import shutil
import socket
import struct
import sys
import tempfile
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import screen  # noqa: E402
from desk import Desk  # noqa: E402
from guest import HOST, Guest  # noqa: E402
from screen import Lost, Screen, png_of_rgb  # noqa: E402

BUILD = pathlib.Path(os.environ["INLOOP_BUILD"])
SKIPPED = 77  # tests/CMakeLists.txt
PICTURES = BUILD / "kms"  # what was seen last, for the eye
AXIS_STEPS = 0x8000  # of QEMU's tablets
MODULES = ("virtio_gpu", "bochs", "virtio_input", "evdev", "usbhid", "hid_generic", "i6300esb")
PANEL = (1280, 800)
OTHER = (1024, 768)
CARDS = {"panel": "/dev/dri/card0", "other": "/dev/dri/card1"}
DEVICES = ["-device", f"virtio-vga,id=panel,xres={PANEL[0]},yres={PANEL[1]}",
           "-device", f"bochs-display,id=other,xres={OTHER[0]},yres={OTHER[1]}",
           "-device", "usb-tablet,id=touch,bus=usb.0", "-device", "virtio-keyboard-pci", "-device", "i6300esb"]
WATCHDOG_S = 12  # more than a busy machine lets a guest stand still
ZONE = "Europe/Amsterdam"
OTHER_EDID = "/sys/kernel/debug/dri/1/Virtual-2/edid_override"
SCRIPT = """cd {root} && export {environment}
mount -t debugfs none /sys/kernel/debug
n=0
while :; do
  if [ -e {folder}/step.$n ]; then . {folder}/step.$n; echo "step $n: $?"; n=$((n + 1)); else sleep 0.05; fi
done
"""


class GuestScreen(Screen):
    """The kiosk in the guest. Its eyes and hands are QEMU's, at one of the guest's cards."""

    def __init__(self, guest, card, size, rotation):
        self.guest = guest
        self.card = card
        self.size = size
        self.rotation = rotation
        super().__init__("guest's kiosk", guest.folder / "guest.tree.json")

    def rgb(self):
        """As it hangs on the wall: not turned back."""
        path = self.guest.folder / "shot.ppm"
        self.guest.ask("screendump", filename=str(path), device=self.card)
        kind, size, _, pixels = path.read_bytes().split(b"\n", 3)
        assert kind == b"P6"
        return *(int(word) for word in size.split()), pixels

    def tap(self, x, y):
        for is_down in (True, False):
            self.guest.ask("input-send-event", events=[
                *({"type": "abs", "data": {"axis": axis, "value": int((at + 0.5) * AXIS_STEPS / length)}}
                  for axis, at, length in zip("xy", self.on_panel(x, y), self.size, strict=True)),
                {"type": "btn", "data": {"button": "left", "down": is_down}}])

    def on_panel(self, x, y):
        width, height = self.size
        return {0: (x, y), 90: (width - 1 - y, x), 180: (width - 1 - x, height - 1 - y),
                270: (y, height - 1 - x)}[self.rotation]

    def press(self, *keys):
        for chord in keys:
            self.guest.ask("send-key", keys=[{"type": "qcode", "data": key} for key in chord.lower().split("+")])


class KmsDesk(Desk):
    """Hub and town here, a kiosk in the guest, and its like in a window here."""

    guest = None

    def __enter__(self):
        self.hub_name = "localhost"
        self.steps = 0
        return super().__enter__()

    def start_display(self):
        super().start_display()
        inside = {"INLOOP_TREE_FILE": self.folder / "guest.tree.json", "SDL_AUDIODRIVER": "dummy", "HOME": "/run",
                  "TZ": ZONE}
        script = SCRIPT.format(root=ROOT, folder=self.folder,
                               environment=" ".join(f"{key}={value}" for key, value in inside.items()))
        # It starts while town and hub do.
        self.guest = Guest(BUILD / "guest", self.folder, script,
                           [*DEVICES, "-vnc", f"unix:{self.folder}/vnc,display=panel"], MODULES)

    def __exit__(self, *told):
        super().__exit__(*told)
        if self.guest is not None:
            self.guest.close()

    def hub_lines(self):
        return [*super().hub_lines(), f"hub.host = {HOST}"]

    def inside(self, words):
        """Runs a line in the guest."""
        path = self.folder / f"step.{self.steps}"
        path.with_suffix(".new").write_text(words + "\n", encoding="utf-8")
        path.with_suffix(".new").rename(path)
        self.guest.wait_for(f"step {self.steps}: 0")
        self.steps += 1

    def write_conf(self, name, device, hub, lines):
        conf = self.folder / f"{name}.conf"
        conf.write_text("\n".join([f"strings.dir = {self.bin}/strings", "assets.dir = assets", "language = nl",
                                   "theme.file = assets/themes/denhaag.tokens.json", *lines,
                                   *(line.replace("127.0.0.1", hub) for line in self.device_lines(device)), ""]),
                        encoding="utf-8")
        return conf

    def open_both(self, card, size, rotation, density, lines=()):
        """The kiosk on that card of the guest's, and one here that draws the same picture upright."""
        self.open_here(size, rotation, density)
        (self.folder / "guest.tree.json").unlink(missing_ok=True)
        conf = self.write_conf("guest", "kiosk-1", HOST, [
            "window.driver = kms", f"window.card = {CARDS[card]}", f"window.rotation = {rotation}", *lines])
        self.inside(f"{self.bin}/inloop-kiosk --config {conf} >> {self.folder}/kms.log 2>&1 & kiosk=$!")
        kiosk = GuestScreen(self.guest, card, size, rotation)
        kiosk.see("bar.larger")
        return kiosk

    def open_here(self, size, rotation, density):
        if any(process.name == "kiosk" for process in self.running):
            self.kill("kiosk")
        width, height = size if rotation % 180 == 0 else size[::-1]
        tree = self.folder / "here.tree.json"
        tree.unlink(missing_ok=True)
        conf = self.write_conf("here", "kiosk-2", self.hub_name, [
            f"window.width_px = {width}", f"window.height_px = {height}", f"window.px_per_mm_x100 = {density}"])
        self.start("kiosk", self.bin / "inloop-kiosk", "--config", conf,
                   env={**self.env, "TZ": ZONE, "INLOOP_TREE_FILE": str(tree)})
        self.here = Screen("Inloop kiosk", tree, (0, 0))

    def plug_in_screen(self, width, height):
        """Another screen on the panel's card; 0 x 0: none. A viewer of QEMU's asks for its size (RFC 6143, and the
        community's SetDesktopSize)."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
            line.connect(str(self.folder / "vnc"))
            told = line.makefile("rb")
            line.sendall(told.read(12) + b"\1")  # its own version, no password
            told.read(told.read(1)[0] + 4)
            line.sendall(b"\1")
            told.read(20)
            told.read(int.from_bytes(told.read(4), "big"))
            line.sendall(struct.pack(">BBHi", 2, 0, 1, -308) + struct.pack(">BBHHBB", 251, 0, width, height, 1, 0) +
                         struct.pack(">IHHHHI", 0, 0, 0, width, height, 0) + struct.pack(">BBHHHH", 3, 0, 0, 0, 1, 1))
            told.read(1)  # it has read on

    def guests_log(self):
        path = self.folder / "kms.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def wait_for_log(self, words, times):
        end = time.monotonic() + screen.PATIENCE_S
        while self.guests_log().count(words) < times:
            if time.monotonic() > end:
                raise Lost(f"the kiosk never said {words!r}")
            time.sleep(0.05)

    def close_guests_kiosk(self):
        self.inside("kill $kiosk; wait $kiosk")  # asked to end, it ends well

    def compare(self, kiosk, name):
        """Until the card shows what the window shows; both have a clock that goes on."""
        end = time.monotonic() + screen.PATIENCE_S
        while True:
            shown, drawn = kiosk.rgb(), turned(kiosk.rotation, *self.here.rgb())
            if shown == drawn:
                break
            if time.monotonic() > end:
                (PICTURES / f"{name}-wrong.png").write_bytes(png_of_rgb(*shown))
                (PICTURES / f"{name}-wanted.png").write_bytes(png_of_rgb(*drawn))
                raise Lost(f"{name}: the card shows another picture, see {PICTURES}")
            time.sleep(0.1)
        (PICTURES / f"{name}.png").write_bytes(png_of_rgb(*shown))
        print(f"{name}: {shown[0]}x{shown[1]}, every pixel", flush=True)


def turned(degrees, width, height, pixels):
    """Clockwise."""
    padded = bytearray(len(pixels) // 3 * 4)
    for part in range(3):
        padded[part::4] = pixels[part::3]
    cells = array.array("I", bytes(padded))
    if degrees == 180:
        cells.reverse()
    elif degrees != 0:
        columns = [cells[x::width] for x in range(width)]
        cells = array.array("I")
        for column in columns if degrees == 90 else reversed(columns):
            cells += column[::-1] if degrees == 90 else column
        width, height = height, width
    padded = cells.tobytes()
    rgb = bytearray(len(pixels))
    for part in range(3):
        rgb[part::3] = padded[part::4]
    return width, height, bytes(rgb)


def edid(width, height, width_mm, height_mm):
    """A screen with one mode (E-EDID 1.4), of a made-up maker."""
    timing = struct.pack("<H", 4000) + bytes([
        width & 255, 160, width >> 8 << 4, height & 255, 30, height >> 8 << 4, 48, 32, 0x35, 0,
        width_mm & 255, height_mm & 255, width_mm >> 8 << 4 | height_mm >> 8, 0, 0, 0x1e])
    base = (b"\0\xff\xff\xff\xff\xff\xff\0" + b"\x25\xcf\x01\0\0\0\0\0\x01\x21\x01\x04\xa5" +
            bytes([width_mm // 10, height_mm // 10, 0x78, 0x06]) + bytes(10) + bytes(3) + b"\x01" * 16 + timing +
            (b"\0\0\0\x10\0" + bytes(13)) * 3 + b"\0")
    return base + bytes([-sum(base) % 256])


def tap_both(desk, kiosk, wanted):
    desk.here.click(wanted)
    kiosk.click(wanted)


def try_panel(desk, rotation, lines=()):
    kiosk = desk.open_both("panel", PANEL, rotation, 150, ["window.px_per_mm_x100 = 150", *lines])
    desk.compare(kiosk, f"turned-{rotation}")
    tap_both(desk, kiosk, "bar.larger")
    desk.compare(kiosk, f"turned-{rotation}-larger")
    return kiosk


def try_keys(desk, kiosk):
    for _ in range(2):
        desk.here.press("Tab")
        kiosk.press("tab")
    desk.compare(kiosk, "focus")
    for chord in ("ctrl+alt+delete", "alt+sysrq+b", "ctrl+alt+f2", "alt+f4", "ctrl+c"):
        kiosk.press(chord)
    desk.here.press("Return")
    kiosk.press("ret")
    desk.compare(kiosk, "keys-and-no-chord")


def try_plugging(desk, kiosk):
    desk.guest.ask("device_del", id="touch")
    desk.guest.ask("device_add", driver="usb-tablet", id="touch-2", bus="usb.0")
    desk.wait_for_log("QEMU USB Tablet: pointer", 2)
    tap_both(desk, kiosk, "bar.contrast")
    desk.compare(kiosk, "after-plugging")


def try_other_card(desk):
    """It flips, and says by its EDID how large its screen is."""
    path = desk.folder / "edid"
    path.write_bytes(edid(*OTHER, OTHER[0] // 2, OTHER[1] // 2))
    desk.inside(f"cat {path} > {OTHER_EDID}")
    kiosk = desk.open_both("other", OTHER, 0, 200)
    desk.compare(kiosk, "by-flips")
    tap_both(desk, kiosk, "bar.larger")
    desk.compare(kiosk, "by-flips-larger")


def try_other_screens(desk, kiosk):
    """None when it starts, then one, another, none and the first again."""
    desk.here.click("bar.larger")
    kiosk.click("bar.larger")  # nobody sees it, the touch works all the same
    for size in (PANEL, (1024, 600), PANEL):
        kiosk.size = size
        desk.plug_in_screen(*size)
        desk.open_here(size, kiosk.rotation, 150)
        desk.here.click("bar.larger")
        desk.compare(kiosk, f"screen-{size[0]}-{size[1]}")
        lost = desk.guests_log().count("no screen")
        desk.plug_in_screen(0, 0)
        desk.wait_for_log("no screen", lost + 1)
    desk.plug_in_screen(*PANEL)
    desk.compare(kiosk, "screen-back")


def try_watchdog(desk, kiosk, begun):
    """It is fed while the kiosk runs; a kiosk that stands still takes the machine with it."""
    while time.monotonic() < begun + WATCHDOG_S + 2:
        desk.compare(kiosk, "fed")
    desk.inside("kill -STOP $kiosk")
    end = time.monotonic() + screen.PATIENCE_S
    while desk.guest.process.poll() is None:  # started anew it would end here: -no-reboot
        if time.monotonic() > end:
            raise Lost("a kiosk stands still and the machine goes on")
        time.sleep(0.05)
    print("the watchdog was fed, then was not", flush=True)


def walk(desk):
    kiosk = try_panel(desk, 0)
    try_keys(desk, kiosk)
    try_plugging(desk, kiosk)
    desk.close_guests_kiosk()
    try_panel(desk, 90)
    desk.close_guests_kiosk()
    try_other_card(desk)
    desk.close_guests_kiosk()
    desk.plug_in_screen(0, 0)
    begun = time.monotonic()
    kiosk = desk.open_both("panel", PANEL, 270, 150, [
        "window.px_per_mm_x100 = 150", "watchdog.device = /dev/watchdog", f"watchdog.timeout_s = {WATCHDOG_S}"])
    try_other_screens(desk, kiosk)
    try_watchdog(desk, kiosk, begun)


def main():
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: no QEMU")
        sys.exit(SKIPPED)
    screen.PATIENCE_S = 60  # emulated
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name, \
            KmsDesk(BUILD, pathlib.Path(name) / "desk", headless=True, screens=(),
                    devices=[("kiosk-1", "kiosk", ""), ("kiosk-2", "kiosk", "")]) as desk:
        try:
            walk(desk)
        except BaseException:
            desk.say_logs()
            print(desk.guest.said()[-2000:], desk.guests_log()[-2000:], file=sys.stderr)
            raise


main()
