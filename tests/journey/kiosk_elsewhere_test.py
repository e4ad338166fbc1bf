# SPDX-License-Identifier: EUPL-1.2
#
# A task that only links elsewhere, on the real kiosk: whichever register told of it, a camera reads
# the very link from the screen. What cannot go on by phone or here is offered at the counter alone.
import os
import pathlib
import sys
import tempfile

from desk import Desk

# Who, born when, which of what is open; the link of its code, or none. Names are in no exported tree.
TASKS = (
    ("tomasz", "09081979", 1, "https://voorbeeldstad.example/inwoning"),  # Objecten
    ("tomasz", "09081979", 0, None),  # a form of Taken: here, never by phone
    ("mies", "10101945", 1, "https://mijn.voorbeeldstad.example/huurcontract"),  # MijnTaken
    ("mies", "10101945", 0, None),  # a payment of Objecten
    ("joost", "21071988", 0, "https://voorbeeldstad.example/fotograaf"),  # MijnTaken, of a case
)
FORM = ("tomasz", 0)


def walk(desk, folder):
    kiosk = desk.screens["kiosk"]
    for resident, birth_date, at, link in TASKS:
        kiosk.see("scan")
        desk.identify(resident, birth_date)
        kiosk.click(f"request.{at}")
        kiosk.see("to_counter")
        assert kiosk.has("phone") == (link is not None), (resident, at)
        assert kiosk.has("finish") == ((resident, at) == FORM), (resident, at)
        if link is not None:
            kiosk.click("phone")
            told = kiosk.read_code("phone.code", folder / "screen.png")
            assert told == link, (resident, at, told)
        kiosk.click("bar.stop")
        kiosk.see("welcome")
    for log in desk.folder.glob("*.log"):
        said = log.read_text(encoding="utf-8")
        assert "voorbeeldstad.example" not in said and "Sanitizer" not in said, said[-2000:]


def main():
    with tempfile.TemporaryDirectory() as name, \
            Desk(os.environ["INLOOP_BUILD"], pathlib.Path(name) / "desk", headless=True, screens=("kiosk",)) as desk:
        try:
            walk(desk, pathlib.Path(name))
        except BaseException:
            desk.say_logs()
            raise


sys.exit(main())
