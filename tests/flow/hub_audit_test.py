#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The audit log of the running hub: six whole fields in each row, by the device that did it, nothing
# personal; and the check that names the row somebody changed, took out or moved.
import datetime
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device, eventually, hall, sign_in  # noqa: E402

COUNTERS = 4
DEVICES = [("kiosk-1", "kiosk", "")]
MORE = [f"counter.{n}.services = *" for n in range(1, COUNTERS + 1) if n not in (1, 3)]
FIELDS = ("action", "object", "result", "origin", "actor", "at")
AWAY = "DROP TRIGGER audit_stays; DROP TRIGGER audit_keeps;"


def rows_of(desk):
    store = sqlite3.connect(f"file:{desk.folder}/hub/hub.db?mode=ro", uri=True)
    rows = store.execute("SELECT row, action, object, result, origin, actor, at, hash FROM audit ORDER BY row").fetchall()
    store.close()
    return rows


def work(desk):
    """Something of everything; each desk signs in right after it was enrolled."""
    for n in range(1, COUNTERS + 1):
        desk.enrol(f"counter-{n}", "counter", str(n))
        counter = Device(desk, f"counter-{n}")
        sign_in(desk, counter, n, f"k{n}")
        wrong = {"is_open": True, "is_paused": False, "staff": "nobody", "pin": "0"}
        assert counter.post(f"/counters/{n}/session", wrong).status == 403
    kiosk, counter, other = Device(desk, "kiosk-1"), Device(desk, "counter-3"), Device(desk, "counter-2")
    code = desk.ask_town("POST", "/demo/tokens", {"resident": "nadia", "kind": "live"})["code"]
    visit = kiosk.post("/visits", {"code": code}).body["id"]
    eventually(lambda: kiosk.get(f"/visits/{visit}").body["requests_ready"], "the requests")
    kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": "1984-05-18"})
    told = kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": "1984-05-17"}).body
    kiosk.post("/tickets", {"visit": visit, "request": told["requests"][0]["id"], "language": "nl", "needs": [],
                            "consent": {"person": True, "request": True, "others": True}})
    ticket = counter.post("/calls", {"kind": "next"}).body["ticket"]["id"]
    assert counter.get(f"/tickets/{ticket}/context").status == 200
    assert other.get(f"/tickets/{ticket}/context").status == 403
    for step in ({"action": "arrived"}, {"action": "document_seen"}, {"action": "finish", "outcome": "done"}):
        assert counter.post(f"/tickets/{ticket}/transitions", step).status == 200
    kiosk.post(f"/visits/{visit}/end", {})
    desk.contact()
    eventually(lambda: any(row[1] == "register_contact" for row in rows_of(desk)), "the contact in the log")


def judge(rows):
    now = datetime.datetime.now().timestamp() * 1000
    assert [row[0] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        for name, value in zip(FIELDS, row[1:7]):
            assert value not in (None, "", 0), (name, row)
        assert now - 3600 * 1000 < row[6] <= now + 1000 and len(row[7]) == 32, row
        assert not re.search(r"Nadia|Haddad|1984|99999|Parkeer", " ".join(map(str, row[1:6]))), row
    assert [row[6] for row in rows] == sorted(row[6] for row in rows)
    for n in range(1, COUNTERS + 1):
        asked = [(row[3], row[4], row[5]) for row in rows if row[1:3] == ("sign_in", str(n))]
        assert asked == [("done", f"counter-{n}", f"k{n}"), ("refused", f"counter-{n}", "unknown")], (n, asked)
    done = {(row[1], row[3]) for row in rows}
    for each in (("enrol", "counter"), ("visit_open", "identified"), ("second_fact", "not equal"), ("second_fact", "equal"),
                 ("issue", "with context"), ("call_next", "called"), ("see_context", "shown"), ("see_context", "refused"),
                 ("document_seen", "serving"), ("finish", "done"), ("visit_end", "wiped"),
                 ("register_contact", "delivered")):
        assert each in done, (each, done)


def checked(desk, name, change):
    """The check on a copy of the store in which `change` was done: (went well, what it said)."""
    home = desk.folder / name
    shutil.copytree(desk.folder / "hub", home)
    store = sqlite3.connect(home / "hub.db")
    store.executescript(change)
    store.close()
    conf = desk.folder / f"{name}.conf"
    words = desk.hub_conf.read_text(encoding="utf-8").replace(f"data.dir = {desk.folder}/hub", f"data.dir = {home}")
    conf.write_text(words, encoding="utf-8")
    done = subprocess.run([desk.bin / "inloop-hub", "--config", conf, "audit-check"], capture_output=True, text=True,
                          check=False, cwd=ROOT)
    return done.returncode == 0, done.stdout + done.stderr


def tampered(desk, count):
    swap = ("UPDATE audit SET row = -1 WHERE row = {0}; UPDATE audit SET row = {0} WHERE row = {1};"
            "UPDATE audit SET row = {1} WHERE row = -1;")
    middle, last = count // 2, count
    is_good, words = checked(desk, "untouched", AWAY)
    assert is_good and f"{count} rows, the chain holds" in words, words
    changes = {
        "action": (f"UPDATE audit SET action = 'see_nothing' WHERE row = {middle}", middle),
        "object": (f"UPDATE audit SET object = object || ' ' WHERE row = {middle}", middle),
        "result": (f"UPDATE audit SET result = 'shown' || result WHERE row = {last}", last),
        "origin": ("UPDATE audit SET origin = 'counter-9' WHERE row = 1", 1),
        "actor": (f"UPDATE audit SET actor = upper(actor) || '.' WHERE row = {middle}", middle),
        "at": (f"UPDATE audit SET at = at + 1 WHERE row = {middle}", middle),
        "hash": (f"UPDATE audit SET hash = zeroblob(32) WHERE row = {middle}", middle),
        "kind": (f"UPDATE audit SET at = CAST(at AS TEXT) || 'x' WHERE row = {middle}", middle),
        "bytes": (f"UPDATE audit SET actor = CAST(actor AS BLOB) WHERE row = {middle}", middle),
        "removed": (f"DELETE FROM audit WHERE row = {middle}", middle),
        "closed_up": (f"DELETE FROM audit WHERE row = {middle};"
                      f"UPDATE audit SET row = -row WHERE row > {middle};"
                      "UPDATE audit SET row = -row - 1 WHERE row < 0", middle),
        "swapped": (swap.format(middle, middle + 1), middle),
        "swapped_far": (swap.format(2, last), 2),
        "moved_between": (f"UPDATE audit SET object = object || substr(result, 1, 1), result = substr(result, 2)"
                          f" WHERE row = {middle}", middle),
        "added": ("INSERT INTO audit SELECT max(row) + 1, action, object, result, origin, actor, at, hash FROM audit",
                  last + 1),
    }
    for name, (change, row) in changes.items():
        is_good, words = checked(desk, name, AWAY + change)
        assert not is_good and f"row {row} was changed" in words, (name, row, words)
    store = sqlite3.connect(desk.folder / "hub/hub.db")
    for change in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit"):
        try:
            store.execute(change)
            raise AssertionError("the log let itself be changed")
        except sqlite3.IntegrityError as refusal:
            assert "append only" in str(refusal)
    store.close()
    return len(changes)


def main():
    with hall(DEVICES, more=MORE) as desk:
        work(desk)
        desk.kill_hub()
        rows = rows_of(desk)
        judge(rows)
        changes = tampered(desk, len(rows))
        print(f"{len(rows)} rows, {changes} ways to change them, each found")


main()
