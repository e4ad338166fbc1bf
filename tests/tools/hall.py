# SPDX-License-Identifier: EUPL-1.2
#
# A hall under test: the real hub, started again whenever it dies, the fictional municipality, a
# kiosk and two desks that insist until they are answered, and what the store holds afterwards.
import collections
import contextlib
import json
import os
import pathlib
import tempfile
import threading
import time

from desk import Desk, Lost
from device import Device, sign_in
from fate import BEFORE, Fate

PATIENCE_S = 60
DEVICES = [("kiosk-1", "kiosk", ""), ("counter-1", "counter", "1"), ("counter-3", "counter", "3")]


@contextlib.contextmanager
def open_hall(kind=Desk, devices=DEVICES):
    with tempfile.TemporaryDirectory() as folder:
        fate = Fate(pathlib.Path(folder) / "fate")
        desk = kind(os.environ["INLOOP_BUILD"], pathlib.Path(folder) / "desk", headless=False, screens=(),
                    devices=devices)
        desk.hub_env = fate.env
        with desk:
            hall = Hall(desk, fate)
            hall.begin()
            try:
                yield hall
            finally:
                hall.close()


class Hall:
    """The hub, always started again when it dies, its devices, and what its store holds."""

    def __init__(self, desk, fate):
        self.desk = desk
        self.fate = fate
        self.devices = {name: Device(desk, name) for name, _, _ in desk.devices}
        self.is_up = threading.Event()
        self.is_over = threading.Event()
        self.deaths = 0
        self.pin = ""
        self.contacts_at_death = []  # what the register held when the hub last died
        self.meanwhile = None  # done once while the hub is down
        self.keeper = threading.Thread(target=self.keep)
        self.tickets = []  # of the story being told

    def keep(self):
        while True:
            self.desk.hub.wait()
            self.is_up.clear()
            if self.is_over.is_set():
                return
            self.deaths += 1
            self.contacts_at_death = self.contacts()
            meanwhile, self.meanwhile = self.meanwhile, None
            if meanwhile is not None:
                meanwhile()
            self.forget_hub()
            self.start_hub()

    def start_hub(self):
        try:
            self.desk.run_hub(self.fate.env)
        except Lost:  # at a write of its own start; then the next one lives
            self.deaths += 1
            self.forget_hub()
            self.desk.run_hub(self.fate.env)
        self.is_up.set()

    def forget_hub(self):
        self.desk.running = [process for process in self.desk.running if process.name != "hub"]

    def files_at_rest(self):
        """Everything that the hub keeps on the disk."""
        return [path for path in (self.desk.folder / "hub").rglob("*") if path.is_file()]

    def begin(self):
        self.is_up.set()
        self.keeper.start()
        sign_in(self.desk, self.devices["counter-3"], "3", "k3")
        self.pin = sign_in(self.desk, self.devices["counter-1"], "1", "k1")

    def close(self):
        self.is_over.set()
        self.desk.hub.terminate()
        self.keeper.join()
        for device in self.devices.values():
            device.close()

    def restart(self):
        """A hub that dies between two commands."""
        deaths = self.deaths
        self.desk.hub.kill()
        wait_for(lambda: self.deaths > deaths and self.is_up.is_set(), "the hub did not come back")
        for device in self.devices.values():
            device.close()

    def spare(self):
        """From here nothing kills it. A death on its way is waited for: then the hub would not answer."""
        self.fate.set(0, BEFORE)
        self.get("kiosk-1", "/state")

    # --- what devices do

    def post(self, name, path, body, status=200):
        answer = self.devices[name].insist(path, body, self.is_up)
        assert answer.status == status, (path, body, answer.status, answer.body)
        return answer.body

    def get(self, name, path):
        answer = self.devices[name].read(path, self.is_up)
        assert answer.status == 200, (path, answer.status, answer.body)
        return answer.body

    def issue(self, **more):
        body = {"service": "B", "language": "nl", "needs": ["calm"],
                "consent": {"person": False, "request": False, "others": False}, **more}
        ticket = self.post("kiosk-1", "/tickets", body, 201)["ticket"]
        self.tickets.append(ticket["id"])
        return ticket

    def call(self, name, ticket):
        called = self.post(name, "/calls", {"kind": "next"})["ticket"]
        assert called["id"] == ticket["id"], "somebody else was called"
        return called

    def step(self, name, ticket, action, **more):
        return self.post(name, f"/tickets/{ticket['id']}/transitions", {"action": action, **more})["ticket"]

    def finish(self, name, ticket):
        self.step(name, ticket, "arrived")
        return self.step(name, ticket, "finish", outcome="done")

    def context(self, name, ticket):
        return self.get(name, f"/tickets/{ticket['id']}/context")

    def visit(self, kind="live", language="ar", resident="nadia", birth_date="1984-05-17"):
        """Somebody's code, her list and her birth date."""
        code = self.desk.ask_town("POST", "/demo/tokens", {"resident": resident, "kind": kind})["code"]
        visit = self.post("kiosk-1", "/visits", {"code": code, "language": language}, 201)
        wait_for(lambda: self.get("kiosk-1", f"/visits/{visit['id']}")["requests_ready"], "the list did not come")
        return self.post("kiosk-1", f"/visits/{visit['id']}/second-fact", {"birth_date": birth_date})

    def issue_for(self, visit):
        wish = {"person": True, "request": True, "others": True}
        return self.issue(visit=visit["id"], request=visit["requests"][0]["id"], language="ar", consent=wish)

    def enrol(self, name, role):
        def is_enrolled():
            self.is_up.wait(PATIENCE_S)
            try:
                self.desk.enrol(name, role, "")
            except Lost:
                return False  # the hub died on it: another code, for the first may be used up
            return True

        wait_for(is_enrolled, f"{name} cannot enrol")
        self.devices[name] = Device(self.desk, name)

    # --- what is left afterwards

    def ask_store(self, sql, *values):
        return self.desk.ask_store(sql, *values)

    def contacts(self, ticket=""):
        lines = (self.desk.folder / "town.jsonl").read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if "/maak-klantcontact" in line and ticket in line]
        return [line["request_body"]["klantcontact"]["inhoud"] for line in asked if line["status"] == 201]

    def wait_for_contact(self, ticket):
        def is_registered():
            waits = self.ask_store("SELECT count(*) FROM outbox WHERE done = 0")
            return self.contacts(ticket["id"]) and waits == [(0,)]

        wait_for(is_registered, "the contact was not registered")

    def ending(self, audit_rows):
        """What must be the same however often the hub died."""
        tickets = []
        for ticket in self.tickets:
            tickets += self.ask_store(
                "SELECT substr(number, 1, 1), service, iif(returns = 0, due - issued, 0), state, print, desk, desk_only, calls, returns,"
                " level, evidence, needs, language, subject, has_context, version,"
                " (SELECT count(*) FROM context WHERE ticket = id), (SELECT done FROM outbox WHERE key = id)"
                " FROM ticket WHERE id = ?", ticket)
        log = self.ask_store("SELECT action, result, origin, actor FROM audit WHERE row > ?", audit_rows)
        again = ("see_context", "enrol")  # may be asked again under another key, and is logged again
        seen = {row for row in log if row[0] in again}
        return {"tickets": tickets, "contacts": [self.contacts(ticket) for ticket in self.tickets],
                "log": collections.Counter(row for row in log if row[0] not in again), "seen": seen,
                "desks": self.ask_store("SELECT desk, state, staff, ticket FROM counter ORDER BY desk"),
                "visits": self.ask_store("SELECT count(*) FROM visit WHERE sealed NOT NULL")}


def wait_for(is_so, words):
    end = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError(words)
        time.sleep(0.01)


def same_promise(before, after):
    for field in ("id", "number", "due_at", "seq", "request"):
        assert before.get(field) == after.get(field), f"{field} was {before.get(field)} and is {after.get(field)}"
