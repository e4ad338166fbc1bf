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
from desk import Desk  # noqa: E402
from guest import HOST, Guest  # noqa: E402
from vscard import Bridge  # noqa: E402

BUILD = pathlib.Path(os.environ["INLOOP_BUILD"])
SKIPPED = 77  # tests/CMakeLists.txt
READER = ("usb-ccid", "id=ccid", "bus=usb.0")
SLOT = ("ccid-card-passthru", "id=slot", "bus=ccid.0", "chardev={}")
SCRIPT = """/lib/systemd/systemd-udevd --daemon && udevadm trigger && udevadm settle
cd {root} && export {environment}
{words} >> {folder}/kiosk.out 2>> {folder}/kiosk.log
echo the kiosk ended: $?
"""


class GuestDesk(Desk):
    """A desk whose kiosk runs in the guest. It knows this machine by another address."""

    guest = None

    def __enter__(self):
        self.x_words = ["-listen", "tcp"]  # the guest's own address is this machine's
        self.hub_name = "localhost"
        self.cables.append("card.usb = 08e6:4433")
        return super().__enter__()

    def __exit__(self, *told):
        super().__exit__(*told)
        if self.guest is not None:
            self.guest.close()

    def hub_lines(self):
        return [*super().hub_lines(), f"hub.host = {HOST}"]

    def device_lines(self, device):
        return [line.replace("127.0.0.1", HOST) for line in super().device_lines(device)]

    def say_logs(self):
        super().say_logs()
        kiosk = self.folder / "kiosk.log"  # the guest's
        if kiosk.exists():
            print(f"--- kiosk\n{kiosk.read_text(encoding='utf-8', errors='replace')[-3000:]}", file=sys.stderr)

    def start_screen(self, name):
        self.cards.address = None  # the reader hangs on the guest's bus
        super().start_screen(name)

    def start(self, name, *words, env=None, waits_for=None):
        if name != "kiosk":
            return super().start(name, *words, env=env, waits_for=waits_for)
        inside = {**env, "DISPLAY": HOST + env["DISPLAY"], "TZ": "Europe/Amsterdam", "HOME": "/run"}
        script = SCRIPT.format(root=ROOT, folder=self.folder, words=" ".join(str(word) for word in words),
                               environment=" ".join(f"{key}={value}" for key, value in inside.items()))
        slot = self.folder / "card.slot"
        self.guest = Guest(BUILD / "guest", self.folder, script,
                           ["-chardev", f"socket,id=card,path={slot},server=on,wait=off",
                            "-device", ",".join(READER), "-device", ",".join(SLOT).format("card")])
        self.guest.wait_for("Starting systemd-udevd")
        self.bridge = Bridge(slot)
        self.cards.address = f"127.0.0.1:{self.bridge.port}"
        return None


def type_can(desk, kiosk, who):
    kiosk.see("card_code")
    for digit in desk.cards.words(who)["can"]:
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")


def walk(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.see("card")
    print("a reader on the guest's bus", flush=True)

    desk.cards.lay("sanne")
    type_can(desk, kiosk, "sanne")
    kiosk.see("request.0")
    print("identified through libusb", flush=True)
    desk.cards.lift()
    kiosk.see("locked")
    assert not kiosk.has("request.0"), "what the card opened stands there without it"
    kiosk.click("bar.stop")
    kiosk.see("welcome")
    print("locked when it was taken away", flush=True)

    desk.bridge.cut_after = 6
    desk.cards.lay("nadia")
    type_can(desk, kiosk, "nadia")
    kiosk.see("back")
    desk.cards.lay("nadia")
    if kiosk.see(lambda node: node["id"] in ("request.0", "message"))["id"] == "message":
        # QEMU's reader may lose the answer to a command that a card took along, and knows no abort: then it is
        # reset, which the visitor is told, and it is there again for the next.
        assert "does not answer" in (desk.folder / "kiosk.log").read_text(encoding="utf-8"), "another message"
        print("the reader was reset", flush=True)
        desk.cards.lift()
        kiosk.see("card")
        desk.cards.lay("nadia")
        type_can(desk, kiosk, "nadia")
        kiosk.see("request.0")
    print("pulled in the middle and laid back", flush=True)

    desk.guest.ask("device_del", id="ccid")
    kiosk.see("locked")
    kiosk.click("bar.stop")
    kiosk.see("welcome")
    kiosk.see(lambda _: not kiosk.has("card"), "a welcome without a reader")
    desk.cards.lift()
    plug_in(desk)
    kiosk.see("card")
    desk.cards.lay("sanne")
    type_can(desk, kiosk, "sanne")
    kiosk.see("request.0")
    print("unplugged, plugged in, identified again", flush=True)


def plug_in(desk):
    """Another reader of the same kind, with a line of its own: QEMU keeps the old one's for a while."""
    slot = desk.folder / "other.slot"
    address = {"type": "unix", "data": {"path": str(slot)}}
    desk.guest.ask("chardev-add", id="other", backend={"type": "socket", "data": {"addr": address, "server": True,
                                                                                "wait": False}})
    for device in (READER, SLOT):
        driver, *properties = device
        desk.guest.ask("device_add", driver=driver, **dict(each.format("other").split("=") for each in properties))
    desk.bridge.plug_in(slot)


def main():
    if shutil.which("qemu-system-x86_64") is None:
        print("skipped: no QEMU")
        sys.exit(SKIPPED)
    screen.PATIENCE_S = 120  # emulated
    with tempfile.TemporaryDirectory() as name, \
            GuestDesk(BUILD, pathlib.Path(name) / "desk", headless=True, screens=("kiosk",),
                      devices=[("kiosk-1", "kiosk", "")], has_cards=True) as desk:
        try:
            walk(desk)
        except BaseException:
            desk.say_logs()
            print(desk.guest.said()[-2000:], file=sys.stderr)
            raise


main()
