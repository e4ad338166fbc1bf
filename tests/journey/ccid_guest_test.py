# SPDX-License-Identifier: EUPL-1.2
#
# The card reader as it is on a device: the kiosk runs in a guest with a USB bus, QEMU's CCID reader
# hangs on it, and the virtual document lies in that reader. Identified through libusb; the card is
# pulled in the middle; the reader is unplugged and plugged in again. The window is drawn on this
# machine's X server, where the test has its eyes and hands; hub and town run here too.
import os
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import screen  # noqa: E402
from card import Cards  # noqa: E402
from desk import Desk  # noqa: E402
from guest import HOST, Guest  # noqa: E402
from vscard import Bridge  # noqa: E402

BUILD = pathlib.Path(os.environ["INLOOP_BUILD"])
SKIPPED = 77  # tests/CMakeLists.txt
READER = ("usb-ccid", "id=ccid", "bus=usb.0")
SLOT = ("ccid-card-passthru", "id=slot", "bus=ccid.0", "chardev=card")
SCRIPT = """/lib/systemd/systemd-udevd --daemon && udevadm trigger && udevadm settle
cd {root} && export {environment}
{words} >> {folder}/kiosk.out 2>> {folder}/kiosk.log
echo the kiosk ended: $?
"""


class GuestDesk(Desk):
    """A desk whose kiosk runs in the guest. It knows this machine by another address."""

    guest = None

    def __exit__(self, *told):
        super().__exit__(*told)
        if self.guest is not None:
            self.guest.close()

    def x_words(self):
        return ["-listen", "tcp"]

    def hub_lines(self):
        return [*super().hub_lines(), f"hub.host = {HOST}"]

    def device_lines(self, device):
        return [line.replace("127.0.0.1", HOST) for line in super().device_lines(device)]

    def start(self, name, *words, env=None, waits_for=None):
        if name != "kiosk":
            return super().start(name, *words, env=env, waits_for=waits_for)
        inside = {**env, "DISPLAY": HOST + env["DISPLAY"], "TZ": "Europe/Amsterdam", "HOME": "/run"}
        script = SCRIPT.format(root=ROOT, folder=self.folder, words=" ".join(str(word) for word in words),
                               environment=" ".join(f"{key}={value}" for key, value in inside.items()))
        socket = self.folder / "slot.sock"
        self.guest = Guest(BUILD / "guest", self.folder, script,
                           ["-chardev", f"socket,id=card,path={socket},server=on,wait=off",
                            "-device", ",".join(READER), "-device", ",".join(SLOT)])
        self.guest.wait_for("Starting systemd-udevd")
        self.bridge = Bridge(socket)
        return None


def identify(desk, kiosk, can):
    kiosk.see("card_code")
    for digit in can:
        kiosk.click(f"key.{digit}")
    kiosk.see("request.0")


def walk(desk, cards):
    kiosk = desk.screens["kiosk"]
    kiosk.see("scan")
    kiosk.see("card")
    print("a reader on the guest's bus", flush=True)

    card = cards.lay("sanne", f"127.0.0.1:{desk.bridge.port}")
    identify(desk, kiosk, cards.can("sanne"))
    print("identified through libusb", flush=True)
    cards.lift(card)
    kiosk.see("locked")
    assert not kiosk.has("request.0"), "what the card opened stands there without it"
    kiosk.click("bar.stop")
    kiosk.see("scan")
    print("locked when it was taken away", flush=True)

    desk.bridge.cut_after = 6
    card = cards.lay("sanne", f"127.0.0.1:{desk.bridge.port}")
    kiosk.see("card_code")
    for digit in cards.can("sanne"):
        kiosk.click(f"key.{digit}")
    kiosk.see("back")
    cards.lift(card)
    card = cards.lay("sanne", f"127.0.0.1:{desk.bridge.port}")
    kiosk.see("request.0")
    print("pulled in the middle and laid back", flush=True)

    desk.guest.ask("device_del", id="ccid")
    kiosk.see("locked")
    kiosk.click("bar.stop")
    kiosk.see("scan")
    kiosk.see(lambda node: not kiosk.has("card"), "a welcome without a reader")
    cards.lift(card)
    plug_in(desk)
    kiosk.see("card")
    card = cards.lay("sanne", f"127.0.0.1:{desk.bridge.port}")
    identify(desk, kiosk, cards.can("sanne"))
    print("unplugged, plugged in, identified again", flush=True)
    cards.lift(card)


def plug_in(desk):
    for device in (READER, SLOT):
        driver, *properties = device
        desk.guest.ask("device_add", driver=driver, **dict(each.split("=") for each in properties))
    desk.bridge.plug_in()


def main():
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: no QEMU")
        sys.exit(SKIPPED)
    screen.PATIENCE_S = 120  # emulated
    with tempfile.TemporaryDirectory() as name, \
            GuestDesk(BUILD, pathlib.Path(name) / "desk", headless=True, screens=("kiosk",),
                      devices=[("kiosk-1", "kiosk", "")]) as desk:
        try:
            walk(desk, desk.cards)
        except BaseException:
            desk.say_logs()
            print(desk.guest.said()[-2000:], file=sys.stderr)
            raise


main()
