# SPDX-License-Identifier: EUPL-1.2
#
# One visit from the first scan to the registered contact, as people do it: real windows, real
# clicks, the real hub and the fictional municipality. Leaves one picture a screen, the slip, and a
# transcript of what was promised and what was seen. Exits 0 only if the whole line held.
import json
import pathlib
import subprocess
import sys
import time

from desk import Desk
from screen import Lost, run

RESIDENT = "nadia"
BIRTH_DATE = "17051984"
PLATE = "gv27xk"
NEW_FORM = "Vraag of klacht"
CARD_RESIDENT, CARD_HOLDER = "sanne", "Sanne Proefman"  # has no code: she lays her identity card
SECOND_RESIDENT = "amina"  # began a form at home and brings its link


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    out = build / "tour"
    out.mkdir(parents=True, exist_ok=True)
    for old in list(out.glob("*.png")) + list(out.glob("*.json")):
        old.unlink()
    with Desk(build, out / "desk", headless=True, screens=("kiosk", "counter", "display", "pocket"),
              has_cards=True) as desk:
        try:
            transcript = visit(desk, out)
        except Lost as lost:
            for name, screen in desk.screens.items():
                screen.picture(out / f"lost-{name}.png")
            print(f"the line broke: {lost}", file=sys.stderr)
            desk.say_logs()
            return 1
    (out / "transcript.json").write_text(json.dumps(transcript, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in sorted(out.glob("*.png")) + [out / "transcript.json"]:
        print(path)
    return 0


def visit(desk, out):
    kiosk, counter, display = desk.screens["kiosk"], desk.screens["counter"], desk.screens["display"]
    pictures = Pictures(out)

    kiosk.see("scan")  # the line stands
    pictures.take(kiosk, "welcome")
    sign_in(desk, counter, pictures)

    desk.hold_under_scanner(RESIDENT, "live")
    kiosk.see("birth_date")
    pictures.take(kiosk, "second-fact")
    type_birth_date(kiosk)

    kiosk.see("request.0")
    pictures.take(kiosk, "your-requests")
    kiosk.click("request.0")
    kiosk.see("to_counter")
    pictures.take(kiosk, "one-request")
    kiosk.click("to_counter")
    kiosk.see("agree")
    pictures.take(kiosk, "counter-will-see")
    kiosk.click("agree")
    number = kiosk.see("ticket.number")["name"]
    slip = desk.slip()
    pictures.take(kiosk, "your-ticket")

    counter.see("next")
    pictures.take(counter, "counter-waiting")
    counter.press("F2")
    counter.see("arrived")
    counter.see(lambda node: "KQ1" not in node.get("name", "") and node.get("name") == number, f"number {number}")
    counter.see(lambda node: node["id"].startswith("context.missing") and node["name"], "what is missing")
    called = counter.nodes()
    display.see(lambda node: node["id"] == "number.new" and node["name"] == number, f"{number} on the display")
    pictures.take(display, "display-called")
    pictures.take(counter, "counter-called")
    counter.press("Return")
    counter.see("finish")
    counter.press("Return")
    counter.see("outcome.0")
    pictures.take(counter, "counter-finish")
    counter.press("1")
    counter.press("Return")
    counter.see("pause")
    contact = desk.contact()
    pictures.take(counter, "counter-free")
    kiosk.click("done")
    kiosk.see("welcome")

    (out / "slip.png").write_bytes(slip.read_bytes())
    code = run("zbarimg", "--quiet", "--raw", str(out / "slip.png")).stdout.decode().strip()
    if not code.startswith(f"KQ1:{number}:"):
        raise Lost(f"the slip's code does not name {number}")
    begin_on_kiosk(desk, pictures)
    finished = finish_on_kiosk(desk, pictures)
    stuck = get_stuck_on_kiosk(desk, pictures)
    return {**desk.transcript(number, code, called, contact), "finished_on_kiosk": {"request_id": finished},
            "asked_counter": stuck, "finished_at_counter": finish_at_counter(desk, pictures, stuck["number"]),
            "identified_by_card": identify_by_card(desk, pictures)}


def type_birth_date(kiosk):
    kiosk.see("birth_date")
    for digit in BIRTH_DATE:
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")


def identify_by_card(desk, pictures):
    """A resident without a phone: her card from the pocket and the six digits on it, to a number; gives
    what was verified, as the counter hears it, and her number."""
    kiosk, counter, pocket = desk.screens["kiosk"], desk.screens["counter"], desk.screens["pocket"]
    can = desk.cards.words(CARD_RESIDENT)["can"]
    kiosk.click("card")
    kiosk.see("card_lay")
    pictures.take(kiosk, "lay-your-card")
    pocket.click("kind.5")
    pocket.see(lambda node: node["name"] == can, "the six digits on her card")
    card = pocket.see(lambda node: node["id"].startswith("resident.") and node["name"] == CARD_HOLDER, CARD_HOLDER)
    pocket.click(card["id"])
    kiosk.see("code")
    pocket.see(lambda node: "ligt op de lezer" in node["name"], "that it lies there")
    pictures.take(pocket, "cards-in-the-pocket")
    for digit in can:
        kiosk.click(f"key.{digit}")
    pictures.take(kiosk, "six-digits")
    kiosk.click("key.next")
    kiosk.see("request.0")
    pictures.take(kiosk, "known-by-card")
    pocket.click(card["id"])
    kiosk.see("locked")
    pictures.take(kiosk, "card-taken-away")
    pocket.click(card["id"])
    kiosk.click("request.0")
    kiosk.click("to_counter")
    kiosk.click("agree")
    number = kiosk.see("ticket.number")["name"]
    pictures.take(kiosk, "ticket-and-card")
    kiosk.click("done")
    kiosk.see("card_take")
    pictures.take(kiosk, "take-your-card")
    pocket.click(card["id"])
    kiosk.see("welcome")
    counter.click("pause.end") if counter.has("pause.end") else None
    counter.press("F2")
    checks = counter.see(lambda node: node["id"] == "context.assurance" and node["name"], "what was verified")["name"]
    counter.see(lambda node: node["name"].startswith("Zaak "), "her case")
    pictures.take(counter, "counter-by-card")
    return {"number": number, "checks": checks}


def begin_on_kiosk(desk, pictures):
    """Somebody without a code looks at what may be begun, begins it, and thinks better of it."""
    kiosk = desk.screens["kiosk"]
    kiosk.click("no_code")
    kiosk.see("new")
    pictures.take(kiosk, "what-for")
    kiosk.click("new")
    form = kiosk.see(lambda node: node["id"].startswith("form.") and node["name"].startswith(NEW_FORM), NEW_FORM)
    pictures.take(kiosk, "something-new")
    kiosk.click(form["id"])
    see_step(kiosk, "Stap 1 van 4")
    pictures.take(kiosk, "begun-here")
    kiosk.click("bar.stop")
    kiosk.see("welcome")


def finish_on_kiosk(desk, pictures):
    """The same request, now answered on the screen; gives the task's id as the municipality has it."""
    kiosk = desk.screens["kiosk"]
    desk.hold_under_scanner(RESIDENT, "live")
    type_birth_date(kiosk)
    kiosk.click("request.0")
    kiosk.click("finish")
    kiosk.see("go_on")
    pictures.take(kiosk, "begun-before")
    kiosk.click("go_on")
    kiosk.see("key.g")
    for key in PLATE[:-1]:
        kiosk.click(f"key.{key}")
    kiosk.click("next")
    kiosk.see("error")
    pictures.take(kiosk, "plate-not-right")
    kiosk.click(f"key.{PLATE[-1]}")
    pictures.take(kiosk, "question")
    for step in ("Stap 3 van 4", "Stap 4 van 4"):
        kiosk.click("next")
        see_step(kiosk, step)
    kiosk.click("next")
    kiosk.see("form_check")
    pictures.take(kiosk, "check")
    kiosk.click("next")
    kiosk.see("reference")
    pictures.take(kiosk, "sent")
    kiosk.click("done")
    kiosk.see("welcome")
    return desk.finished_task()


def see_step(kiosk, step):
    kiosk.see(lambda node: node["id"] == "field.steps" and step in node["name"], step)


def get_stuck_on_kiosk(desk, pictures):
    """A draft of Open Forms by its link: one answer is changed, the next question is too much; gives
    the number for the counter and the form's name."""
    kiosk = desk.screens["kiosk"]
    said = desk.hold_from_pocket(SECOND_RESIDENT, "draft")
    if said:
        raise Lost(f"the pocket says: {said}")
    kiosk.see("go_on")
    pictures.take(kiosk, "resumed-by-link")
    kiosk.click("go_on")
    see_step(kiosk, "Stap 4 van 4")
    kiosk.click("bar.back")
    see_step(kiosk, "Stap 3 van 4")
    kiosk.click("key.e")
    pictures.take(kiosk, "answer-changed")
    kiosk.click("next")
    see_step(kiosk, "Stap 4 van 4")
    kiosk.click("next")
    kiosk.see("error")
    pictures.take(kiosk, "stuck")
    kiosk.click("ask")
    kiosk.see("agree")
    pictures.take(kiosk, "stuck-counter-will-see")
    kiosk.click("agree")
    number = kiosk.see("ticket.number")["name"]
    pictures.take(kiosk, "stuck-your-ticket")
    kiosk.click("done")
    kiosk.see("welcome")
    draft = desk.draft_of(SECOND_RESIDENT)
    if "amina@voorbeeld.example" not in str(draft["data"]):
        raise Lost("the changed answer does not stand at its source")
    return {"number": number, "request_id": draft["uuid"]}


def finish_at_counter(desk, pictures, number):
    """The same form, from the question where it was left; gives its id and that question's step."""
    counter = desk.screens["counter"]
    counter.press("F2")
    counter.see("context.stuck")
    pictures.take(counter, "counter-stuck")
    counter.press("Return")
    counter.see("form.fill")
    counter.press("F3")
    step = counter.see("step")["name"]
    pictures.take(counter, "counter-form")
    counter.type("De lantaarn voor mijn deur is stuk")
    counter.press("F10")
    counter.see("privacy")
    counter.click("privacy")
    counter.click("truth")
    pictures.take(counter, "counter-form-ready")
    counter.press("Return")
    counter.see("form.sent")
    pictures.take(counter, "counter-form-sent")
    counter.press("Return")
    counter.see("context.sent")
    counter.press("Return")
    counter.see("outcome.0")
    counter.press("Return")
    counter.see("pause")
    draft = desk.draft_of(SECOND_RESIDENT)
    if draft["state"] != "completed" or "lantaarn" not in str(draft["data"]):
        raise Lost(f"the form of {number} was not sent: it is {draft['state']}")
    return {"request_id": draft["uuid"], "resumed_step": int(step.split()[1])}


def sign_in(desk, counter, pictures):
    counter.see("field.staff")
    counter.type(desk.staff_id)
    counter.press("Return")
    counter.type(desk.staff_pin)
    pictures.take(counter, "counter-sign-in")
    counter.press("Return")
    counter.see("work")
    counter.see(lambda node: node["name"] == desk.staff_name, "the name of who sits here")


class Pictures:
    def __init__(self, out):
        self.out = out
        self.count = 0

    def take(self, screen, name):
        self.count += 1
        screen.picture(self.out / f"{self.count:02d}-{name}.png")


if __name__ == "__main__":
    started = time.monotonic()
    result = main()
    print(f"{time.monotonic() - started:.1f} s")
    sys.exit(result)
