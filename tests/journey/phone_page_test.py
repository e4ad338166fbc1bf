# SPDX-License-Identifier: EUPL-1.2
#
# The page a phone gets, in a real browser of a phone's size: with and without scripts, in three
# languages, as it looks and as a screen reader tells it; a file chosen and sent, and the kiosk hears.
# Pictures stand in build/<kind>/phone.
import os
import pathlib
import sys
import zlib

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from chromium import PHONE, Chromium  # noqa: E402
from hall import open_hall  # noqa: E402
from phone import address_for, news, watch  # noqa: E402

PICTURES = pathlib.Path(os.environ["INLOOP_BUILD"]) / "phone"
TARGET_PX = 48  # what a thumb hits, in CSS pixels
WORDS = {
    "nl": ("Stuur uw document", "Maak een foto of kies een bestand", "Versturen", "Gelukt", "Deze code werkt niet meer"),
    "en": ("Send your document", "Take a photo or choose a file", "Send", "Done", "This code no longer works"),
    "ar": ("أرسل مستندك", "التقط صورة أو اختر ملفًا", "إرسال", "تم بنجاح", "هذا الرمز لم يعد يعمل"),
}


def photo(folder):
    """A picture of one grey dot, as a phone's camera would name it."""
    def chunk(kind, data):
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    path = folder / "IMG_0001.png"
    head = (1).to_bytes(4, "big") * 2 + b"\x08\x00\x00\x00\x00"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\x00\x80")) + chunk(b"IEND", b""))
    return path


def begin(hall, language):
    draft = next(each for each in hall.desk.ask_town("GET", "/demo/forms") if each["form"] == "melding-met-foto")
    visit = hall.post("kiosk-1", "/visits", {"code": draft["link"], "language": language}, 201)
    form = hall.post("kiosk-1", f"/visits/{visit['id']}/forms", {"request": visit["requests"][0]["id"]}, 201)
    return visit, form


def url_for(hall, form):
    return f"https://127.0.0.1:{hall.desk.public_port}" + address_for(hall, form, "foto")


def fits(phone):
    assert phone.page_width() <= PHONE["width"], f"the page is {phone.page_width()} wide"


def is_told(phone, language):
    """Names, order and what belongs to what, as a screen reader gets it."""
    title, choose, send, _, _ = WORDS[language]
    assert phone.one("heading")[1] == title, phone.nodes()
    root = phone.one("RootWebArea")
    assert root[1].startswith(title) and "Gemeente Voorbeeldstad" in root[1], root
    buttons = [node for node in phone.nodes() if node[0] == "button"]
    assert len(buttons) == 2, buttons
    assert choose in buttons[0][1] and "Foto van de plek" in buttons[0][2]["description"], buttons[0]
    assert "JPEG, PNG, PDF" in buttons[0][2]["description"] and "5\u00a0MB" in buttons[0][2]["description"], buttons[0]
    assert buttons[1][1] == send, buttons[1]
    nameless = [node for node in phone.nodes() if node[0] in ("image", "link", "img") and not node[1]]
    assert nameless == [], nameless
    for selector in ("input", "button"):
        _, _, width, height = phone.box(selector)
        assert height >= TARGET_PX and width >= PHONE["width"] * 3 / 4, (selector, width, height)
    fits(phone)


# --- stories

def a_photo_is_chosen_and_sent(hall, phone, language, has_scripts):
    visit, form = begin(hall, language)
    own, = watch(hall, "kiosk-1")
    url = url_for(hall, form)
    phone.scripts(has_scripts)
    phone.open(url)
    is_told(phone, language)
    name = f"{language}{'' if has_scripts else '-no-script'}"
    phone.picture(PICTURES / f"{name}-1-ask.png")
    if not has_scripts:
        phone.choose("input", ROOT / "README.md")
        phone.tap("button")
        phone.until_loaded()
        fault = phone.one("alert")
        button = next(node for node in phone.nodes() if node[0] == "button")
        assert button[2]["invalid"] == "true" and fault[2], button
        phone.picture(PICTURES / f"{name}-2-fault.png")
        event, = news(own, 1)
        assert event["reason"] == "wrong_kind", event
    phone.choose("input", photo(hall.desk.folder))
    phone.picture(PICTURES / f"{name}-3-chosen.png")
    phone.tap("button")
    phone.until_loaded()
    assert phone.one("heading")[1] == WORDS[language][3], phone.nodes()
    phone.one("status")
    fits(phone)
    phone.picture(PICTURES / f"{name}-4-done.png")
    event, = news(own, 1)
    assert event["state"] == "arrived" and event["key"] == "foto", event
    phone.open(url)
    dead = [node[1] for node in phone.nodes() if node[0] == "heading"]
    assert dead == [WORDS[each][4] for each in ("nl", "en", "ar")], dead
    assert not [node for node in phone.nodes() if node[0] == "button"], "a used address still offers something"
    fits(phone)
    phone.picture(PICTURES / f"{name}-5-dead.png")
    own.close()
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})


def main():
    PICTURES.mkdir(exist_ok=True)
    with open_hall() as hall, Chromium() as phone:
        for language in WORDS:
            for has_scripts in (True, False):
                a_photo_is_chosen_and_sent(hall, phone, language, has_scripts)
                print(f"{language}, {'with' if has_scripts else 'without'} scripts", flush=True)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]


main()
