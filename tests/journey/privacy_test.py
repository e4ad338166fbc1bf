# SPDX-License-Identifier: EUPL-1.2
#
# Nothing of a visitor stays behind. One resident's whole visit, one that is walked away from, one
# that is stopped, and a form begun at home that is continued by its link and stopped; then every
# log, address, file at rest and tree is searched for what was personal in it, and so is the living
# memory of kiosk, display, counter and hub.
import json
import os
import pathlib
import re
import sys
import tempfile
import time

from desk import ROOT, Desk
from screen import Lost
from tour import sign_in

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
failures = []


def expect(truth, words):
    if not truth:
        failures.append(words)


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
    check_search(desk, resident)
    counter.press("Return")
    counter.see("outcome.0")
    counter.press("1")
    counter.press("Return")
    counter.see("pause")
    desk.contact()


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
        for word in sorted({hit.group().decode() for hit in words.hits(path.read_bytes())}):
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
            expect(hit.group().decode() in numbers and place in allowed, f"{place} names {hit.group().decode()}")
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


def check_search(desk, resident):
    """The eyes themselves: whom a counter helps now stands in its memory, or the search is blind."""
    pid = next(process.pid for process in desk.running if process.name == "counter")
    expect(memory.find(pid, memory.Words({resident["geslachtsnaam"]})), "a search does not find who is at the counter")


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
    scan(desk, "live", town["pieter"], secrets)
    help_at_counter(desk, number, town["nadia"])
    wait_for_wipe(desk)

    search_files(desk, secrets)
    search_addresses(desk, secrets, numbers)
    search_memory(desk, secrets - {desk.staff_pin})  # six digits stand anywhere by chance


def main():
    with tempfile.TemporaryDirectory() as folder, Desk(BUILD, pathlib.Path(folder) / "desk", headless=True) as desk:
        try:
            walk(desk)
        except Lost as lost:
            expect(False, f"the line broke: {lost}")
            desk.say_logs()
    for failure in failures:
        print(failure)
    print(f"{len(failures)} failures")
    return 1 if failures else 0


sys.exit(main())
