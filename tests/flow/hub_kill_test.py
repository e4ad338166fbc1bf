# SPDX-License-Identifier: EUPL-1.2
#
# The hub is killed two hundred times while four kiosks issue and four desks call over mutual TLS.
# Afterwards the store must hold exactly what was confirmed: no ticket lost, none twice, no number
# twice, nobody called twice.
import os
import pathlib
import random
import sqlite3
import sys
import tempfile
import threading

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from desk import Desk  # noqa: E402
from device import Device, sign_in, together  # noqa: E402

KILLS = 200
CLIENTS = 4
ANSWERS_A_LIFE = 24  # at most, drawn anew for each life of the hub
SEED = 20261124


class Storm:
    """What the devices were told, and the moment the next kill falls."""

    def __init__(self):
        self.is_up = threading.Event()
        self.is_over = threading.Event()
        self.answered = threading.Semaphore(0)
        self.issued = {}  # ticket id -> number
        self.called = []
        self.finished = set()
        self.lock = threading.Lock()

    def count(self):
        self.answered.release()


def kiosk(storm, device, letters):
    while not storm.is_over.is_set():
        body = {"service": letters[len(storm.issued) % len(letters)], "language": "nl", "needs": [],
                "consent": {"person": False, "request": False, "others": False}}
        answer = device.insist("/tickets", body, storm.is_up)
        assert answer.status == 201, (answer.status, answer.body)
        ticket = answer.body["ticket"]
        with storm.lock:
            assert ticket["id"] not in storm.issued, "one ticket was given to two askers"
            storm.issued[ticket["id"]] = ticket["number"]
        storm.count()


def desk_work(storm, device):
    while not storm.is_over.is_set():
        answer = device.insist("/calls", {"kind": "next"}, storm.is_up)
        if answer.status == 404:
            continue  # nobody waits
        assert answer.status == 200, (answer.status, answer.body)
        ticket = answer.body["ticket"]["id"]
        with storm.lock:
            storm.called.append(ticket)
        storm.count()
        for step in ({"action": "arrived"}, {"action": "finish", "outcome": "done"}):
            answer = device.insist(f"/tickets/{ticket}/transitions", step, storm.is_up)
            assert answer.status == 200, (answer.status, answer.body)
            storm.count()
        with storm.lock:
            storm.finished.add(ticket)


def guarded(storm, work, *more):
    """One that fails ends the storm for all."""
    def run():
        try:
            work(storm, *more)
        finally:
            storm.is_over.set()
            storm.is_up.set()
    return run


def kill_again_and_again(storm, desk):
    chance = random.Random(SEED)
    for life in range(KILLS + 1):
        if life > 0:
            desk.run_hub()
        storm.is_up.set()
        for _ in range(chance.randint(1, ANSWERS_A_LIFE)):
            assert storm.answered.acquire(timeout=60), "the hub answers nobody"
        if life == KILLS or storm.is_over.is_set():
            return
        storm.is_up.clear()
        desk.kill_hub()


def check(storm, desk):
    store = sqlite3.connect(f"file:{desk.folder}/hub/hub.db?mode=ro", uri=True)
    stored = dict(store.execute("SELECT id, number FROM ticket"))
    assert stored == storm.issued, f"{len(stored)} tickets are stored, {len(storm.issued)} were confirmed"
    assert len(set(stored.values())) == len(stored), "a number was given twice"
    assert len(set(storm.called)) == len(storm.called), "two desks were told the same ticket"
    calls = dict(store.execute("SELECT object, count(*) FROM audit WHERE action = 'call_next' GROUP BY object"))
    assert calls == {stored[ticket]: 1 for ticket in storm.called}, "the log knows of other calls than were told"
    states = dict(store.execute("SELECT id, state FROM ticket"))
    still = {ticket for ticket in storm.called if states[ticket] < 5}
    assert not still & storm.finished, "a finished ticket is open again"
    assert sum(calls_count for (calls_count,) in store.execute("SELECT calls FROM ticket")) == len(storm.called)
    store.close()
    rows = desk.hub_task_text("audit-check")
    assert "the chain holds" in rows, rows
    return len(stored), len(storm.called)


def main():
    devices = [(f"kiosk-{n}", "kiosk", "") for n in range(1, CLIENTS + 1)]
    devices += [(f"counter-{n}", "counter", str(n)) for n in range(1, CLIENTS + 1)]
    more = [f"counter.{n}.services = *" for n in (2, 4)]
    with tempfile.TemporaryDirectory() as folder, \
            Desk(os.environ["INLOOP_BUILD"], pathlib.Path(folder) / "desk", headless=False, screens=(), devices=devices,
                 hub_more=more) as desk:
        storm = Storm()
        kiosks = [Device(desk, f"kiosk-{n}") for n in range(1, CLIENTS + 1)]
        counters = [Device(desk, f"counter-{n}") for n in range(1, CLIENTS + 1)]
        for n, counter in enumerate(counters, 1):
            sign_in(desk, counter, n, f"k{n}")
        together(guarded(storm, kill_again_and_again, desk),
                 *[guarded(storm, kiosk, device, "ABCDEF") for device in kiosks],
                 *[guarded(storm, desk_work, device) for device in counters])
        for device in kiosks + counters:
            device.close()
        issued, called = check(storm, desk)
        print(f"{KILLS} kills: {issued} tickets confirmed and kept, {called} called, each once")


main()
