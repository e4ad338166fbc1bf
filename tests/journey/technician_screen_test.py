# SPDX-License-Identifier: EUPL-1.2
#
# The technician's screen in a real window enrols a device at a real hub: a wrong code first, in
# words, then the hub's own under the scanner. Then a test slip is printed and its code scanned; the
# device goes to work as a kiosk, says how it is, and a service code lets the technician in again.
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from desk import Desk  # noqa: E402
from screen import Lost, Screen  # noqa: E402


def lines(desk, home):
    """What boot hands to the screen of a device that nobody has enrolled yet."""
    return ["window.width_px = 1080", "window.height_px = 1920", "window.px_per_mm_x100 = 361",
            f"strings.dir = {desk.bin}/strings", "assets.dir = assets", "language = nl",
            "theme.file = assets/themes/denhaag.tokens.json", f"device.dir = {home}", f"run.dir = {desk.folder}/run",
            f"image.file = {desk.folder}/image.conf", f"local.file = {home}/local.conf", *desk.cables]


def read_slip(desk):
    found = subprocess.run(["zbarimg", "--quiet", "--raw", str(desk.slip())], capture_output=True, text=True, check=True)
    return found.stdout.strip()


def enrol(desk, screen, home):
    told = desk.hub_task("enrol-code", "--device", "kiosk-9", "--role", "kiosk")
    url = f"https://127.0.0.1:{desk.enrolment_port}"

    screen.see("enrol")
    screen.click("enrol")
    screen.see("scan")
    desk.hold_text("8710400000013")
    screen.see("error")
    desk.hold_text(f"KE1:kiosk-9:000000000000000000000000:{told['fingerprint']}:{url}")
    screen.see("failure")
    assert not (home / "device.pem").exists()
    screen.click("again")
    screen.see("scan")
    desk.hold_text(f"KE1:kiosk-9:{told['code']}:{told['fingerprint']}:{url}")
    screen.see("enrolled")
    assert (home / "device.pem").exists() and (home / "device.key").exists()


def test_parts(desk, screen, home):
    screen.click("tests")
    screen.see("test.2")
    screen.click("test.2")
    screen.click("print")
    screen.see(lambda node: node["id"] == "part" and node["name"].startswith("Is de bon"), "that the slip is out")
    code = read_slip(desk)
    assert code == "KT1:INLOOP", code
    screen.click("good")
    screen.see("test.0")
    screen.click("test.0")
    screen.see("part")
    desk.hold_text(code)
    screen.see(lambda node: node["id"] == "part" and node["name"].startswith("De testcode"), "that it was read")
    screen.click("bar.back")
    screen.see("test.0")
    kept = dict(line.split(" = ") for line in (home / "tests.conf").read_text().splitlines())
    assert kept["printer"].startswith("good ") and kept["scanner"].startswith("good "), kept


def health_of(desk, wanted):
    """What the kiosk's file says, once it says all of `wanted`."""
    path = desk.folder / "health"
    end = time.monotonic() + 30
    said = {}
    while time.monotonic() < end:
        if path.exists():
            said = dict(line.split(" = ") for line in path.read_text(encoding="utf-8").splitlines())
            if all(said.get(key) == value for key, value in wanted.items()):
                return
        time.sleep(0.05)
    raise Lost(f"the health file says {said}")


def let_in(desk, home):
    desk.enrol("laptop-1", "technician", "")
    conf = desk.folder / "kiosk.conf"
    conf.write_text("\n".join([*lines(desk, home), (home / "device.conf").read_text(encoding="utf-8"),
                               f"health.file = {desk.folder}/health", ""]), encoding="utf-8")
    tree = desk.folder / "kiosk.tree.json"
    kiosk = desk.start("kiosk", desk.bin / "inloop-kiosk", "--config", conf,
                       env={**desk.env, "INLOOP_TREE_FILE": str(tree)})
    screen = Screen("Inloop kiosk", tree, (0, 0))
    screen.see("scan")
    health_of(desk, {"role": "kiosk", "is_drawn": "1", "is_connected": "1", "is_busy": "0", "scanner": "ok",
                     "printer": "ok"})
    done = subprocess.run([desk.bin / "inloop-technician", "service-code", "kiosk-9", "--profile",
                           desk.folder / "laptop-1", "--json"], capture_output=True, text=True, check=True)
    code = json.loads(done.stdout)["qr"]
    desk.hold_text(code[:-8] + "AAAAAAAA")  # not the hub's signature: like any strange code
    screen.see(lambda node: node["id"] == "message", "the page of a strange code")
    assert kiosk.poll() is None
    desk.hold_text(code)
    assert kiosk.wait(30) == 75, kiosk.returncode


def show_first_code(desk):
    """The screen of a hub's box that starts when its hub has made the code already."""
    box = desk.folder / "box"
    box.mkdir()
    (box / "technician-code").write_text(f"KE1:technician-1:{'0' * 24}:{'0' * 64}:https://10.0.0.2:8444\n", encoding="utf-8")
    conf = desk.folder / "box.conf"
    conf.write_text("\n".join([*lines(desk, box), "role = hub", f"hub.box_dir = {box}", ""]), encoding="utf-8")
    tree = desk.folder / "box.tree.json"
    process = desk.start("box", desk.bin / "inloop-technician", "screen", "--config", conf,
                         env={**desk.env, "INLOOP_TREE_FILE": str(tree)})
    screen = Screen("Inloop technician", tree, (0, 0))
    screen.see("hub")
    screen.click("hub")
    screen.see("hub.code")
    process.terminate()
    process.wait(15)


def main():
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(os.environ["INLOOP_BUILD"], pathlib.Path(folder) / "desk", headless=True, screens=(), devices=[])
        with desk:
            home = desk.folder / "device"
            conf = desk.folder / "screen.conf"
            conf.write_text("\n".join(lines(desk, home)) + "\n", encoding="utf-8")
            (desk.folder / "image.conf").write_text("version = 1.4.0\nboard = qemu-x86_64\nmade = 2026-01-01\n")
            tree = desk.folder / "screen.tree.json"
            process = desk.start("technician", desk.bin / "inloop-technician", "screen", "--config", conf,
                                 env={**desk.env, "INLOOP_TREE_FILE": str(tree)})
            screen = Screen("Inloop technician", tree, (0, 0))
            enrol(desk, screen, home)
            test_parts(desk, screen, home)
            screen.click("bar.back")
            screen.click("done")
            assert process.wait(15) == 0, "the screen did not end in order"
            show_first_code(desk)
            let_in(desk, home)
            said = (desk.folder / "technician.log").read_text(encoding="utf-8")
            assert "000000000000000000000000" not in said, "a code stands in the log"


main()
