#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The running hub against its own contract: whole stories over every operation of
# assets/api/hub-1.yaml, each conversation held to the document afterwards. Fails when an operation,
# an answer or a code of the document was never seen.
import os
import pathlib
import sqlite3
import sys
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import bundle  # noqa: E402
from device import Device, Events, at_once, document, eventually, hall, sign_in, together  # noqa: E402
from est import Enrolment, key_and_request  # noqa: E402
from record import Record  # noqa: E402
from fleet import BOARD, FleetDesk, report_of, send_bytes  # noqa: E402
from scripted import EMPTY, ScriptedDesk, link_of  # noqa: E402

DEVICES = [("kiosk-1", "kiosk", ""), ("kiosk-2", "kiosk", ""), ("counter-1", "counter", "1"),
           ("counter-3", "counter", "3"), ("display-1", "display", ""), ("technician-1", "technician", "")]
ALL = {"person": True, "request": True, "others": True}
NOTHING = {"person": False, "request": False, "others": False}
# What cannot be provoked from outside, and why.
UNSEEN_CODES = {"other"}  # 500: a way through the hub that nobody has thought of
UNSEEN_ANSWERS = {
    ("getHealth", "default"),  # not reachable without a certificate, and refuses nobody else
    ("readAuthority", "default"),  # refuses nobody
}


class Story:
    def __init__(self, desk, record):
        self.desk = desk
        self.record = record
        self.kiosk, self.kiosk_2, self.desk_1, self.desk_3, self.display, self.technician = (
            Device(desk, name, record=record) for name, _, _ in DEVICES)

    def expect(self, answer, status, code=None):
        assert answer.status == status, (status, code, answer.status, answer.body)
        if code is not None:
            assert answer.body["code"] == code, (code, answer.body)
        return answer.body

    def code(self, resident, kind):
        return self.desk.ask_town("POST", "/demo/tokens", {"resident": resident, "kind": kind})["code"]

    def open_visit(self, resident, kind):
        visit = self.expect(self.kiosk.post("/visits", {"code": self.code(resident, kind), "language": "nl"}), 201)
        assert visit["state"] == "needs_second_fact" and not visit["requests"], visit
        assert "initials" not in visit and "language" not in visit, visit
        self.ready(visit["id"])
        return visit["id"]

    def ready(self, visit):
        return eventually(lambda: (body := self.kiosk.get(f"/visits/{visit}").body)["requests_ready"] and body,
                          "the requests of the visit")

    def visit_of(self, resident, kind, birth_date):
        visit = self.open_visit(resident, kind)
        return self.expect(self.kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": birth_date}), 200)

    def issue(self, body, device=None):
        full = {"language": "nl", "needs": [], "consent": NOTHING, **body}
        return self.expect((device or self.kiosk).post("/tickets", full), 201)["ticket"]

    def call(self, counter, ticket=None):
        body = self.expect(counter.post("/calls", {"kind": "next"}), 200)
        if ticket is not None:
            assert body["ticket"]["id"] == ticket["id"], (ticket["number"], body)
            self.same(ticket, body["ticket"])
        return body["ticket"]

    def move(self, counter, ticket, action, **more):
        body = self.expect(counter.post(f"/tickets/{ticket['id']}/transitions", {"action": action, **more}), 200)
        return body["ticket"]

    @staticmethod
    def same(before, after):
        """What a ticket keeps whatever happens to it."""
        for name in ("number", "due_at", "seq", "has_context", "request"):
            assert before.get(name) == after.get(name), (name, before, after)


def staff(story):
    kiosk, counter = story.kiosk, story.desk_3
    for ask in (lambda: counter.post("/calls", {"kind": "next"}),
                lambda: counter.get(f"/tickets/{uuid.uuid4()}/context")):
        story.expect(ask(), 403, "unauthorized")  # nobody sits here
    story.expect(kiosk.post("/calls", {"kind": "next"}), 403, "unauthorized")
    path = "/counters/3/session"
    wrong = {"is_open": True, "is_paused": False, "staff": "s3", "pin": "wrong"}
    story.expect(counter.post(path, wrong), 403, "sign_in_wrong")
    story.expect(counter.post(path, {**wrong, "staff": "nobody"}), 403, "sign_in_wrong")
    story.expect(counter.post("/counters/1/session", {**wrong, "pin": story.desk.staff_pin}), 403, "not_yours")
    right = {**wrong, "pin": story.desk.staff_pin}
    signed_in = story.expect(counter.post(path, right), 200)
    assert signed_in["state"] == "free" and signed_in["staff_name"] == "M. de Wit", signed_in
    assert story.expect(counter.post(path, {**right, "is_paused": True}), 200)["state"] == "paused"
    story.expect(counter.post("/calls", {"kind": "next"}), 409, "not_now")
    assert story.expect(counter.post(path, {"is_open": True, "is_paused": False, "staff": "s3"}), 200)["state"] == "free"
    assert story.expect(counter.post(path, {"is_open": False}), 200)["state"] == "closed"
    story.expect(counter.post("/calls", {"kind": "next"}), 403, "unauthorized")
    story.expect(counter.post(path, right), 200)
    sign_in(story.desk, story.desk_1, 1, "s1")
    story.expect(counter.post("/calls", {"kind": "next"}), 404, "nobody_waits")


def live_token(story):
    """Nadia, from the code on her phone to the contact in the register."""
    kiosk, counter, other = story.kiosk, story.desk_3, story.desk_1
    code = story.code("nadia", "live")
    visit = story.expect(kiosk.post("/visits", {"code": code, "language": "en"}), 201)["id"]
    story.expect(kiosk.post("/visits", {"code": code, "language": "en"}), 422, "code_used")
    story.ready(visit)
    issue = {"visit": visit, "service": "A", "language": "en", "needs": [], "consent": ALL}
    story.expect(kiosk.post("/tickets", issue), 409, "not_now")  # before the second fact
    wrong = story.expect(kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": "1984-05-18"}), 403,
                         "second_fact_wrong")
    assert wrong["tries_left"] == 2, wrong
    told = story.expect(kiosk.post(f"/visits/{visit}/second-fact", {"birth_date": "1984-05-17"}), 200)
    assert told["state"] == "open" and told["level"] == 3 and told["initials"] == "N. H.", told
    story.expect(story.kiosk_2.get(f"/visits/{visit}"), 403, "not_yours")
    story.expect(story.kiosk_2.post(f"/visits/{visit}/end", {}), 403, "not_yours")
    story.expect(story.kiosk_2.post("/tickets", issue), 403, "not_yours")
    story.expect(kiosk.post("/tickets", {**issue, "request": "no-such-request"}), 404, "not_found")
    about = next(request for request in told["requests"] if request.get("missing"))
    ticket = story.issue({**issue, "request": about["id"], "needs": ["interpreter"]})
    assert ticket["request"] == about["id"] and ticket["level"] == 3 and ticket["has_context"], ticket
    printed = story.expect(kiosk.post(f"/tickets/{ticket['id']}/print", {"print_state": "printed"}), 200)
    assert printed["ticket"]["print_state"] == "printed" and ticket["number"] in printed["reference"], printed
    why = story.expect(counter.get(f"/tickets/{ticket['id']}/why"), 200)
    assert why["earlier_promise"] == 0 and why["desks_open"] > 0, why
    path = f"/tickets/{ticket['id']}/context"
    story.expect(counter.get(path), 403, "not_yours")
    story.call(counter, ticket)
    story.expect(counter.post("/calls", {"kind": "next"}), 409, "desk_busy")
    story.expect(kiosk.get(f"/tickets/{ticket['id']}/why"), 409, "not_now")
    seen = story.expect(counter.get(path), 200)
    assert seen["request"]["id"] == about["id"] and seen["request"]["missing"] == about["missing"], seen
    assert seen["person"]["name"] and seen["level"] == 3 and seen["needs"] == ["interpreter"], seen
    assert seen["others"] and "portal_token" in seen["evidence"], seen
    story.expect(other.get(path), 403, "not_yours")
    story.expect(other.post(f"/tickets/{ticket['id']}/transitions", {"action": "arrived"}), 403, "not_yours")
    story.expect(counter.post(f"/tickets/{ticket['id']}/transitions", {"action": "finish", "outcome": "done"}), 409,
                 "not_now")
    story.move(counter, ticket, "arrived")
    seen_more = story.move(counter, ticket, "document_seen")
    assert "document_seen" in seen_more["evidence"], seen_more
    story.expect(kiosk.post(f"/visits/{visit}/end", {}), 200)
    story.expect(kiosk.get(f"/visits/{visit}"), 404, "visit_gone")
    travels(story, ticket, seen)
    story.move(counter, ticket, "finish", outcome="visitor_must_act")
    story.expect(counter.get(path), 403, "not_yours")  # erased with the visit's subject
    contact = story.desk.contact()
    assert ticket["number"] in str(contact["request_body"]), contact


def travels(story, ticket, seen):
    """Park, back, transfer: number, promise and context stay, and only the calling desk may know."""
    counter, other = story.desk_3, story.desk_1
    path = f"/tickets/{ticket['id']}/context"
    story.move(counter, ticket, "park")
    story.same(ticket, story.move(counter, ticket, "resume"))
    story.move(counter, ticket, "requeue")
    story.expect(counter.get(path), 403, "not_yours")
    story.call(counter, ticket)
    story.move(counter, ticket, "arrived")
    story.expect(counter.post(f"/tickets/{ticket['id']}/transitions", {"action": "transfer", "to_desk": "99"}), 404,
                 "not_found")
    story.move(counter, ticket, "transfer", to_desk="1", to_service="A")
    story.expect(counter.post("/calls", {"kind": "ticket", "ticket": ticket["id"], "reason": "asked for"}), 403,
                 "not_yours")
    story.call(other, ticket)
    story.expect(counter.get(path), 403, "not_yours")
    again = story.expect(other.get(path), 200)
    assert again["request"] == seen["request"] and again["person"] == seen["person"], (seen, again)
    story.move(other, ticket, "transfer", to_service="B")
    called = story.expect(counter.post("/calls", {"kind": "ticket", "ticket": ticket["id"], "reason": "came back"}), 200)
    story.same(ticket, called["ticket"])
    story.move(counter, ticket, "arrived")


def no_show(story):
    """Called twice, absent, and back: one new promise, then the old number again."""
    counter = story.desk_1
    ticket = story.issue({"service": "A"}, story.kiosk_2)
    story.call(counter, ticket)
    story.expect(counter.post(f"/tickets/{ticket['id']}/transitions", {"action": "recall"}), 409, "not_now")

    def again():
        answer = counter.post(f"/tickets/{ticket['id']}/transitions", {"action": "recall"})
        return answer.status == 200 and answer.body["ticket"]

    assert eventually(again, "a second call of the number")["calls_count"] == 2
    assert story.move(counter, ticket, "absent")["state"] == "no_show"
    back = story.move(counter, ticket, "return")
    assert back["state"] == "waiting" and back["number"] == ticket["number"] and back["returns_count"] == 1, back
    assert back["due_at"] != ticket["due_at"], back
    story.call(counter, back)
    story.expect(counter.get(f"/tickets/{ticket['id']}/context"), 403, "not_yours")  # it never had one
    story.move(counter, ticket, "arrived")
    story.move(counter, ticket, "finish", outcome="done")


def paper(story):
    """A letter's code earns one level less; three wrong birth dates lock the visit."""
    kiosk, counter = story.kiosk, story.desk_3
    told = story.visit_of("pieter", "paper", "1951-02-03")
    assert told["level"] == 2 and "requests" in told, told
    ticket = story.issue({"visit": told["id"], "request": told["requests"][0]["id"]})
    assert not ticket.get("has_context"), ticket
    story.call(counter, ticket)
    story.expect(counter.get(f"/tickets/{ticket['id']}/context"), 403, "not_yours")  # nothing was agreed to
    story.move(counter, ticket, "arrived")
    story.move(counter, ticket, "finish", outcome="passed_on")
    locked = story.open_visit("sanne", "live")
    for left in (2, 1, 0):
        body = story.expect(kiosk.post(f"/visits/{locked}/second-fact", {"birth_date": "1950-01-01"}), 403,
                            "second_fact_wrong" if left else "visit_locked")
        assert body["tries_left"] == left, body
    story.expect(kiosk.post(f"/visits/{locked}/second-fact", {"birth_date": "1992-11-30"}), 403, "visit_locked")
    anonymous = story.issue({"service": "F"})  # who is locked out still gets a number
    story.call(counter, anonymous)
    story.move(counter, anonymous, "arrived")
    story.move(counter, anonymous, "finish", outcome="failed")
    gone = story.issue({"service": "F"})
    assert story.move(counter, gone, "cancel")["state"] == "cancelled"
    story.expect(kiosk.post(f"/tickets/{gone['id']}/print", {"print_state": "failed"}), 409, "not_now")


def forms(story):
    """Nadia's form: read, kept, refused in every way, handed over, finished at the counter."""
    kiosk, counter, desk = story.kiosk, story.desk_3, story.desk
    visit = story.visit_of("nadia", "live", "1984-05-17")
    request = next(each["id"] for each in visit["requests"] if each["kind"] == "form")
    path, wish = f"/visits/{visit['id']}/forms", {"request": request}
    for mood, status, code in (("login", 422, "form_login"), ("lies", 502, "form_unreadable"), ("gone", 410, "form_gone")):
        desk.mood(mood)
        story.expect(kiosk.post(path, wish), status, code)
    case = next(each["id"] for each in visit["requests"] if each["kind"] == "case")
    story.expect(kiosk.post(path, {"request": case}), 422, "form_unsupported")
    desk.mood("up")
    form = story.expect(kiosk.post(path, wish), 201)
    own = f"/forms/{form['id']}"
    story.expect(story.kiosk_2.get(own), 409, "pen_elsewhere")
    answers = {"revision": form["revision"], "data": {**form["data"], "kenteken": "GV-27-XK"}, "place": {"key": "waarom"}}
    saved = story.expect(kiosk.post(own + "/answers", answers), 200)
    assert saved == {"revision": 2, "saved": "source"}, saved
    assert story.expect(kiosk.get(own), 200)["place"] == {"key": "waarom"}
    story.expect(kiosk.post(own + "/answers", {**answers, "data": {}}), 409, "form_changed")
    send = {"revision": 2, "data": answers["data"], "privacy": True, "truth": True}
    desk.mood("refuses")
    assert story.expect(kiosk.post(own + "/send", send), 422, "form_invalid")["invalid"]
    desk.mood("up")
    story.expect(kiosk.post(own + "/pen", {"action": "give"}), 200)
    story.expect(kiosk.post(path, wish), 201)
    story.expect(kiosk.post(own + "/uploads", {"key": "foto"}), 201)
    story.expect(kiosk.post(own + "/uploads", {"key": "blad"}), 409, "upload_unavailable")
    assert story.expect(kiosk.get(own + "/uploads"), 200) == {"uploads": []}
    story.expect(counter.get(own + "/uploads"), 409, "pen_elsewhere")
    stuck = {"id": form["id"], "step": 2, "steps": 2, "answered": 1, "asked": 2, "key": "waarom", "item": 0,
             "label": "Waarom", "error": "too_short", "tried": "x"}
    story.expect(kiosk.post("/tickets", {"visit": visit["id"], "request": request, "language": "nl", "consent": ALL,
                                         "form": {**stuck, "id": str(uuid.uuid4())}}), 409, "not_now")
    ticket = story.issue({"visit": visit["id"], "request": request, "consent": ALL, "form": stuck})
    story.call(counter, ticket)
    assert story.expect(counter.get(f"/tickets/{ticket['id']}/context"), 200)["form"] == stuck
    story.expect(story.desk_1.post(f"/tickets/{ticket['id']}/form", {}), 403, "not_yours")
    taken = story.expect(counter.post(f"/tickets/{ticket['id']}/form", {}), 200)
    assert taken["place"] == {"key": "waarom", "item": 0} and taken["holder"] == "counter-3", taken
    story.move(counter, ticket, "arrived")
    sent = story.expect(counter.post(own + "/send", {**send, "revision": taken["revision"]}), 200)
    assert sent == {"state": "sent", "reference": "Z-2026-7"} and desk.source()["data"] != EMPTY["data"], sent
    story.move(counter, ticket, "finish", outcome="done")
    story.expect(kiosk.post(f"/visits/{visit['id']}/end", {}), 200)


def bad_codes(story):
    kiosk = story.kiosk
    for kind, code in (("expired", "code_expired"), ("other_hall", "code_other_hall"), ("forged", "code_invalid"),
                       ("paper_expired", "code_expired")):
        story.expect(kiosk.post("/visits", {"code": story.code("nadia", kind)}), 422, code)
    for text in ("https://example.test/", "999990019", "HC1:6BFOXN"):
        story.expect(kiosk.post("/visits", {"code": text}), 422, "code_unknown")


def cards(story):
    """A document and a pass that are somebody's, and each reason why one is not."""
    kiosk = story.kiosk
    nadia = ("HADDAD", "NADIA", "1984-05-17")
    visit = story.expect(kiosk.post("/visits", document(*nadia)), 201)
    assert (visit["state"], visit["level"]) == ("open", 2), visit
    story.expect(kiosk.post(f"/visits/{visit['id']}/end", {}), 200)
    visit = story.expect(kiosk.post("/visits", {"pass": "04A2B3C4D5E680", "language": "nl"}), 201)
    assert (visit["state"], visit["level"]) == ("needs_second_fact", 1), visit
    story.expect(kiosk.post(f"/visits/{visit['id']}/end", {}), 200)
    for body, code in ((document(*nadia, not_cloned="none"), "document_unproven"),
                       (document("EVENBEELD", "JAN WILLEM", "1990-04-04"), "person_unsure"),
                       (document("HADDAD", "NADIA", "1984-05-18"), "person_unknown"),
                       ({"pass": "04A2B3C4"}, "pass_unknown")):
        story.expect(kiosk.post("/visits", body), 422, code)


def links(story):
    """Of a form begun at home: too old, used up, and one that opens it for nobody in particular."""
    kiosk, desk = story.kiosk, story.desk
    desk.mood("gone")
    story.expect(kiosk.post("/visits", {"code": link_of(desk, 30)}), 422, "link_expired")
    story.expect(kiosk.post("/visits", {"code": link_of(desk)}), 422, "link_used")
    desk.mood("up")
    visit = story.expect(kiosk.post("/visits", {"code": link_of(desk), "language": "nl"}), 201)
    assert [each["class"] for each in visit["requests"]] == ["by_link"], visit
    story.expect(kiosk.post(f"/visits/{visit['id']}/forms", {"request": visit["requests"][0]["id"]}), 201)
    story.expect(kiosk.post(f"/visits/{visit['id']}/end", {}), 200)


def begins(story):
    """Something new: the forms there are, and one that is begun for nobody in particular."""
    kiosk, desk = story.kiosk, story.desk
    desk.ask_town("POST", "/demo/faults", {"source": "open_forms", "kind": "down"})
    story.expect(kiosk.get("/catalogue"), 503, "backoffice_unavailable")
    desk.ask_town("POST", "/demo/faults", {"source": "open_forms", "kind": "off"})
    published = story.expect(kiosk.get("/catalogue"), 200)["forms"]
    assert published and story.expect(kiosk.get("/state"), 200)["has_catalogue"], published
    desk.mood("up")
    desk.source(EMPTY)
    visit = story.expect(kiosk.post("/visits", {"is_anonymous": True, "language": "nl"}), 201)
    assert (visit["state"], visit["level"]) == ("open", 0) and not visit["requests"], visit
    path = f"/visits/{visit['id']}/requests"
    desk.mood("gone")
    story.expect(kiosk.post(path, {"form": published[0]["id"]}), 410, "form_gone")
    desk.mood("up")
    told = story.expect(kiosk.post(path, {"form": published[0]["id"]}), 201)
    assert [(each["id"], each["class"]) for each in told["requests"]] == [(told["chosen"], "begun_here")], told
    story.expect(kiosk.post(f"/visits/{visit['id']}/forms", {"request": told["chosen"]}), 201)
    story.expect(kiosk.post(f"/visits/{visit['id']}/end", {}), 200)


def screens(story):
    for device in (story.kiosk, story.desk_3, story.display, story.technician):
        state = story.expect(device.get("/state"), 200)
        assert ("tickets" in state) == (device is story.desk_3) or not state.get("tickets"), state
        health = {"printer_ok": True, "paper_low": False, "scanner_ok": True, "refused_keyboard": False,
                  "version": "1.0.0"}
        story.expect(device.post("/devices/health", health), 200)
        events = Events(device, 0)
        told = events.until(state["seq"])
        events.close()
        assert [seq for seq, _, _ in told] == list(range(1, state["seq"] + 1)), told
        for _, name, data in told:
            assert not story.record.event_errors(name, data), (name, data)
    story.expect(story.kiosk.post("/devices/health", {**health, "refused_keyboard": True, "printer_ok": False}), 200)
    story.expect(story.display.ask("GET", "/v1/health"), 200)
    events = Events(story.display, 10 ** 9)
    assert events.status == 410 and events.problem["code"] == "gone", events.status
    events.close()
    story.expect(story.display.ask("GET", "/events?from=-1", is_wrong=True), 400, "bad_request")


class ApiDesk(FleetDesk, ScriptedDesk):
    """Forms that do as told, and updates."""


def fleet(story):
    """What a technician asks of devices, and what a device's agent asks."""
    technician, kiosk, desk = story.technician, story.kiosk, story.desk
    story.expect(kiosk.post("/devices/health", report_of()), 200)
    assert any(device["id"] == "kiosk-1" and device["is_up"] for device in
               story.expect(technician.get("/devices"), 200)["devices"])
    story.expect(technician.post("/devices/kiosk-1/log-requests", {}), 202)
    story.expect(kiosk.post("/devices/log", {"log": "a line\n"}), 200)
    assert story.expect(technician.get("/devices/kiosk-1/log"), 200)["log"] == "a line\n"
    story.expect(technician.get("/devices/nobody/log"), 404, "not_found")
    story.expect(technician.post("/devices/nobody/log-requests", {}), 404, "not_found")
    story.expect(technician.post("/devices/kiosk-7/codes", {"role": "kiosk"}), 201)
    story.expect(technician.post("/devices/kiosk-1/service-codes", {}), 201)
    story.expect(technician.post("/devices/nobody/service-codes", {}), 404, "not_found")
    story.expect(technician.post("/devices/nobody/revoke", {}), 404, "not_found")
    story.expect(kiosk.post("/staff", {"id": "loes", "name": "Loes van Zanten"}), 403, "unauthorized")
    pin = story.expect(technician.post("/staff", {"id": "loes", "name": "Loes van Zanten"}), 201)["pin"]
    seat = {"is_open": True, "is_paused": False, "staff": "loes", "pin": pin}
    story.expect(story.desk_3.post("/counters/3/session", seat), 200)
    data = bundle.good(desk.key, "1.1.0")
    story.expect(send_bytes(technician, data), 201)
    story.expect(send_bytes(technician, data[:-1] + b"x"), 422, "bundle_refused")
    story.expect(send_bytes(technician, bundle.good(desk.key, "1.1.0", b"other")), 409, "bundle_exists")
    name = story.expect(technician.get("/bundles"), 200)["bundles"][0]["bundle"]
    assert name == f"{BOARD}-1.1.0", name
    for headers, status in (({}, 200), ({"Range": "bytes=100-"}, 206)):
        kiosk.send("GET", f"{kiosk.prefix}/bundles/{name}", headers=headers)
        assert kiosk.receive_bytes(status) == data[100 if headers else 0:]
    kiosk.send("GET", f"{kiosk.prefix}/bundles/{name}", headers={"Range": "bytes=999999999-"})
    story.expect(kiosk.receive(), 416, "range_wrong")
    rollout = story.expect(technician.post("/rollouts", {"bundle": name, "ring": "all"}), 201)
    assert story.expect(kiosk.post("/devices/health", report_of()), 200)["run"]["bundle"] == name
    assert story.expect(technician.get("/rollouts"), 200)["rollouts"][0]["id"] == rollout["id"]
    story.expect(technician.post(f"/rollouts/{rollout['id']}/stop", {}), 200)
    story.expect(technician.get("/metrics"), 200)
    refused = ((kiosk, "GET", "/devices"), (kiosk, "GET", "/bundles"), (kiosk, "GET", "/rollouts"), (kiosk, "GET", "/metrics"),
               (kiosk, "POST", "/rollouts"), (kiosk, "POST", f"/rollouts/{rollout['id']}/stop"),
               (kiosk, "POST", "/devices/kiosk-7/codes"))
    for device, method, path in refused:
        body, key = ({}, str(uuid.uuid4())) if method == "POST" else (None, None)
        story.expect(device.ask(method, path, body, key, is_wrong=True), 403, "unauthorized")
    story.expect(kiosk.ask("POST", "/devices/log", {}, str(uuid.uuid4()), is_wrong=True), 400, "bad_request")
    story.desk.enrol("display-9", "display", "")
    story.expect(technician.post("/devices/display-9/revoke", {}), 200)


def wrong_requests(story):
    kiosk, counter, key = story.kiosk, story.desk_3, str(uuid.uuid4())
    issue = {"service": "F", "language": "nl", "needs": [], "consent": NOTHING}
    first = story.expect(kiosk.post("/tickets", issue, key), 201)
    again = kiosk.post("/tickets", issue, key)
    assert again.status == 201 and again.body == first and again.headers["Idempotent-Replayed"] == "true", again.body
    story.expect(kiosk.post("/tickets", {**issue, "service": "B"}, key), 422, "key_reused")
    story.call(counter, first["ticket"])
    story.move(counter, first["ticket"], "absent")
    story.move(counter, first["ticket"], "cancel")
    for wrong_key in (None, "short", "x" * 64, "with blanks and more"):
        story.expect(kiosk.ask("POST", "/tickets", issue, wrong_key, is_wrong=True), 400, "bad_request")
    some = str(uuid.uuid4())
    for device, path in ((kiosk, "/visits"), (kiosk, "/tickets"), (kiosk, f"/tickets/{some}/print"), (counter, "/calls"),
                         (counter, f"/tickets/{some}/transitions"), (counter, "/counters/3/session"),
                         (kiosk, "/devices/health"), (kiosk, f"/visits/{some}/requests"), (kiosk, f"/visits/{some}/forms"), (kiosk, f"/forms/{some}/answers"),
                         (counter, f"/forms/{some}/send"), (counter, f"/forms/{some}/pen")):
        for body in ({}, {"action": "fly", "revision": -1, "print_state": 7, "is_open": "yes", "kind": None}, "[]", "{", "\"words\""):
            story.expect(device.ask("POST", path, body, str(uuid.uuid4()), is_wrong=True), 400, "bad_request")
    story.expect(kiosk.get(f"/tickets/{some}/why"), 404, "not_found")
    story.expect(counter.get(f"/tickets/{some}/context"), 404, "not_found")
    story.expect(kiosk.ask("GET", "/nowhere", is_wrong=True), 404, "not_found")
    story.expect(kiosk.ask("GET", "/v1/locations/elders/state"), 404, "not_found")
    story.expect(kiosk.ask("GET", "/tickets", is_wrong=True), 405, "not_now")
    story.expect(kiosk.ask("POST", "/devices/health", " " * 65537, key, is_wrong=True), 413, "too_big")
    kiosk.close()
    story.expect(kiosk.ask("GET", "/events?from=" + "0" * 9000, is_wrong=True), 431, "too_big")
    kiosk.close()


def one_key_at_once(story):
    """While the portal thinks, the key waits; too many of one key are sent away."""
    story.desk.ask_town("POST", "/demo/faults", {"source": "portal", "kind": "slow"})
    kiosks = [Device(story.desk, "kiosk-1", record=story.record) for _ in range(6)]
    body, key = {"code": story.code("lars", "live")}, str(uuid.uuid4())
    codes = []

    def ask(device):
        codes.append(device.post("/visits", body, key).body["code"])
        device.close()

    together(*[lambda device=device: ask(device) for device in kiosks])
    story.desk.ask_town("POST", "/demo/faults", {"source": "portal", "kind": "off"})
    assert sorted(codes) == ["backoffice_unavailable", "too_many", *["try_again"] * 4], codes
    again = story.kiosk.post("/visits", body, key)  # the code was not used up
    story.expect(again, 201)


def enrolment(story):
    desk, port = story.desk, Enrolment(story.desk, story.record)
    request = key_and_request(desk.folder, "newcomer")

    def code():
        return desk.hub_task("enrol-code", "--device", "newcomer", "--role", "display")["code"]

    good = code()
    pem, fingerprint = port.authority()
    assert pem == (desk.folder / "kiosk-1/ca.pem").read_text(encoding="utf-8")
    assert fingerprint == desk.hub_task("enrol-code", "--device", "kiosk-9", "--role", "kiosk")["fingerprint"]
    story.expect(port.enrol("newcomer", good, b"no request"), 400, "bad_request")
    story.expect(port.enrol("somebody", good, request), 401, "unauthorized")
    story.expect(port.enrol("newcomer", None, request), 401, "unauthorized")
    made = story.expect(port.enrol("newcomer", good, request), 200)
    assert made["role"] == "display" and made["location"] == "stadhuis", made
    story.expect(port.enrol("newcomer", good, request), 401, "unauthorized")  # used
    late = code()
    for _ in range(5):
        story.expect(port.enrol("newcomer", "0" * 24, request), 401, "unauthorized")
    story.expect(port.enrol("newcomer", late, request), 401, "unauthorized")  # five wrong tries ended it
    once = code()
    lines = [Enrolment(desk, story.record) for _ in range(8)]
    answers = at_once(desk, [lambda line=line: line.send_request("newcomer", once, request) for line in lines], lines)
    worked = [answer.status for answer in answers].count(200)
    assert worked == 1, f"a code that works once worked {worked} times"
    for line in [port, *lines]:
        line.close()


def full_and_broken(story):
    """The last number of the day, and a store that another hub has taken."""
    desk = story.desk
    desk.kill_hub()
    store = sqlite3.connect(desk.folder / "hub/hub.db")
    with store:
        store.execute("INSERT OR REPLACE INTO service VALUES(unicode('E'), 0, 0, 998)")
    store.close()
    desk.run_hub()
    for device in (story.kiosk, story.desk_3):
        device.close()
    assert story.issue({"service": "E"})["number"] == "E999"
    story.expect(story.kiosk.post("/tickets", {"service": "E", "language": "nl", "consent": NOTHING}), 503, "full")
    store = sqlite3.connect(desk.folder / "hub/hub.db")
    with store:
        store.execute("UPDATE meta SET value = value + 1 WHERE name = 'epoch'")
    store.close()
    story.expect(story.kiosk.post("/tickets", {"service": "F", "language": "nl", "consent": NOTHING}), 503, "storage")
    assert desk.hub.wait(60) != 0
    desk.running.remove(desk.hub)


def held(record):
    found = record.violations()
    wanted = {(name, answer) for name, _, _, operation in record.operations() for answer in operation["responses"]}
    found += [f"{name}: never answered {answer}" for name, answer in sorted(wanted - set(record.seen()) - UNSEEN_ANSWERS)]
    table = record.problem_table()
    found += [f"{status} {code}: not in the table of problems" for status, code in sorted(record.problems() - table)]
    codes = {code for _, code in record.problems()}
    found += [f"{code}: never told" for code in sorted({code for _, code in table} - codes - UNSEEN_CODES)]
    found += [f"{code}: told, so it can be provoked" for code in sorted(UNSEEN_CODES & codes)]
    enum = set(record.document.at("#/components/schemas/Problem")["properties"]["code"]["enum"])
    found += [f"{code}: not in both the table and the list" for code in sorted({code for _, code in table} ^ enum)]
    return found


def main():
    record = Record(ROOT / "assets/api/hub-1.yaml")
    with hall(DEVICES, more=["portal.timeout_ms = 1000"], kind=ApiDesk) as desk:
        story = Story(desk, record)
        staff(story)
        live_token(story)
        together(lambda: no_show(story), lambda: paper(story))
        for each in (forms, bad_codes, cards, links, begins, screens, fleet, wrong_requests, one_key_at_once, enrolment, full_and_broken):
            each(story)
    found = held(record)
    for words in found:
        print(words)
    print(f"{len(record.lines)} conversations, {len(record.seen())} answers, {len(record.problems())} kinds of refusal")
    return 1 if found else 0


sys.exit(main())
