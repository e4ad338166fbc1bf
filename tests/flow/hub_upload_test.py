# SPDX-License-Identifier: EUPL-1.2
#
# A document from the phone, on the real hub: the page a phone gets, what becomes of the document,
# which addresses work and how long, and that neither guessers, liars, the slow nor a crowd harm
# anybody.
import asyncio
import os
import pathlib
import resource
import sys
import time
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import memory  # noqa: E402
from device import eventually  # noqa: E402
from hall import DEVICES, open_hall  # noqa: E402
from phone import (CROWD, HEIC, JPEG, PDF, PNG, Page, Phone, WithoutQuarantine, address_for, crowd,  # noqa: E402
                   is_dead, multipart, news, peak_bytes, watch)
from scripted import EMPTY, ScriptedDesk, Visitor, refused  # noqa: E402

MEGABYTE = 1024 * 1024
PATHS = 16  # documents of one form
MEMORY_MAX = 160 * MEGABYTE  # 64 for documents, the rest for 256 lines with TLS
SOURCE = {**EMPTY, "steps": [{"id": "", "name": "", "components": [
    {"type": "fieldset", "key": "stukken", "components": [
        {"type": "file", "key": "akte", "label": "Trouwakte <kopie>", "filePattern": "*", "fileMaxSize": "1MB"},
        {"type": "file", "key": "foto", "label": "Foto", "file": {"type": ["image/jpeg"]}}]},
    {"type": "file", "key": "groot", "label": "Groot", "fileMaxSize": "1GB"},
    {"type": "file", "key": "tabel", "label": "Tabel", "filePattern": ".xlsx"},
    {"type": "editgrid", "key": "gasten", "label": "Gasten", "components": [
        {"type": "file", "key": "akte", "label": "Paspoort van de gast", "fileMaxSize": "1MB"}]},
    {"type": "textfield", "key": "waarom", "label": "Waarom"}]}]}
SECRET = b"ditwaseenfoto"


class PhoneDesk(WithoutQuarantine, ScriptedDesk):
    pass


def begin(hall, language="nl"):
    visitor = Visitor(hall, source=SOURCE, language=language)
    return visitor, visitor.open()


def forgotten(hall, *words):
    found = {}

    def is_gone():
        found.clear()
        found.update(memory.find(hall.desk.hub.pid, memory.Words(words)))
        return not found

    try:
        eventually(is_gone, "", 20)
    except TimeoutError as late:
        raise AssertionError(f"something of a document stays behind: {found}") from late


# --- stories

def a_document_goes_from_the_phone_to_the_source_and_nowhere_else(hall):
    visitor, form = begin(hall)
    own, = watch(hall, "kiosk-1")
    path = address_for(hall, form)
    phone = Phone(hall)
    assert phone.ask("GET", path)[0] == 200
    assert phone.ask("GET", path)[0] == 200, "looking does not use it up"
    content = JPEG + (SECRET + b"\r\n--" + os.urandom(9)) * 9000
    status, words, _ = phone.bring(path, content, name="C:\\scans\\ditwaseennaam.JPEG")
    assert status == 200 and "Gelukt" in words and "Kijk op de zuil" in words, (status, words)
    assert (hall.desk.script / "file").read_bytes() == content
    told, = news(own, 1)
    assert told == {"form": form["id"], "key": "akte", "state": "arrived", "reason": "none", "bytes": len(content)}, told
    listed = hall.get("kiosk-1", f"/forms/{form['id']}/uploads")["uploads"]
    assert len(listed) == 1 and listed[0]["key"] == "akte" and listed[0]["name"] == "ditwaseennaam.JPEG", listed
    assert listed[0]["value"]["originalName"] == "ditwaseennaam.JPEG" and listed[0]["value"]["type"] == "image/jpeg"
    used, never = phone.ask("GET", path), phone.ask("GET", "/u/" + "A" * 22)
    assert is_dead(used) and used[:2] == never[:2], "a used address and one that never was look alike"
    assert is_dead(phone.bring(path, content)), "it was taken twice"
    for name in ("hub.db", "hub.db-wal"):
        held = (hall.desk.folder / "hub" / name).read_bytes()
        assert SECRET not in held and b"ditwaseennaam" not in held and path[3:].encode() not in held, name
    hall.post("kiosk-1", f"/forms/{form['id']}/pen", {"action": "give"})
    forgotten(hall, SECRET.decode(), "ditwaseennaam")
    own.close()
    visitor.end()


def the_page_can_be_read_and_used_in_three_languages_without_a_script(hall):
    for language, direction, title in (("nl", "ltr", "Stuur uw document"), ("en", "ltr", "Send your document"),
                                       ("ar", "rtl", "أرسل مستندك")):
        visitor, form = begin(hall, language)
        path = address_for(hall, form)
        status, words, headers = Phone(hall).ask("GET", path)
        assert status == 200 and headers["Content-Type"] == "text/html; charset=utf-8", headers
        assert headers["Content-Language"] == language
        assert headers["Cache-Control"] == "no-store" and headers["Referrer-Policy"] == "no-referrer"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "form-action 'self'" in policy, policy
        page = Page(words)
        assert page.only("html") == {"lang": language, "dir": direction}
        assert page.text["h1"] == [title] and page.text["title"][0].startswith(title), page.text
        field = page.only("input")
        assert field["type"] == "file" and "required" in field and "image/heic" in field["accept"], field
        assert page.only("label") == {"for": field["id"]} and page.text["label"], "the field has no name"
        for name in field["aria-describedby"].split():
            assert page.with_id(name) is not None, name
        assert page.text["button"] and page.text["strong"] == ["Trouwakte <kopie>"], page.text
        assert {"method": "post", "enctype": "multipart/form-data"}.items() <= page.only("form").items()
        outside = [each for each in page.tags if each[0] in ("script", "link", "img", "iframe") or "src" in each[1]]
        assert outside == [], outside
        status, words, _ = Phone(hall).bring(path, b"MZ\x90" * 9, "akte.exe", "application/x-msdownload")
        page = Page(words)
        assert status == 422 and page.with_id("fault")["role"] == "alert", words
        assert page.only("input")["aria-invalid"] == "true" and "fault" in page.only("input")["aria-describedby"]
        visitor.end()
    dead = Page(Phone(hall).ask("GET", path)[1])
    assert [each["lang"] for tag, each in dead.tags if tag == "section"] == ["en", "ar"], "nobody's language is known here"


def a_file_that_is_not_what_was_asked_is_refused_in_words(hall):
    visitor, form = begin(hall)
    own, = watch(hall, "kiosk-1")
    phone = Phone(hall)
    paths = {key: address_for(hall, form, key) for key in ("akte", "foto")}
    table = [
        ("akte", PNG, "akte.jpg", "image/png", 422, "iets anders dan het zegt", "lies"),
        ("akte", PDF, "akte.pdf", "image/jpeg", 422, "iets anders dan het zegt", "lies"),
        ("akte", JPEG, "akte.exe", "image/jpeg", 422, "iets anders dan het zegt", "lies"),
        ("akte", b"MZ\x90\x00\x03", "akte.pdf", "application/pdf", 422, "JPEG, PNG, PDF, HEIC", "wrong_kind"),
        ("akte", b"<html><script>", "akte.html", "text/html", 422, "soort bestand", "wrong_kind"),
        ("akte", b"\xff\xd8", "akte.jpg", "image/jpeg", 422, "soort bestand", "wrong_kind"),
        ("akte", b"", "", "application/octet-stream", 422, "nog geen bestand", "empty"),
        ("akte", JPEG + bytes(MEGABYTE), "akte.jpg", "image/jpeg", 413, "te groot. Hoogstens 1\u00a0MB", "too_big"),
        ("akte", JPEG + bytes(40 * MEGABYTE), "akte.jpg", "image/jpeg", 413, "te groot", "too_big"),
        ("foto", PNG, "foto.png", "image/png", 422, "Dit mag: JPEG.", "wrong_kind"),
    ]
    for key, content, name, kind, status, words, reason in table:
        told = phone.bring(paths[key], content, name, kind)
        assert told[0] == status and words in told[1], (name, told)
        event, = news(own, 1)
        assert (event["state"], event["reason"], event["key"]) == ("refused", reason, key), event
    body, headers = multipart(JPEG, "akte.jpg", "image/jpeg")
    for wrong in (body[:-4], body.replace(b"\r\n\r\n", b"\n\n"), body * 2, b"\r\n" + body, b"x" * 100):
        assert phone.ask("POST", paths["akte"], wrong, headers)[0] == 400, wrong
    assert phone.ask("POST", paths["akte"], body, {"Content-Type": "application/json"})[0] == 400
    assert phone.ask("POST", paths["akte"], b"", headers)[0] == 422
    for name, content, kind in (("a.heif", HEIC, "image/heif"), ("scan", PDF, "application/octet-stream"),
                                ("foto.png", PNG, "")):
        path = address_for(hall, form)
        assert phone.bring(path, content + bytes(99), name, kind)[0] == 200, name
    hall.desk.mood("refuses")
    path = address_for(hall, form)
    assert "neemt dit bestand niet aan" in phone.bring(path, JPEG + bytes(9))[1]
    hall.desk.mood("up")
    own.close()
    visitor.end()


def a_question_of_a_group_has_an_address_for_each_item(hall):
    visitor, form = begin(hall)
    phone = Phone(hall)
    first, second = (address_for(hall, form, "gasten.akte", item) for item in (0, 1))
    for path in (first, second, address_for(hall, form)):
        wanted = "Trouwakte &lt;kopie&gt;" if path not in (first, second) else "Paspoort van de gast"
        assert wanted in phone.ask("GET", path)[1], path
    assert phone.bring(second, JPEG + bytes(99))[0] == 200
    listed, = hall.get("kiosk-1", f"/forms/{form['id']}/uploads")["uploads"]
    assert (listed["key"], listed["item"]) == ("gasten.akte", 1), listed
    refused(hall, "kiosk-1", f"/forms/{form['id']}/uploads", {"key": "gasten.foto"}, 404, "not_found")
    visitor.end()


def an_address_ends_with_its_form_and_with_time(hall):
    visitor, form = begin(hall)
    phone = Phone(hall)
    first = address_for(hall, form)
    path = address_for(hall, form)
    assert is_dead(phone.ask("GET", first)), "one question has one code"
    hall.post("kiosk-1", f"/forms/{form['id']}/pen", {"action": "give"})
    assert is_dead(phone.ask("GET", path)), "the pen was given back"
    form = visitor.open()
    path = address_for(hall, form)
    visitor.end()
    assert is_dead(phone.ask("GET", path)), "the visit is over"
    visitor, form = begin(hall)
    path = address_for(hall, form)
    for _ in range(2):
        hall.fate.move_clock(8 * 60000)
        visitor.read(form)
    told = phone.ask("GET", path)
    assert is_dead(told), ("fifteen minutes are over", told)
    path = address_for(hall, form)
    hall.desk.mood("held")
    body, headers = multipart(JPEG + SECRET * 99, "akte.jpg", "image/jpeg")
    line = phone.line()
    line.request("POST", path, body, headers)
    eventually(lambda: is_dead(phone.ask("GET", path)), "it is taken")
    visitor.end()
    hall.desk.mood("up")
    answer = line.getresponse()
    assert is_dead((answer.status, answer.read().decode())), "nobody waits for it any more"
    line.close()
    forgotten(hall, SECRET.decode())


def a_hub_that_started_again_gives_another_address(hall):
    visitor, form = begin(hall)
    address_for(hall, form)
    hall.restart()
    path = address_for(hall, form)  # it reads the form again meanwhile
    assert Phone(hall).bring(path, JPEG + bytes(99))[0] == 200
    visitor.end()


def a_source_that_is_down_costs_another_try(hall):
    visitor, form = begin(hall)
    path = address_for(hall, form)
    hall.desk.mood("down")
    status, words, headers = Phone(hall).bring(path, JPEG + bytes(99))
    assert status == 503 and "straks opnieuw" in words and headers["Retry-After"], (status, words)
    assert hall.get("kiosk-1", f"/forms/{form['id']}/uploads") == {"uploads": []}
    hall.desk.mood("up")
    assert Phone(hall).bring(path, JPEG + bytes(99))[0] == 200
    visitor.end()


def the_slow_and_the_cut_harm_nobody(hall):
    visitor, form = begin(hall)
    own, = watch(hall, "kiosk-1")
    phone = Phone(hall)
    path = address_for(hall, form)
    body, headers = multipart(JPEG + bytes(200 * 1024), "akte.jpg", "image/jpeg")
    for cut in (0, 10, 300, len(body) - 1):
        line = phone.line()
        line.putrequest("POST", path)
        for name, value in {**headers, "Content-Length": len(body)}.items():
            line.putheader(name, str(value))
        line.endheaders(body[:cut] or None)
        eventually(lambda: is_dead(phone.ask("GET", path)), "it is taken")
        began = time.monotonic()
        hall.get("kiosk-1", "/state")
        assert time.monotonic() - began < 10, "the hall waits for a phone"
        line.close()
        event, = news(own, 1)
        assert event["reason"] == "broken", event
    line = phone.line()
    line.putrequest("POST", path)
    for name, value in {**headers, "Content-Length": len(body)}.items():
        line.putheader(name, str(value))
    line.endheaders()
    for at in range(0, len(body), 2999):
        line.send(body[at:at + 2999])
    assert line.getresponse().status == 200, "in many pieces it is the same document"
    line.close()
    own.close()
    visitor.end()


def a_guesser_is_slowed_down_and_nobody_else(hall):
    visitor, form = begin(hall)
    path = address_for(hall, form)
    guesser = Phone(hall, "127.0.0.9")
    told = [guesser.ask("GET", f"/u/{uuid.uuid4().hex[:22]}")[0] for _ in range(30)]
    assert set(told) == {404, 429} and told.index(429) <= 20, told
    status, words, headers = guesser.ask("GET", path)
    assert status == 429 and "Te vaak geprobeerd" in words and headers["Retry-After"] == "60", (status, words)
    assert guesser.bring(path, JPEG + bytes(99))[0] == 429, "a right guess after wrong ones"
    for host in range(10, 60):  # a whole network guesses, each of it a little
        other = Phone(hall, f"127.0.1.{host}")
        for _ in range(8):
            other.ask("GET", f"/u/{uuid.uuid4().hex[:22]}")
    assert other.ask("GET", path)[0] == 429, "guesses count together"
    assert Phone(hall, "127.0.0.77").ask("GET", path)[0] == 200, "who never guessed waits for others"
    hall.fate.move_clock(60000)
    assert guesser.ask("GET", path)[0] == 200
    visitor.end()


def no_route_of_a_device_is_reached_from_a_phone(hall):
    visitor, form = begin(hall)
    phone = Phone(hall)
    known = Phone(hall)
    home = hall.desk.folder / "kiosk-1"
    known.tls.load_cert_chain(home / "device.pem", home / "device.key")
    for each in (phone, known):
        for path in ("/", "/v1/health", "/v1/locations/stadhuis/state", "/v1/locations/stadhuis/events?from=0",
                     f"/v1/locations/stadhuis/forms/{form['id']}", "/.well-known/est/cacerts", "/u/", "/u/..%2fv1"):
            assert is_dead(each.ask("GET", path)), path
        assert is_dead(each.ask("POST", "/v1/locations/stadhuis/tickets", "{}", {"Idempotency-Key": uuid.uuid4().hex}))
        hall.fate.move_clock(60000)
    for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
        assert phone.ask(method, address_for(hall, form))[0] == 404, method
    refused(hall, "kiosk-2", f"/forms/{form['id']}/uploads", {"key": "akte"}, 409, "pen_elsewhere")
    refused(hall, "kiosk-1", f"/forms/{form['id']}/uploads", {"key": "waarom"}, 404, "not_found")
    refused(hall, "kiosk-1", f"/forms/{form['id']}/uploads", {"key": "tabel"}, 409, "upload_unavailable")
    refused(hall, "kiosk-1", f"/forms/{form['id']}/uploads", {"item": 1}, 400, "bad_request")
    visitor.end()
    visitor = Visitor(hall, source={**SOURCE, "takes_files": False})
    form = visitor.open()
    refused(hall, "kiosk-1", f"/forms/{form['id']}/uploads", {"key": "akte"}, 409, "upload_unavailable")
    visitor.end()


def a_thousand_at_once_are_bounded_in_memory_and_time(hall):
    visitor, form = begin(hall)
    paths = [address_for(hall, form, "groot", item) for item in range(PATHS)]
    refused(hall, "kiosk-1", f"/forms/{form['id']}/uploads", {"key": "groot", "item": PATHS}, 503, "full")
    large = multipart(JPEG + bytes(6 * MEGABYTE), "groot.jpg", "image/jpeg")
    small = multipart(JPEG + bytes(99 * 1024), "klein.jpg", "image/jpeg")
    before = peak_bytes(hall)
    began = time.monotonic()
    statuses = asyncio.run(crowd(hall, paths, large, small))
    took = time.monotonic() - began
    assert set(statuses) <= {200, 404, 503, 0}, set(statuses)
    assert statuses.count(200) > 0 and statuses.count(503) > 0, "some came through, some were told to come back"
    for path in paths:  # who was told to come back does
        eventually(lambda: Phone(hall).ask("GET", path)[0] == 404 or Phone(hall).ask("POST", path, *large)[0] == 200,
                   "a busy address never works again")
    listed = hall.get("kiosk-1", f"/forms/{form['id']}/uploads")["uploads"]
    assert len(listed) == PATHS and {each["item"] for each in listed} == set(range(PATHS)), listed
    grown = peak_bytes(hall) - before
    counted = {status: statuses.count(status) for status in sorted(set(statuses))}
    print(f"{CROWD} uploads in {took:.1f} s, {counted}, {grown / MEGABYTE:.0f} MB more at most", flush=True)
    assert grown < MEMORY_MAX, grown
    assert took < 300, took
    visitor.end()


STORIES = [a_document_goes_from_the_phone_to_the_source_and_nowhere_else,
           the_page_can_be_read_and_used_in_three_languages_without_a_script,
           a_file_that_is_not_what_was_asked_is_refused_in_words,
           a_question_of_a_group_has_an_address_for_each_item, an_address_ends_with_its_form_and_with_time,
           a_hub_that_started_again_gives_another_address, a_source_that_is_down_costs_another_try, the_slow_and_the_cut_harm_nobody,
           no_route_of_a_device_is_reached_from_a_phone, a_guesser_is_slowed_down_and_nobody_else,
           a_thousand_at_once_are_bounded_in_memory_and_time]


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    began = time.monotonic()
    with open_hall(PhoneDesk, [*DEVICES, ("kiosk-2", "kiosk", "")]) as hall:
        for story in STORIES:
            story(hall)
            hall.fate.move_clock(-hall.fate.ahead_ms)  # codes are minted by the real time
            print(f"{story.__name__} {time.monotonic() - began:.0f} s", flush=True)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]


main()
