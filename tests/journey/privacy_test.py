# SPDX-License-Identifier: EUPL-1.2
#
# Nothing of a visitor stays behind. One resident's whole visit, one that is stopped, one that fills in
# and signs a form, one that continues a form by its link and stops, and one that is walked away from in
# the middle of a form; then every log, address, file at rest and tree is searched for what was personal
# in it, and so is the living memory of kiosk, display, counter and hub.
import base64
import json
import os
import pathlib
import re
import struct
import sys
import tempfile
import time

from desk import ROOT, Desk
from screen import PATIENCE_S, Lost
from tour import sign_in
from verdict import expect, failures, tell

sys.path.insert(0, str(ROOT / "tests/tools"))
import memory  # noqa: E402

BUILD = pathlib.Path(os.environ["INLOOP_BUILD"])
MONTHS = {
    "nl": ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
           "november", "december"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"],
}
# A code is remembered while it may still be the same one held up, and a kiosk at rest wakes every
# few seconds; the idle visit ends after 75 s.
FORGET_S = 30
IDLE_S = 150
# What a task asks here, and what two people type into it: one sends it, one walks away.
FORM = [{"type": "textfield", "key": "naam", "label": "Naam"},
        {"type": "licenseplate", "key": "kenteken", "label": "Kenteken"},
        {"type": "bsn", "key": "bsn", "label": "Nummer van uw partner"},
        {"type": "email", "key": "email", "label": "E-mail", "isSensitiveData": True},
        {"type": "signature", "key": "handtekening", "label": "Handtekening"}]
TASKS = {"sanne": "46efa6a2-3ccb-4334-ba4d-545b45ba622b", "tomasz": "eba66a83-ea91-452a-869c-7d5e259d4548"}
CASES = {"sanne": "10490", "tomasz": "10460"}
SENT = {"naam": "Zonnewende", "kenteken": "XT-94-KD", "bsn": "999990949", "email": "kwartelkoning@voorbeeld.nl"}
BEGUN = "zilverreiger"  # a first name in a form that is begun here
LEFT = {"naam": "Waterspreeuw", "kenteken": "PZ-17-HS", "bsn": "999990998"}
KEY_NAMES = {"@": "at", ".": "dot"}
SIGN_POINTS = [(0.2, 0.3), (0.5, 0.8), (0.55, 0.2), (0.7, 0.7), (0.85, 0.35)]  # of the pad


# --- what is personal


def dates(birth):
    """One birth date in the spellings people and programs use."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", birth):
        return set()
    year, month, day = birth.split("-")
    said = {birth, f"{day}{month}{year}", f"{year}{month}{day}"}
    said |= {f"{day}{mark}{month}{mark}{year}" for mark in "-/."}
    said |= {f"{int(day)}{mark}{int(month)}{mark}{year}" for mark in "-/."}
    for names in MONTHS.values():
        said.add(f"{int(day)} {names[int(month) - 1]} {year}")
    return said


def words_of(resident):
    """Names that are words of their own (a first name of four letters stands in many a library)."""
    names = {resident["geslachtsnaam"], *(part for part in resident["voornamen"].split() if len(part) > 4)}
    return names | dates(resident["birth"]) | {resident["bsn"]}


def residents():
    listed = json.loads((ROOT / "assets/demo/townhall/residents.json").read_text(encoding="utf-8"))["residents"]
    return {resident["id"]: resident for resident in listed}


def with_forms(matters, _):
    """Two residents have a task of the town with names, numbers and a signature to give."""
    for resident, uuid in TASKS.items():
        task = next(task for task in matters["tasks"] if task["uuid"] == uuid)
        task.update(resident=resident, einddatumHandelingsTermijn="+1d",
                    details={"formulierDefinitie": {"components": FORM}})
        next(case for case in matters["cases"] if case["identificatie"] == CASES[resident])["resident"] = resident


def typed(answers):
    """As it is kept, and as it was typed."""
    plain = {words.replace("-", "") for words in answers.values()}
    return {*answers.values(), *plain, *(words.lower() for words in plain)}


def stroke(pad, points):
    """Two points of a signature, one after the other, as the kiosk has them (ui/sign.h)."""
    sizes = [round(100 * (at - pad[edge]) / pad["height"]) for point in points
             for at, edge in zip(point, ("x", "y"), strict=True)]
    return struct.pack("<hhBxhhB", *sizes[:2], 0, *sizes[2:], 0)


# --- visits


class NoPictures:
    def take(self, *_):
        pass


def scan(desk, kind, resident, secrets):
    code = desk.ask_town("POST", "/demo/tokens", {"resident": resident["id"], "kind": kind})["code"]
    secrets.add(code)
    desk.hold_text(code)
    kiosk = desk.screens["kiosk"]
    kiosk.see("birth_date")
    year, month, day = resident["birth"].split("-")
    for digit in day + month + year:
        kiosk.click(f"key.{digit}")
    kiosk.click("key.next")
    kiosk.see("request.0")


def begin_by_link(desk, resident, secrets):
    """A form that was begun at home, gone on with and stopped: answers, link and what the link earned."""
    link = desk.ask_town("POST", "/demo/tokens", {"resident": resident["id"], "kind": "draft"})["code"]
    secrets |= {link, link.rsplit("/", 2)[1]} | set(desk.draft_of(resident["id"])["data"].popitem()[1].values())
    desk.hold_text(link)
    kiosk = desk.screens["kiosk"]
    kiosk.click("go_on")
    kiosk.click("bar.back")
    kiosk.see("key.at")
    kiosk.click("bar.stop")
    kiosk.see("scan")


def begin_something_new(desk):
    """A form that is begun without a code, one answer into it, and left by Stop."""
    kiosk = desk.screens["kiosk"]
    kiosk.click("no_code")
    kiosk.click("new")
    form = kiosk.see(lambda node: node["id"].startswith("form.") and node["name"].startswith("Vraag of klacht"), "the form")
    kiosk.click(form["id"])
    kiosk.see("key.z")
    for key in BEGUN:
        kiosk.click(f"key.{key}")
    kiosk.click("next")
    kiosk.see(lambda node: node["id"] == "field.steps" and "Stap 2" in node["name"], "the next question")
    for name in ("kiosk", "hub"):
        check_search(desk, name, BEGUN.capitalize())
    kiosk.click("bar.stop")
    kiosk.see("scan")


def take_ticket(desk):
    kiosk = desk.screens["kiosk"]
    kiosk.click("request.0")
    kiosk.click("to_counter")
    kiosk.click("agree")
    number = kiosk.see("ticket.number")["name"]
    desk.slip()
    kiosk.click("done")
    kiosk.see("welcome")
    return number


def help_at_counter(desk, number, resident):
    counter, display = desk.screens["counter"], desk.screens["display"]
    counter.see("next")
    counter.press("F2")
    counter.see("context.request")
    display.see(lambda node: node["id"] == "number.new" and node["name"] == number, number)
    counter.press("Return")
    counter.see("finish")
    check_search(desk, "counter", resident["geslachtsnaam"])
    counter.press("Return")
    counter.see("outcome.0")
    counter.press("1")
    counter.press("Return")
    counter.see("pause")
    desk.contact()


def fill_in(desk, answers):
    """The first request's form, up to the end of what is answered here; the last page is not left."""
    kiosk = desk.screens["kiosk"]
    kiosk.click("request.0")
    kiosk.click("finish")
    for page, words in enumerate(answers.values(), 1):
        step = f"Stap {page} van {len(FORM)}"
        kiosk.see(lambda node, step=step: node["id"] == "field.steps" and step in node["name"], step)
        for key in words.replace("-", "").lower():
            kiosk.click(f"key.{KEY_NAMES.get(key, key)}")
        if page < len(answers):
            kiosk.click("next")
    for name in ("kiosk", "hub"):
        check_search(desk, name, answers["naam"])


def sign_and_send(desk, secrets):
    kiosk = desk.screens["kiosk"]
    kiosk.click("next")
    pad = kiosk.see("sign.pad")
    at = [(int(pad["x"] + pad["width"] * x), int(pad["y"] + pad["height"] * y)) for x, y in SIGN_POINTS]
    kiosk.draw(at)
    drawn = stroke(pad, at[1:3])
    check_search(desk, "kiosk", drawn)
    kiosk.click("next")
    kiosk.see("form_check")
    kiosk.click("next")
    kiosk.see("reference")
    there = desk.kept("tasks", TASKS["sanne"])["details"]["ontvangenGegevens"]
    words = there.pop("handtekening").partition("base64,")[2]
    expect(there == SENT, f"what was typed is not what was sent: {there}")
    picture = base64.b64decode(words)
    middle = len(picture) // 2
    secrets |= {words[len(words) // 2:][:32], picture[middle:middle + 24], drawn}
    kiosk.click("done")
    kiosk.see("welcome")


def wait_for_wipe(desk):
    """Walked away: the warning, then the welcome, both by the kiosk's own clock."""
    kiosk = desk.screens["kiosk"]
    end = time.monotonic() + IDLE_S
    while not kiosk.has("welcome"):
        if time.monotonic() > end:
            shown = ", ".join(node["id"] for node in kiosk.nodes()[:1])
            raise Lost(f"a kiosk that was walked away from did not wipe; it shows {shown}")
        time.sleep(0.1)


# --- searching


def search_files(desk, secrets):
    """Logs and what programs said; the hub's folder at rest; the display's tree."""
    files = [path for path in desk.folder.glob("*") if path.suffix in (".log", ".out")]
    files += [path for path in (desk.folder / "hub").rglob("*") if path.is_file()]
    files.append(desk.folder / "display.tree.json")
    expect((desk.folder / "hub/hub.db").stat().st_size > 0, "there is no database to search")
    words = memory.Words(secrets)
    for path in files:
        for word in sorted({hit.group().decode(errors="replace") for hit in words.hits(path.read_bytes())}):
            failures.append(f"{path.relative_to(desk.folder)} holds {word}")


def search_addresses(desk, secrets, numbers):
    """One register takes the number in its query string and offers nothing else (TRUST.md)."""
    allowed = {("taken", "/taken/api/v1/externetaken")}
    asked = [json.loads(line) for line in (desk.folder / "town.jsonl").read_text(encoding="utf-8").splitlines()]
    expect(len(asked) > 6, "the townhall was hardly asked")
    words = memory.Words(secrets)
    seen = set()
    for line in asked:
        for hit in words.hits(f"{line['path']}?{line['query']}".encode()):
            place = (line["api"], line["path"])
            seen.add(place)
            expect(hit.group().decode(errors="replace") in numbers and place in allowed, f"{place} names {hit.group().decode()}")
    expect(seen == allowed, f"the addresses that hold a number are {sorted(seen)}, TRUST.md says {sorted(allowed)}")


def search_memory(desk, secrets):
    """Nothing may be left once everybody has come to rest; that takes a moment."""
    words = memory.Words(secrets)
    pids = {process.name: process.pid for process in desk.running}
    end = time.monotonic() + FORGET_S
    for name in ("kiosk", "display", "counter", "hub"):
        found = memory.find(pids[name], words)
        while found and time.monotonic() < end:
            time.sleep(0.2)
            found = memory.find(pids[name], words)
        for word, places in sorted(found.items()):
            failures.append(f"memory of {name}: {word}, {len(places)} times\n    " + "\n    ".join(places[:6]))


def check_search(desk, name, words):
    """The eyes themselves: what a program works with now stands in its memory, or the search is blind."""
    pid = next(process.pid for process in desk.running if process.name == name)
    end = time.monotonic() + PATIENCE_S
    found = memory.find(pid, memory.Words({words}))
    while not found and time.monotonic() < end:
        found = memory.find(pid, memory.Words({words}))
    expect(found, f"a search does not find what the {name} works with")


def walk(desk):
    town = residents()
    known = set().union(*(words_of(resident) for resident in town.values()))
    numbers = {resident["bsn"] for resident in town.values()}
    secrets = known | {desk.staff_pin} | set(desk.enrolment_codes)
    desk.screens["kiosk"].see("scan")
    sign_in(desk, desk.screens["counter"], NoPictures())

    scan(desk, "live", town["nadia"], secrets)
    number = take_ticket(desk)
    scan(desk, "paper", town["sanne"], secrets)
    desk.screens["kiosk"].click("bar.stop")
    desk.screens["kiosk"].see("scan")
    begin_by_link(desk, town["amina"], secrets)
    begin_something_new(desk)
    scan(desk, "live", town["sanne"], secrets)
    fill_in(desk, SENT)
    sign_and_send(desk, secrets)
    scan(desk, "live", town["tomasz"], secrets)
    fill_in(desk, LEFT)
    help_at_counter(desk, number, town["nadia"])
    wait_for_wipe(desk)
    there = desk.kept("tasks", TASKS["tomasz"])["details"].get("ontvangenGegevens")
    expect(there == LEFT, f"walking away did not keep all that was typed: {there}")
    secrets |= typed(SENT) | typed(LEFT) | {BEGUN, BEGUN.capitalize()}

    search_files(desk, secrets)
    search_addresses(desk, secrets, numbers)
    search_memory(desk, secrets - {desk.staff_pin})  # six digits stand anywhere by chance


def main():
    with tempfile.TemporaryDirectory() as folder, Desk(BUILD, pathlib.Path(folder) / "desk", headless=True,
                                                        town_change=with_forms) as desk:
        try:
            walk(desk)
        except Lost as lost:
            expect(False, f"the line broke: {lost}")
            desk.say_logs()
    return tell()


sys.exit(main())
