# SPDX-License-Identifier: EUPL-1.2
#
# What the hub sealed opens in its own row, whole, on its own day, and nowhere else. Somebody with
# the store in their hands moves, changes and brings back sealed values while the hub is down: each
# is refused, the hub starts, and the hall works on. Nor does the store tell what was typed to somebody
# who guesses it.
import hashlib
import json
import os
import pathlib
import sqlite3
import sys
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import sign_in  # noqa: E402
from hall import open_hall  # noqa: E402

DAY_MS = 24 * 3600 * 1000


def with_a_bit_turned(sealed):
    return sealed[:20] + bytes([sealed[20] ^ 1]) + sealed[21:]


class Thief:
    """Has the store's file while nobody serves."""

    def __init__(self, hall):
        self.path = hall.desk.folder / "hub/hub.db"

    def take(self, table, column, key):
        with sqlite3.connect(self.path) as store:
            return store.execute(f"SELECT {column} FROM {table} WHERE {KEYS[table]} = ?", (key,)).fetchone()[0]

    def put(self, table, column, key, value):
        with sqlite3.connect(self.path) as store:
            done = store.execute(f"UPDATE {table} SET {column} = ? WHERE {KEYS[table]} = ?", (value, key))
            assert done.rowcount == 1, (table, key)


KEYS = {"visit": "id", "context": "ticket", "answer": "key", "day_key": "day"}


def get_status(hall, name, path):
    answer = hall.devices[name].read(path, hall.is_up)
    return answer.status, (answer.body or {}).get("code")


def help_without_context(hall, ticket):
    hall.call("counter-3", ticket)
    assert get_status(hall, "counter-3", f"/tickets/{ticket['id']}/context") == (404, "not_found")
    hall.finish("counter-3", ticket)


def a_whole_visit_works(hall):
    ticket = hall.issue_for(hall.visit())
    hall.call("counter-3", ticket)
    assert hall.context("counter-3", ticket)["person"]["birth_date"] == "1984-05-17"
    hall.finish("counter-3", ticket)
    hall.wait_for_contact(ticket)


def moved_and_changed_values_are_refused(hall):
    thief = Thief(hall)
    first, second, third = hall.visit(), hall.visit(), hall.visit()
    tickets = [hall.issue_for(visit) for visit in (first, second)]
    key = str(uuid.uuid4())
    body = {"service": "B", "language": "nl", "needs": [], "consent": {"person": False, "request": False, "others": False}}
    told = hall.devices["kiosk-1"].insist("/tickets", body, hall.is_up, key)
    assert told.status == 201

    def meanwhile():
        left, right = (thief.take("context", "sealed", ticket["id"]) for ticket in tickets)
        thief.put("context", "sealed", tickets[0]["id"], right)
        thief.put("context", "sealed", tickets[1]["id"], with_a_bit_turned(right))
        assert left != right
        thief.put("visit", "sealed", first["id"], with_a_bit_turned(thief.take("visit", "sealed", first["id"])))
        thief.put("visit", "sealed", second["id"], thief.take("visit", "sealed", third["id"]))
        thief.put("answer", "sealed", key, with_a_bit_turned(thief.take("answer", "sealed", key)))

    hall.meanwhile = meanwhile
    hall.restart()

    for visit in (first, second):
        assert get_status(hall, "kiosk-1", f"/visits/{visit['id']}") == (404, "visit_gone")
    assert hall.get("kiosk-1", f"/visits/{third['id']}")["requests"] != []
    again = hall.devices["kiosk-1"].insist("/tickets", body, hall.is_up, key)
    assert again.status == 201 and again.body["ticket"]["id"] != told.body["ticket"]["id"]
    for ticket in tickets:
        help_without_context(hall, ticket)
        assert hall.contacts(ticket["id"]) == [], "a contact of somebody else's context was registered"
    for answer in (told, again):
        hall.call("counter-3", answer.body["ticket"])
        hall.finish("counter-3", answer.body["ticket"])
    a_whole_visit_works(hall)


def yesterdays_values_are_refused_even_with_yesterdays_key(hall):
    thief = Thief(hall)
    old = hall.issue_for(hall.visit())
    kept = {}

    def night():
        kept["context"] = thief.take("context", "sealed", old["id"])
        kept["day"] = hall.ask_store("SELECT max(day) FROM day_key")[0][0]
        kept["key"] = thief.take("day_key", "wrapped", kept["day"])
        hall.fate.move_clock(DAY_MS)

    hall.meanwhile = night
    hall.restart()
    sign_in(hall.desk, hall.devices["counter-3"], "3", "k4")
    new = hall.issue_for(hall.visit("paper"))

    def meanwhile():
        thief.put("context", "sealed", new["id"], kept["context"])
        thief.put("day_key", "wrapped", kept["day"] + 1, kept["key"])

    hall.meanwhile = meanwhile
    hall.restart()

    help_without_context(hall, new)
    ticket = hall.issue()
    hall.call("counter-3", ticket)
    hall.finish("counter-3", ticket)


def what_was_asked_cannot_be_found_by_trying(hall):
    """A thief knows the path and guesses the body: a birth date has few values."""
    hall.visit()
    [(path, asked)] = hall.ask_store("SELECT '/v1/locations/stadhuis/visits/' || object || '/second-fact', count(*)"
                                     " FROM audit WHERE action = 'second_fact' GROUP BY object ORDER BY max(row) DESC LIMIT 1")
    assert asked == 1
    hashes = {row[0] for row in hall.ask_store("SELECT hash FROM answer")}
    parts = [hashlib.sha256(words.encode()).digest() for words in (path, json.dumps({"birth_date": "1984-05-17"}))]
    guessed = [hashlib.sha256(parts[1]).digest(), parts[1], hashlib.sha256(b"".join(parts)).digest()]
    assert hashes and not hashes & set(guessed), "the store says which birth date was typed"


def main():
    with open_hall() as hall:
        what_was_asked_cannot_be_found_by_trying(hall)
        moved_and_changed_values_are_refused(hall)
        yesterdays_values_are_refused_even_with_yesterdays_key(hall)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
        assert log.count("a context does not open") == 3, log
        assert "Haddad" not in log and "1984" not in log


main()
