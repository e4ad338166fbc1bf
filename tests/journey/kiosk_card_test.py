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

from desk import Desk

CAN = "203741"
DUTCH = {"issuer": "NLD", "nationality": "NLD", "expires": "+1500d"}
CARDS = {
    "nadia": {**DUTCH, "kind": "id", "sex": "F", "number": "SPECI2021", "can": CAN, "curve": "brainpool256",
              "cipher": "aes128", "proof": ["chip"], "signer": "ecdsa", "surname": "HADDAD", "given": "NADIA"},
    "pieter": {**DUTCH, "kind": "passport", "sex": "M", "number": "SPECI2014", "access": "bac", "curve": "brainpool256",
               "cipher": "3des", "proof": ["active-rsa"], "signer": "rsa", "expires": "2031-03-09",
               "surname": "VOORBEELD", "given": "PIETER JAN"},
    "sanne": {**DUTCH, "kind": "id", "sex": "F", "number": "SPECI2023", "can": CAN, "curve": "p256", "cipher": "aes128",
              "proof": ["chip"], "signer": "rsa", "surname": "PROEFMAN", "given": "SANNE"},
}
SECRETS = (CAN, "HADDAD", "SPECI2021", "SPECI2014", "1984-05-17", "840517", "04A2B3C4D5E680", "VOORBEELD\n")


def type_digits(kiosk, digits):
    kiosk.see("code")
    for digit in digits:
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")


def back_to_welcome(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.click("bar.stop")
    desk.lift_card()
    kiosk.see("card")


def identity_card_to_a_number(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.click("card")
    kiosk.see("card_lay")
    desk.lay_card("nadia")
    type_digits(kiosk, "111111")
    kiosk.see("error")
    type_digits(kiosk, CAN)
    kiosk.see("request.0")
    kiosk.click("request.0")
    kiosk.click("to_counter")
    kiosk.click("agree")
    kiosk.see("ticket.number")
    kiosk.see("take")
    kiosk.click("done")
    kiosk.see("card_take")
    desk.lift_card()
    kiosk.see("welcome")


def pulled_and_laid_back(desk):
    kiosk = desk.screens["kiosk"]
    desk.lay_card("nadia")
    type_digits(kiosk, CAN)
    kiosk.see("request.0")
    desk.lift_card()
    kiosk.see("locked")
    assert not kiosk.has("request.0")
    desk.lay_card("nadia")
    kiosk.see("request.0")
    desk.lift_card()
    kiosk.see("locked")
    desk.lay_card("sanne")  # its digits happen to be the same
    kiosk.see("card_take")
    desk.lift_card()
    kiosk.see("welcome")


def three_wrong_tries(desk):
    kiosk = desk.screens["kiosk"]
    desk.lay_card("nadia")
    for digits, left in (("111111", "nog 2 keer"), ("222222", "nog 1 keer"), ("333333", "3 keer niet")):
        type_digits(kiosk, digits)
        kiosk.see(lambda node, left=left: left in node["name"], left)
    kiosk.see("number")
    assert kiosk.has("message")
    back_to_welcome(desk)


def an_older_passport(desk):
    kiosk = desk.screens["kiosk"]
    desk.lay_card("pieter")
    kiosk.see("number")
    for letter in "SPECI2014":
        kiosk.click(f"key.{letter.lower()}")
    kiosk.click("next")
    for day in ("03021951", "09032031"):
        kiosk.see("date.day")
        for at, digit in enumerate(day):
            if at == 2:
                kiosk.click(f"month.{int(day[2:4])}")
            if at not in (2, 3):
                kiosk.click(f"key.{digit}")
        kiosk.click("next")
    kiosk.see("requests")
    back_to_welcome(desk)


def a_pass(desk):
    kiosk = desk.screens["kiosk"]
    desk.lay_card("mo")
    kiosk.see("birth_date")
    for digit in "28021987":
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")
    kiosk.see("requests")
    back_to_welcome(desk)


def cards_that_lie(desk):
    kiosk = desk.screens["kiosk"]
    desk.lay_card("nadia", "--lie", "bad-token")
    type_digits(kiosk, CAN)
    kiosk.see("back")
    desk.lift_card()
    desk.lay_card("nadia")  # the next time it is honest
    kiosk.see("request.0")
    back_to_welcome(desk)


def walk(desk):
    desk.screens["kiosk"].see("card")
    identity_card_to_a_number(desk)
    pulled_and_laid_back(desk)
    three_wrong_tries(desk)
    an_older_passport(desk)
    a_pass(desk)
    cards_that_lie(desk)
    for log in desk.folder.glob("*.log"):
        said = log.read_text(encoding="utf-8")
        assert "Sanitizer" not in said, said[-2000:]
        assert log.name == "chip.log" or not any(secret in said for secret in SECRETS), said[-2000:]


def main():
    with tempfile.TemporaryDirectory() as name, \
            Desk(os.environ["INLOOP_BUILD"], pathlib.Path(name) / "desk", headless=True, screens=("kiosk",),
                 devices=[("kiosk-1", "kiosk", "")], cards=CARDS) as desk:
        try:
            walk(desk)
        except BaseException:
            desk.say_logs()
            raise


sys.exit(main())
