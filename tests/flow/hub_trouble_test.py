#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The back office in trouble, end to end: whatever a register or the network does, the visitor hears
# an honest problem or sees an incomplete list, a number is given all the same, and each contact
# stands in the register once when that is back.
import json
import os
import pathlib
import re
import sqlite3
import sys
import time
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from desk import Desk  # noqa: E402
from device import Device, eventually, hall, sign_in  # noqa: E402
from proxy import KINDS, Proxy  # noqa: E402

DEVICES = [("kiosk-1", "kiosk", ""), ("kiosk-2", "kiosk", ""), ("counter-3", "counter", "3")]
SOURCES = {"portal": "/inloop", "klantinteracties": "/klantinteracties", "brp": "/haalcentraal", "taken": "/taken",
           "zaken": "/zaken", "objecten": "/objecten", "mijntaken": "/mijntaken"}
LISTED = ["taken", "zaken", "objecten", "mijntaken"]  # what a list is made of, as the API orders them
TIMEOUT_S = 1.5
ISSUE_S_MAX = 10  # a number, whatever the back office does
CONTACTS = "/klantinteracties/api/v1/maak-klantcontact"
# What a delivery meets: while it writes, and while it looks whether that was done.
TROUBLES = [*[(CONTACTS, kind) for kind in ("closed", "truncated", "lost", "error", "page", "garbage", "missing",
                                            "locked")],
            *[(SOURCES["klantinteracties"], kind) for kind in ("closed", "page", "missing")]]
NOTHING = {"person": False, "request": False, "others": False}


class TroubledDesk(Desk):
    """The hub reaches the municipality over a wire that can be bad."""

    def start_town(self):
        super().start_town()
        self.proxy = Proxy(self.town)

    def hub_lines(self):
        return [line.replace(self.town, self.proxy.url) for line in super().hub_lines()]


class Visitor:
    def __init__(self, desk):
        self.desk = desk
        self.kiosk = Device(desk, "kiosk-1")
        self.other = Device(desk, "kiosk-2")

    def code(self, resident):
        return self.desk.ask_town("POST", "/demo/tokens", {"resident": resident, "kind": "live"})["code"]

    def anonymous(self):
        """A number without any code, while the back office is as it is."""
        began = time.monotonic()
        answer = self.other.post("/tickets", {"service": "F", "language": "nl", "needs": [], "consent": NOTHING})
        assert answer.status == 201 and answer.body["ticket"]["level"] == 0, answer.body
        assert time.monotonic() - began < ISSUE_S_MAX, "the number waited for the back office"

    def asks_during(self, body, key):
        """The number is asked for while the visit still waits."""
        self.kiosk.send_command("POST", "/visits", body, key)
        self.anonymous()
        return self.kiosk.receive()

    def refused(self, what):
        """Nothing is known: an honest problem, and the code still works once all is well."""
        body, key = {"code": self.code("nadia")}, str(uuid.uuid4())
        answer = self.asks_during(body, key)
        assert answer.status == 503 and answer.body["code"] == "backoffice_unavailable", (what, answer.body)
        assert set(answer.body) <= {"type", "title", "status", "code", "detail"}, (what, answer.body)
        self.desk.proxy.heal()
        again = self.kiosk.post("/visits", body, key)
        assert again.status == 201, (what, again.body)
        self.kiosk.post(f"/visits/{again.body['id']}/end", {})

    def incomplete(self, what, failed):
        """The list is there without what could not be asked, and says so."""
        answer = self.asks_during({"code": self.code("nadia")}, str(uuid.uuid4()))
        assert answer.status == 201, (what, answer.body)
        visit = answer.body["id"]
        eventually(lambda: self.kiosk.get(f"/visits/{visit}").body["requests_ready"], f"{what}: the list")
        told = self.kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": "1984-05-17"}).body
        assert told["sources_failed"] == failed, (what, told)
        assert not {request["source"] for request in told["requests"]} & set(failed), (what, told)
        assert told["requests"] or len(failed) > 1, (what, told)
        issued = self.kiosk.post("/tickets", {"visit": visit, "service": "B", "language": "nl", "needs": [],
                                              "consent": {"person": True, "request": False, "others": False}})
        assert issued.status == 201 and issued.body["ticket"]["level"] == 3, (what, issued.body)
        self.desk.proxy.heal()
        self.kiosk.post(f"/visits/{visit}/end", {})


def bad_wire(desk, visitor):
    for kind in KINDS:
        for source in ("portal", "klantinteracties", "brp"):
            if kind == "missing" and source != "portal":
                continue  # a register that says 404 does not know this person; the visitor hears just that
            desk.proxy.bad = {SOURCES[source]: kind}
            visitor.refused(f"{source} {kind}")
        desk.proxy.bad = {SOURCES[source]: kind for source in LISTED}
        visitor.incomplete(f"all lists {kind}", LISTED)
    for source in LISTED:
        desk.proxy.bad = {SOURCES[source]: "error"}
        visitor.incomplete(source, [source])


def lying(desk, visitor):
    """Another person's data: never shown, and never taken for the visitor's."""
    for source in ("klantinteracties", "brp", "taken"):
        desk.ask_town("POST", "/demo/faults", {"source": source, "kind": "lying"})
        if source == "taken":
            visitor.incomplete("taken lies", ["taken"])
        else:
            answer = visitor.kiosk.post("/visits", {"code": visitor.code("nadia")})
            assert answer.status == 503 and answer.body["code"] == "backoffice_unavailable", (source, answer.body)
        desk.ask_town("POST", "/demo/faults", {"source": source, "kind": "off"})
    # The portal alone is believed who came; the second fact finds out.
    desk.ask_town("POST", "/demo/faults", {"source": "portal", "kind": "lying"})
    visit = visitor.kiosk.post("/visits", {"code": visitor.code("nadia")}).body
    answer = visitor.kiosk.post(f"/visits/{visit['id']}/second-fact", {"birth_date": "1984-05-17"})
    assert answer.status == 403 and answer.body["code"] == "second_fact_wrong", answer.body
    desk.ask_town("POST", "/demo/faults", {"source": "portal", "kind": "off"})


class Counter:
    def __init__(self, desk, visitor):
        self.desk = desk
        self.visitor = visitor
        self.device = Device(desk, "counter-3")
        self.finished = []  # (ticket, whether work is left)
        sign_in(desk, self.device, 3, "k3")

    def known_visit(self, resident="nadia", birth_date="1984-05-17"):
        kiosk = self.visitor.kiosk
        visit = kiosk.post("/visits", {"code": self.visitor.code(resident)}).body["id"]
        assert kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": birth_date}).status == 200
        issued = kiosk.post("/tickets", {"visit": visit, "service": "E", "language": "nl", "needs": [],
                                         "consent": {"person": True, "request": False, "others": False}})
        kiosk.post(f"/visits/{visit}/end", {})
        return issued.body["ticket"]["id"]

    def serve(self, ticket, outcome):
        call = self.device.post("/calls", {"kind": "ticket", "ticket": ticket, "reason": "asked for"})
        assert call.status == 200, call.body
        for step in ({"action": "arrived"}, {"action": "finish", "outcome": outcome}):
            answer = self.device.post(f"/tickets/{ticket}/transitions", step)
            assert answer.status == 200, answer.body
        self.finished.append((ticket, outcome != "done"))

    def registered(self, ticket):
        return [contact for contact in self.desk.ask_town("GET", "/demo/contacts")
                if contact["klantcontact"]["metadata"]["inloop_key"] == ticket]


def contacts(desk, counter):
    """One after another, each met by another trouble; then all is well, and each stands there once."""
    for at, (start, kind) in enumerate(TROUBLES):
        ticket = counter.known_visit()
        before = waits(desk)
        desk.proxy.bad = {start: kind}
        counter.serve(ticket, "visitor_must_act" if at % 2 else "done")
        eventually(lambda: waits(desk) > before, f"{start} {kind}: nobody says that the contact waits")
        desk.proxy.heal()
        eventually(lambda: counter.registered(ticket), f"{start} {kind}: the contact does not come")


def waits(desk):
    """How often the hub has said that a contact waits."""
    return (desk.folder / "hub.log").read_text(encoding="utf-8").count("contact waits")


def killed_in_between(desk, counter):
    """The register has it, the hub does not know that yet, and the power goes."""
    ticket = counter.known_visit()
    desk.proxy.bad = {CONTACTS: "held"}
    counter.serve(ticket, "visitor_must_act")
    assert desk.proxy.held.wait(60)
    desk.kill_hub()
    desk.proxy.heal()
    desk.run_hub()
    eventually(lambda: all_delivered(desk), "the outbox is not emptied")


def killed_while_down(desk, counter):
    """The register is away when the power goes; the contact is on the disk."""
    ticket = counter.known_visit()
    desk.proxy.bad = {"/klantinteracties": "closed"}
    counter.serve(ticket, "done")
    desk.kill_hub()
    desk.proxy.heal()
    desk.run_hub()
    eventually(lambda: all_delivered(desk), "the outbox is not emptied")


def never_on_the_disk(desk, counter):
    """The disk fails under a finish: it was never done, and the register never heard of it."""
    ticket = counter.known_visit()
    disk = sqlite3.connect(desk.folder / "hub/hub.db", isolation_level=None)
    device = Device(desk, "counter-3")
    assert device.post("/calls", {"kind": "ticket", "ticket": ticket, "reason": "asked for"}).status == 200
    assert device.post(f"/tickets/{ticket}/transitions", {"action": "arrived"}).status == 200
    disk.execute("BEGIN IMMEDIATE")
    answer = device.post(f"/tickets/{ticket}/transitions", {"action": "finish", "outcome": "done"})
    assert answer.status == 503 and answer.body["code"] == "storage", answer.body
    assert desk.hub.wait(60) != 0, "a hub that is ahead of its disk stops"
    desk.running.remove(desk.hub)
    disk.rollback()
    disk.close()
    assert not counter.registered(ticket), "the register heard what is on no disk"
    desk.run_hub()
    device = Device(desk, "counter-3")
    answer = device.post(f"/tickets/{ticket}/transitions", {"action": "finish", "outcome": "passed_on"})
    assert answer.status == 200, answer.body
    counter.finished.append((ticket, True))
    eventually(lambda: counter.registered(ticket) and all_delivered(desk), "the outbox is not emptied")


def all_delivered(desk):
    store = sqlite3.connect(f"file:{desk.folder}/hub/hub.db?mode=ro", uri=True)
    rows = store.execute("SELECT done, sealed IS NULL FROM outbox").fetchall()
    store.close()
    return bool(rows) and all(row == (1, 1) for row in rows)


def judge_contacts(desk, counter):
    lines = [json.loads(line) for line in (desk.folder / "town.jsonl").read_text(encoding="utf-8").splitlines()]
    made = [line["response_body"]["klantcontact"]["uuid"] for line in lines
            if line["path"].endswith("/maak-klantcontact") and line["status"] == 201]
    links = [line["request_body"]["klantcontact"]["uuid"] for line in lines
             if line["path"].endswith("/actorklantcontacten") and line["status"] == 201]
    work = [line["request_body"]["aanleidinggevendKlantcontact"]["uuid"] for line in lines
            if line["path"].endswith("/internetaken") and line["status"] == 201]
    for ticket, is_unfinished in counter.finished:
        assert len(counter.registered(ticket)) == 1, (ticket, counter.registered(ticket))
    assert len(made) == len(counter.finished), (len(made), len(counter.finished))
    assert sorted(links) == sorted(made), "each contact has one who served"
    assert len(work) == len(set(work)) == sum(is_unfinished for _, is_unfinished in counter.finished), work


def main():
    more = [f"{source}.timeout_ms = {int(TIMEOUT_S * 1000)}" for source in SOURCES]
    with hall(DEVICES, more=more, kind=TroubledDesk) as desk:
        visitor = Visitor(desk)
        bad_wire(desk, visitor)
        lying(desk, visitor)
        counter = Counter(desk, visitor)
        contacts(desk, counter)
        killed_in_between(desk, counter)
        counter.device.close()
        visitor.kiosk.close()
        killed_while_down(desk, counter)
        visitor.kiosk.close()
        never_on_the_disk(desk, counter)
        judge_contacts(desk, counter)
        log = (desk.folder / "hub.log").read_text(encoding="utf-8")
        desk.proxy.close()
    assert "Sanitizer" not in log and not re.search(r"Nadia|Haddad|99999\d{4}|1984-05", log), log
    print(f"{len(counter.finished)} contacts, each once, through {len(KINDS)} kinds of trouble")


main()
