#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The stream of the running hub: every reader gets every number once and in order, whenever it comes;
# each role sees its own and no more; who was away too long is told so.
import os
import pathlib
import re
import sqlite3
import sys
import threading
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device, Events, eventually, hall, sign_in, together  # noqa: E402
from record import Record  # noqa: E402

DEVICES = [("kiosk-1", "kiosk", ""), ("kiosk-2", "kiosk", ""), ("counter-3", "counter", "3"),
           ("display-1", "display", "")]
NOTHING = {"person": False, "request": False, "others": False}
READERS = 4
COMMANDS = 80
REPLAY_MAX = 2000
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-")
# All that a display may ever hear, by kind of event.
DISPLAY = {"skip": set(), "day": {"seq"}, "call": {"number", "desk", "called_at", "calls_count"},
           "service": {"letter", "id", "names", "subject", "wait", "waiting"}}


def issue(kiosk, letter="F"):
    answer = kiosk.post("/tickets", {"service": letter, "language": "nl", "needs": [], "consent": NOTHING})
    assert answer.status == 201, answer.body
    return answer.body["ticket"]


def every_number_once(desk, kiosk):
    """Readers come and go at all moments while the hall works."""
    is_over = threading.Event()

    def work():
        try:
            for at in range(COMMANDS):
                issue(kiosk, "ABCDEF"[at % 6])
        finally:
            is_over.set()

    def read(device, own):
        while not is_over.is_set():
            start = own.get("/state").body["seq"]
            start = max(0, start - 3) if device == "counter-3" else start
            events = Events(Device(desk, device), start)
            told = [seq for seq, _, _ in events.until(start + 20)] if not is_over.is_set() else []
            events.close()
            assert told == list(range(start + 1, start + 1 + len(told))), f"{device} from {start}: {told}"

    readers = [lambda name=name: read(name, Device(desk, name)) for name in ("counter-3", "display-1") * (READERS // 2)]
    # What the readers still wait for when the work is done.
    together(lambda: (work(), [issue(Device(desk, "kiosk-2")) for _ in range(24)]), *readers)


def views(desk, record):
    """One visit and one call, seen by all four."""
    kiosk, counter = Device(desk, "kiosk-1"), Device(desk, "counter-3")
    code = desk.ask_town("POST", "/demo/tokens", {"resident": "nadia", "kind": "live"})["code"]
    visit = kiosk.post("/visits", {"code": code}).body["id"]
    eventually(lambda: kiosk.get(f"/visits/{visit}").body["requests_ready"], "the requests")
    told = kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": "1984-05-17"}).body
    answer = kiosk.post("/tickets", {"visit": visit, "request": told["requests"][0]["id"], "language": "nl", "needs": [],
                                     "consent": {"person": True, "request": True, "others": True}})
    ticket = answer.body["ticket"]["id"]
    reason = {"kind": "ticket", "ticket": ticket, "reason": "asked for"}
    assert counter.post("/calls", reason).status == 200
    assert counter.post(f"/tickets/{ticket}/transitions", {"action": "arrived"}).status == 200
    last = counter.get("/state").body["seq"]
    seen = {}
    for name in ("kiosk-1", "kiosk-2", "counter-3", "display-1"):
        events = Events(Device(desk, name), 0)
        seen[name] = events.until(last)
        events.close()
        assert [seq for seq, _, _ in seen[name]] == list(range(1, last + 1)), name
        for _, kind, data in seen[name]:
            assert not record.event_errors(kind, data), (name, kind, data)
            assert not re.search(r"Nadia|Haddad|1984|9999900|N\. H\.", str(data)), (name, kind, data)
    for seq, kind, data in seen["display-1"]:
        inner = data.get(kind, {}) if kind != "day" else data
        assert set(data) <= {"seq", kind} and set(inner) <= DISPLAY[kind] and not UUID.search(str(data)), (kind, data)
    assert any(kind == "call" for _, kind, _ in seen["display-1"])
    for own, other in zip(seen["kiosk-1"], seen["kiosk-2"]):
        is_own = own[1] == "visit"
        assert own == other or (is_own and other[1] == "skip"), (own, other)
    assert any(kind == "visit" for _, kind, _ in seen["kiosk-1"])
    assert {"ticket", "counter", "call", "skip"} <= {kind for _, kind, _ in seen["counter-3"]}
    state = Device(desk, "display-1").get("/state").body
    assert not UUID.search(str(state)) and not state.get("tickets") and not state.get("counters"), state
    return last


def where_from(desk, last):
    display = Device(desk, "display-1")
    events = Events(display, 0, {"Last-Event-ID": str(last - 2)})
    assert [seq for seq, _, _ in events.until(last)] == [last - 1, last], "Last-Event-ID goes before from"
    began = time.monotonic()
    while events.beats_count == 0:
        events.next()
    assert time.monotonic() - began < 30, "the heart beats every five seconds"
    events.close()
    for start in (last + 10 ** 6, 2 ** 62):
        events = Events(display, start)
        assert events.status in (410, 400) and events.problem["code"] in ("gone", "bad_request"), events.problem
        events.close()
    for start in ("", "x", "-1", "1e3", "9" * 30):
        assert display.get(f"/events?from={start}").status == 400, start
    assert display.get("/events").status == 400


def too_far_behind(desk, last):
    """Old events are dropped, many came while nobody looked."""
    desk.kill_hub()
    store = sqlite3.connect(desk.folder / "hub/hub.db")
    with store:
        store.execute("DELETE FROM event WHERE seq <= 10")
        body = '{"seq":%d}'
        store.executemany("INSERT INTO event VALUES(?, 0, 'day', ?)",
                          [(seq, body % seq) for seq in range(last + 1, last + 1 + 2 * REPLAY_MAX)])
    store.close()
    desk.run_hub()
    display = Device(desk, "display-1")
    now = display.get("/state").body["seq"]
    for start in (0, 9, 10, now - REPLAY_MAX - 1):
        events = Events(display, start)
        assert events.status == 410 and events.problem["code"] == "gone", (start, events.status)
        events.close()
    for start in (now - REPLAY_MAX, now - 1, now):
        events = Events(display, start)
        assert events.status == 200
        ticket = issue(Device(desk, "kiosk-1"))
        told = [seq for seq, _, _ in events.until(now + 1)]
        assert told == list(range(start + 1, told[-1] + 1)), (start, ticket["number"], told[:3], told[-3:])
        events.close()
        now = display.get("/state").body["seq"]


def main():
    record = Record(ROOT / "assets/api/hub-1.yaml")
    with hall(DEVICES) as desk:
        sign_in(desk, Device(desk, "counter-3"), 3, "k3")
        last = views(desk, record)
        where_from(desk, last)
        every_number_once(desk, Device(desk, "kiosk-1"))
        too_far_behind(desk, Device(desk, "display-1").get("/state").body["seq"])
        log = (desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log
    print(f"{last} events seen by four devices; {COMMANDS} commands with {READERS} readers coming and going")


main()
