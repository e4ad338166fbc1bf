# SPDX-License-Identifier: EUPL-1.2
#
# The same visit on this desk, in windows as large as the guests' screens: where to tap, and how each
# screen looks. What a device shows is held against what a desk shows.
import pathlib

import screen as eyes
from desk import Desk
from picture import Picture

RESIDENT, BIRTH_DATE = "nadia", "17051984"
THEME = "denhaag.tokens.json"


class Sheet:
    """One screen of the rehearsal: its picture, and where its nodes stand."""

    def __init__(self, picture, nodes):
        self.picture = picture
        self.nodes = {node["id"]: node for node in nodes}

    def middle(self, name):
        node = self.nodes[name]
        return node["x"] + node["width"] / 2, node["y"] + node["height"] / 2

    def part(self, picture, name):
        node = self.nodes[name]
        return picture.cut(*(int(node[edge]) for edge in ("x", "y", "width", "height")))

    def is_like(self, picture, limit=0.03):
        return picture.unlike(self.picture, step=6) < limit

    def is_like_at(self, picture, name, limit=0.03):
        """Only that node."""
        return self.part(picture, name).unlike(self.part(self.picture, name)) < limit


def rehearse(build, folder):
    sheets = {}
    folder = pathlib.Path(folder)
    eyes.PATIENCE_S = 60

    def keep(name, window):
        path = folder / f"{name}.png"
        window.picture(path)
        sheets[name] = Sheet(Picture.of_png(path), window.nodes())

    with Desk(build, folder / "desk", headless=True) as desk:
        kiosk, counter, display = (desk.screens[name] for name in ("kiosk", "counter", "display"))
        kiosk.see("scan")
        keep("kiosk-welcome", kiosk)
        display.see(lambda node: node["id"].startswith("wait") or "number" in node["id"] or "empty" in node["id"], "the display")
        keep("display-quiet", display)
        counter.see("field.staff")
        keep("counter-sign-in", counter)
        counter.type(desk.staff_id)
        counter.press("Return")
        counter.type(desk.staff_pin)
        counter.press("Return")
        counter.see("work")
        keep("counter-work", counter)
        desk.hold_under_scanner(RESIDENT, "live")
        kiosk.see("birth_date")
        keep("kiosk-birth-date", kiosk)
        for digit in BIRTH_DATE:
            kiosk.click(f"key.{digit}")
        kiosk.click("key.next")
        kiosk.see("request.0")
        keep("kiosk-requests", kiosk)
        kiosk.click("request.0")
        kiosk.see("to_counter")
        keep("kiosk-request", kiosk)
        kiosk.click("to_counter")
        kiosk.see("agree")
        keep("kiosk-agree", kiosk)
        kiosk.click("agree")
        number = kiosk.see("ticket.number")["name"]
        keep("kiosk-ticket", kiosk)
        counter.see("next")
        keep("counter-waiting", counter)
        counter.press("F2")
        counter.see("arrived")
        display.see(lambda node: node["id"] == "number.new" and node["name"] == number, number)
        keep("counter-called", counter)
        keep("display-called", display)
        counter.press("Return")
        counter.see("finish")
        keep("counter-serving", counter)
        counter.press("Return")
        counter.see("outcome.0")
        keep("counter-finish", counter)
        counter.press("1")
        counter.press("Return")
        counter.see("pause")
        keep("counter-free", counter)
    return sheets, number
