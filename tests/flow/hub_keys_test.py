#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# One key, one answer, on the running hub: again, at the same time, from another device, after the
# power failed, and while the disk takes its time.
import os
import pathlib
import sqlite3
import ssl
import sys
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device, at_once, hall, sign_in  # noqa: E402

DEVICES = [("kiosk-1", "kiosk", ""), ("kiosk-2", "kiosk", ""), ("counter-3", "counter", "3")]
ISSUE = {"service": "F", "language": "nl", "needs": [], "consent": {"person": False, "request": False, "others": False}}


def stored(desk, what):
    store = sqlite3.connect(f"file:{desk.folder}/hub/hub.db?mode=ro", uri=True)
    found = store.execute(what).fetchall()
    store.close()
    return found


def tickets(desk):
    return stored(desk, "SELECT count(*) FROM ticket")[0][0]


def the_same(first, again):
    assert (again.status, again.body) == (first.status, first.body), (first.body, again.body)
    assert again.headers["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first.headers


def again_and_other(desk, kiosk, other):
    key = str(uuid.uuid4())
    first = kiosk.post("/tickets", ISSUE, key)
    assert first.status == 201
    the_same(first, kiosk.post("/tickets", ISSUE, key))
    for path, body in (("/tickets", {**ISSUE, "service": "A"}), ("/tickets", {**ISSUE, "unknown": 1}),
                       ("/visits", ISSUE)):
        answer = kiosk.post(path, body, key)
        assert answer.status == 422 and answer.body["code"] == "key_reused", answer.body
    own = other.post("/tickets", ISSUE, key)  # a key is its device's own
    assert own.status == 201 and own.body["ticket"]["id"] != first.body["ticket"]["id"], own.body
    assert tickets(desk) == 2
    return key, first, own


def refusal_is_not_kept(kiosk, counter):
    """What could not be done may be tried again under the same key."""
    key = str(uuid.uuid4())
    nobody = {"kind": "ticket", "ticket": str(uuid.uuid4()), "reason": "asked for"}
    for _ in range(2):
        assert counter.post("/calls", nobody, key).status == 404
    key = str(uuid.uuid4())
    while counter.post("/calls", {"kind": "next"}, key).status == 200:
        key = finish(counter, key)
    ticket = kiosk.post("/tickets", ISSUE).body["ticket"]
    called = counter.post("/calls", {"kind": "next"}, key)
    assert called.status == 200 and called.body["ticket"]["id"] == ticket["id"], called.body
    the_same(called, counter.post("/calls", {"kind": "next"}, key))  # and calls nobody else
    return finish(counter, key)


def finish(counter, key):
    """The one that was called under `key` is done; a fresh key."""
    ticket = counter.post("/calls", {"kind": "next"}, key).body["ticket"]["id"]
    for step in ({"action": "arrived"}, {"action": "finish", "outcome": "done"}):
        assert counter.post(f"/tickets/{ticket}/transitions", step).status == 200
    return str(uuid.uuid4())


def at_the_same_time(desk):
    before = tickets(desk)
    key = str(uuid.uuid4())
    lines = [Device(desk, "kiosk-1") for _ in range(4)]
    answers = at_once(desk, [lambda line=line: line.send_command("POST", "/tickets", ISSUE, key) for line in lines],
                      lines)
    assert [answer.status for answer in answers] == [201] * 4, [answer.body for answer in answers]
    assert len({answer.body["ticket"]["id"] for answer in answers}) == 1, "one key gave two tickets"
    assert tickets(desk) == before + 1
    # One of them goes away before the answer; the others still get it.
    key = str(uuid.uuid4())

    def leave(line):
        line.send_command("POST", "/tickets", ISSUE, key)
        if line is lines[0]:
            line.close()

    for line in lines:
        line.connect()
    stay = lines[1:]
    answers = at_once(desk, [lambda line=line: leave(line) for line in lines], stay)
    assert len({answer.body["ticket"]["id"] for answer in answers}) == 1, [answer.body for answer in answers]
    assert tickets(desk) == before + 2
    for line in lines:
        line.close()


def while_the_disk_waits(desk):
    """Nothing is told before it is written: no answer, no state; killed then, it never was."""
    before = tickets(desk)
    kiosk, other, awake = Device(desk, "kiosk-1"), Device(desk, "kiosk-2"), Device(desk, "kiosk-2")
    key = str(uuid.uuid4())
    for line in (kiosk, other, awake):
        line.connect()
    disk = sqlite3.connect(desk.folder / "hub/hub.db", isolation_level=None)
    disk.execute("BEGIN IMMEDIATE")
    kiosk.send_command("POST", "/tickets", ISSUE, key)
    other.send_command("GET", "/state")
    # The hub has read both by the time it has twice answered what needs no disk.
    for _ in range(2):
        assert awake.ask("GET", "/v1/health").status == 200
    for line in (kiosk, other):
        line.line.sock.setblocking(False)
        try:
            raise AssertionError(f"told before it was on the disk: {line.line.sock.recv(1000)}")
        except ssl.SSLWantReadError:
            line.close()
    desk.kill_hub()
    disk.rollback()
    disk.close()
    assert tickets(desk) == before
    desk.run_hub()
    kiosk = Device(desk, "kiosk-1")
    first = kiosk.post("/tickets", ISSUE, key)
    assert first.status == 201 and tickets(desk) == before + 1, first.body
    the_same(first, kiosk.post("/tickets", ISSUE, key))


def after_a_restart(desk, key, first, own):
    desk.kill_hub()
    desk.run_hub()
    before = tickets(desk)
    the_same(first, Device(desk, "kiosk-1").post("/tickets", ISSUE, key))
    the_same(own, Device(desk, "kiosk-2").post("/tickets", ISSUE, key))
    answer = Device(desk, "kiosk-1").post("/tickets", {**ISSUE, "service": "A"}, key)
    assert answer.status == 422 and answer.body["code"] == "key_reused", answer.body
    assert tickets(desk) == before
    numbers = [number for (number,) in stored(desk, "SELECT number FROM ticket")]
    assert len(numbers) == len(set(numbers)), numbers


def main():
    with hall(DEVICES) as desk:
        kiosk, other, counter = (Device(desk, name) for name, _, _ in DEVICES)
        sign_in(desk, counter, 3, "k3")
        key, first, own = again_and_other(desk, kiosk, other)
        refusal_is_not_kept(kiosk, counter)
        at_the_same_time(desk)
        after_a_restart(desk, key, first, own)
        while_the_disk_waits(desk)
        log = (desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log


main()
