# SPDX-License-Identifier: EUPL-1.2
#
# Cards on the real kiosk, against the real hub and the fictional town: an identity card and its six
# digits lead to the list and a number; wrong digits, a card pulled in the middle or laid back as
# another one, an older passport by the fields of its page, a pass, and a card that lies. Nothing
# that was read or typed stands in a log.
import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

import memory  # noqa: E402
from desk import Desk  # noqa: E402

FORGET_S = 20
PASS = "04A2B3C4D5E680"
SECRETS = ("HADDAD", "SPECI0", "1984-05-17", "840517", "VOORBEELD\n", PASS)


def type_digits(kiosk, digits):
    kiosk.see("code")
    kiosk.tapped = ""  # another page than the last key's: at a person's pace
    for digit in digits:
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")


def back_to_welcome(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.click("bar.stop")
    desk.cards.lift()
    kiosk.see("card")


def identity_card_to_a_number(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.click("card")
    kiosk.see("card_lay")
    desk.cards.lay("nadia")
    type_digits(kiosk, "111111")
    kiosk.see("error")
    type_digits(kiosk, desk.cards.words("nadia")["can"])
    kiosk.see("request.0")
    kiosk.click("request.0")
    kiosk.click("to_counter")
    kiosk.click("agree")
    kiosk.see("ticket.number")
    kiosk.see("take")
    kiosk.click("done")
    kiosk.see("card_take")
    desk.cards.lift()
    kiosk.see("welcome")


def pulled_and_laid_back(desk):
    kiosk = desk.screens["kiosk"]
    desk.cards.lay("nadia")
    type_digits(kiosk, desk.cards.words("nadia")["can"])
    kiosk.see("request.0")
    assert remembered(desk, ["HADDAD"]), "the search for what is left is blind"
    desk.cards.lift()
    kiosk.see("locked")
    assert not kiosk.has("request.0")
    desk.cards.lay("nadia")
    kiosk.see("request.0")
    desk.cards.lift()
    kiosk.see("locked")
    desk.cards.lay("sanne")
    kiosk.see("card_take")
    desk.cards.lift()
    kiosk.see("welcome")


def three_wrong_tries(desk):
    kiosk = desk.screens["kiosk"]
    desk.cards.lay("nadia")
    for digits, left in (("111111", "nog 2 keer"), ("222222", "nog 1 keer"), ("333333", "3 keer niet")):
        type_digits(kiosk, digits)
        kiosk.see(lambda node, left=left: left in node["name"], left)
    kiosk.see("number")
    assert kiosk.has("message")
    back_to_welcome(desk)


def an_older_passport(desk):
    kiosk = desk.screens["kiosk"]
    desk.cards.lay("pieter")
    kiosk.see("number")
    printed = desk.cards.words("pieter")
    kiosk.type(printed["number"])
    kiosk.click("next")
    for day, century in ((printed["birth"], "19"), (printed["expiry"], "20")):
        kiosk.see("date.day")
        kiosk.type(day[4:6] + day[2:4] + century + day[:2])  # on the keypad beside the screen
        kiosk.click("next")
    kiosk.see("requests")
    back_to_welcome(desk)


def a_pass(desk):
    kiosk = desk.screens["kiosk"]
    desk.cards.lay("mo")
    kiosk.see("birth_date")
    for digit in "28021987":
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")
    kiosk.see("requests")
    back_to_welcome(desk)


def cards_that_lie(desk):
    kiosk = desk.screens["kiosk"]
    desk.cards.lay("nadia", "--lie", "bad-token")
    type_digits(kiosk, desk.cards.words("nadia")["can"])
    kiosk.see("back")
    desk.cards.lift()
    desk.cards.lay("nadia")  # the next time it is honest
    kiosk.see("request.0")
    back_to_welcome(desk)


def two_people_of_one_name(desk):
    kiosk = desk.screens["kiosk"]
    desk.cards.lay("jan")
    type_digits(kiosk, desk.cards.words("jan")["can"])
    kiosk.see(lambda node: node["name"].startswith("Wij weten niet zeker"), "that it is not sure")
    kiosk.see("number")
    back_to_welcome(desk)


def remembered(desk, secrets):
    pid = next(process.pid for process in desk.running if process.name == "kiosk")
    return memory.find(pid, memory.Words(secrets))


def expect_forgotten(desk, secrets):
    """Nothing of a card in the kiosk's memory once everybody is gone; that takes a moment."""
    end = time.monotonic() + FORGET_S
    found = remembered(desk, secrets)
    while found and time.monotonic() < end:
        time.sleep(0.2)
        found = remembered(desk, secrets)
    assert not found, {word: places[:3] for word, places in found.items()}


def walk(desk):
    desk.screens["kiosk"].see("card")
    identity_card_to_a_number(desk)
    pulled_and_laid_back(desk)
    three_wrong_tries(desk)
    an_older_passport(desk)
    a_pass(desk)
    two_people_of_one_name(desk)
    cards_that_lie(desk)
    secrets = SECRETS + tuple(desk.cards.words(who)["can"] for who in ("nadia", "jan"))
    expect_forgotten(desk, [word for word in secrets if "\n" not in word])
    for log in desk.folder.glob("*.log"):
        said = log.read_text(encoding="utf-8")
        assert "Sanitizer" not in said, said[-2000:]
        assert not any(secret in said for secret in secrets), said[-2000:]


def main():
    with tempfile.TemporaryDirectory() as name, \
            Desk(os.environ["INLOOP_BUILD"], pathlib.Path(name) / "desk", headless=True, screens=("kiosk",),
                 devices=[("kiosk-1", "kiosk", "")], has_cards=True) as desk:
        try:
            walk(desk)
        except BaseException:
            desk.say_logs()
            raise


sys.exit(main())
