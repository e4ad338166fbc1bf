# SPDX-License-Identifier: EUPL-1.2
#
# One visit through four guests: a code under the kiosk's scanner, a birth date by the finger, a slip out
# of the printer, a call at the counter, the number on the display. What a device shows is what a desk
# shows (rehearsal.py).
from picture import codes
from rehearsal import BIRTH_DATE, RESIDENT

PACE_S = 0.7  # of a person's taps: a second one within half a second is a shaking hand


def tell(stories, hall, sheets, number):
    stories.tell("the kiosk finds its printer and shows what a desk shows", plug_printer, hall, sheets, needs=["kiosk"])
    stories.tell("the display shows what a desk shows", see, hall, sheets, "display", "display-quiet", needs=["display"])
    stories.tell("somebody signs in at the counter", sign_in, hall, sheets, needs=["counter", "staff"], gives="signed in")
    stories.tell("a code under the scanner and a birth date open her requests", identify, hall, sheets, needs=["kiosk"],
                 gives="identified")
    stories.tell("a tap takes a number, and the slip says the same", take_ticket, hall, sheets, number, needs=["identified"],
                 gives="ticket")
    stories.tell("the counter calls it", call, hall, sheets, needs=["ticket", "signed in"], gives="called")
    stories.tell("the number stands on the display", see_number, hall, sheets, needs=["called"])
    stories.tell("it is finished at the counter, and the municipality's register has the contact", finish, hall, sheets,
                 needs=["called"], gives="finished")


def plug_printer(hall, sheets):
    hall.machines["kiosk"].plug_printer()
    see(hall, sheets, "kiosk", "kiosk-welcome")


def see(hall, sheets, role, name):
    machine = hall.machines[role]
    machine.see_picture(sheets[name].is_like, f"{name} did not appear")
    machine.picture(machine.folder / f"{name}.png")


def tap(hall, sheets, role, sheet, node):
    import time
    time.sleep(PACE_S)
    hall.machines[role].tap(*sheets[sheet].middle(node))


def sign_in(hall, sheets):
    counter = hall.machines["counter"]
    see(hall, sheets, "counter", "counter-sign-in")
    counter.type("s3\n")
    counter.type(f"{hall.pin}\n")
    see(hall, sheets, "counter", "counter-work")


def identify(hall, sheets):
    kiosk = hall.machines["kiosk"]
    kiosk.plug_scanner().scan(hall.town.ask_town("POST", "/demo/tokens", {"resident": RESIDENT, "kind": "live"})["code"])
    see(hall, sheets, "kiosk", "kiosk-birth-date")
    for digit in BIRTH_DATE:
        tap(hall, sheets, "kiosk", "kiosk-birth-date", f"key.{digit}")
    tap(hall, sheets, "kiosk", "kiosk-birth-date", "key.next")
    see(hall, sheets, "kiosk", "kiosk-requests")


def take_ticket(hall, sheets, number):
    kiosk = hall.machines["kiosk"]
    printed = len(kiosk.plug_printer().slips)
    for before, node, after in (("kiosk-requests", "request.0", "kiosk-request"),
                                ("kiosk-request", "to_counter", "kiosk-agree"), ("kiosk-agree", "agree", "kiosk-ticket")):
        tap(hall, sheets, "kiosk", before, node)
        see(hall, sheets, "kiosk", after)
    path = kiosk.folder / "slip.png"
    path.write_bytes(kiosk.plugged["printer"].slip(printed + 1, 120))
    told = codes(path)
    assert len(told) == 1 and told[0].startswith(f"KQ1:{number}:"), f"the slip says {told}, not {number}"
    assert kiosk.plugged["printer"].strange == b"", "the printer got what is no command"


def call(hall, sheets):
    see(hall, sheets, "counter", "counter-waiting")
    hall.machines["counter"].press("f2")
    see(hall, sheets, "counter", "counter-called")


def see_number(hall, sheets):
    display, sheet = hall.machines["display"], sheets["display-called"]
    display.see_picture(lambda seen: all(sheet.is_like_at(seen, node) for node in ("number.new", "desk.new")),
                        "the number does not stand on the display")
    display.picture(display.folder / "display-called.png")
    assert not sheet.is_like_at(sheets["display-quiet"].picture, "number.new"), "the eyes see no difference"


def finish(hall, sheets):
    counter = hall.machines["counter"]
    for keys, after in (("ret",), "counter-serving"), (("ret",), "counter-finish"), (("1", "ret"), "counter-free"):
        for key in keys:
            counter.press(key)
        see(hall, sheets, "counter", after)
    assert hall.town.contact(), "the register has no contact"
