# SPDX-License-Identifier: EUPL-1.2
#
# The whole way of a document: the real kiosk shows a code, a camera reads it, a real browser of a
# phone's size sends a picture, the kiosk says that it arrived, and it stands at the municipality.
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from chromium import Chromium  # noqa: E402
from desk import Desk  # noqa: E402
from device import eventually  # noqa: E402
from phone import JPEG  # noqa: E402

NAME = "hetgeheimafschrift.jpg"


def open_the_task(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.see("scan")
    desk.identify("fatma", "01011966")
    kiosk.click("request.0")
    kiosk.click("finish")
    return kiosk


def send(phone, url, path):
    phone.open(url)
    phone.choose("input", path)
    phone.tap("button")
    phone.until_loaded()
    assert phone.one("heading")[1] == "Gelukt", phone.nodes()


def there(desk):
    task = next(each for each in desk.ask_town("GET", "/demo/tasks") if each["resident"] == "fatma")
    return task["details"].get("ontvangenGegevens", {}).get("afschriften", [])


def walk(desk, phone, folder):
    photo = folder / NAME
    photo.write_bytes(JPEG + os.urandom(3 * 1024 * 1024))
    kiosk = open_the_task(desk)
    url = kiosk.read_code("file.code", folder / "screen.png")
    send(phone, url, photo)
    kiosk.see("file.there")
    eventually(lambda: len(there(desk)) == 1, "the answer does not name it")
    assert not any(NAME[:9] in node["name"] for node in kiosk.nodes()), "the hall reads its name"
    kiosk.click("file.remove.0")
    again = kiosk.read_code("file.code", folder / "screen.png")
    assert again != url, "a used code is shown"
    eventually(lambda: there(desk) == [], "it was not taken away")
    send(phone, again, photo)
    kiosk.see("file.there")
    eventually(lambda: len(there(desk)) == 1, "the second one does not stand there")
    kiosk.click("bar.stop")
    kiosk.see("welcome")
    phone.open(again)
    assert "Deze code werkt niet meer" in [node[1] for node in phone.nodes() if node[0] == "heading"]
    for log in desk.folder.glob("*.log"):
        words = log.read_text(encoding="utf-8")
        assert NAME[:9] not in words and "/u/" not in words and "Sanitizer" not in words, words[-2000:]


def main():
    with tempfile.TemporaryDirectory() as name, \
            Desk(os.environ["INLOOP_BUILD"], pathlib.Path(name) / "desk", headless=True, screens=("kiosk",)) as desk, \
            Chromium() as phone:
        try:
            walk(desk, phone, pathlib.Path(name))
        except BaseException:
            desk.say_logs()
            raise


main()
