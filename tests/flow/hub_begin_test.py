# SPDX-License-Identifier: EUPL-1.2
#
# Something new, on the real hub with a source whose moods are the test's: the forms the town
# publishes, one that is begun by nobody in particular and one by a resident, what the source forgot
# meanwhile, each reason why one is not begun; and the secret by which it is found is told to nobody.
import os
import pathlib
import sys
import time
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device  # noqa: E402
from fate import AFTER, BEFORE  # noqa: E402
from hall import DEVICES, open_hall  # noqa: E402
from scripted import EMPTY, ScriptedDesk, Visitor, refused  # noqa: E402

SECRET = "begun-5ecre7"
SOME = "6f0a3cca-e9ea-4dfe-8424-8e6da2ff8922"


class Newcomer(Visitor):
    """Somebody who shows nothing and begins a form."""

    def begin(self):
        self.visit = self.hall.post(self.kiosk, "/visits", {"is_anonymous": True, "language": "nl"}, 201)
        self.start()

    def start(self):
        self.visit = self.hall.post(self.kiosk, f"/visits/{self.visit['id']}/requests", {"form": SOME}, 201)
        self.request = self.visit["chosen"]


class Resident(Newcomer):
    """Nadia, who begins one beside what is open already."""

    def begin(self):
        self.visit = self.before = self.hall.visit(language="nl")
        self.start()


def fault(hall, kind):
    hall.desk.ask_town("POST", "/demo/faults", {"source": "open_forms", "kind": kind})


def the_forms_are_told_by_title_with_where_each_is_begun(hall):
    for kind in ("down", "wrong"):
        fault(hall, kind)
        answer = hall.devices["kiosk-1"].get("/catalogue")
        assert (answer.status, answer.body["code"]) == (503, "backoffice_unavailable"), (kind, answer.body)
    fault(hall, "off")
    told = hall.get("kiosk-1", "/catalogue")["forms"]
    assert [(each["title"], each["is_here"]) for each in told] == [
        ("Melding met foto", True), ("Vraag met DigiD", False), ("Vraag of klacht", True)], told
    place = hall.desk.town + "/openforms/"
    assert [each["url"] for each in told] == [place + each for each in
                                              ("melding-met-foto", "vraag-met-digid", "vraag-of-klacht")], told
    assert told[2]["service"] == "F" and "service" not in told[1], told
    fault(hall, "down")
    assert hall.get("kiosk-1", "/catalogue")["forms"] == told, "an old list is better than none"
    fault(hall, "off")
    assert hall.devices["display-1"].get("/catalogue").status == 403
    assert hall.devices["counter-3"].get("/catalogue").status == 403


def nobody_in_particular_begins_one_and_sends_it(hall):
    visitor = Newcomer(hall)
    told = visitor.visit
    assert (told["state"], told["level"], told["requests_ready"]) == ("open", 0, True), told
    assert not told.get("initials") and not told.get("birth_year"), told
    [request] = told["requests"]
    assert (request["id"], request["class"], request["kind"]) == (visitor.request, "begun_here", "form"), request
    assert request["title"] == "Parkeervergunning" and request["state"] == "question", request
    form = visitor.open()
    assert form["data"] == EMPTY["data"], form
    visitor.answer(form, kenteken="GV-27-XK")
    assert visitor.open()["data"]["kenteken"] == "GV-27-XK"
    assert visitor.send(form, akkoord=True)["state"] == "sent"
    assert hall.get("kiosk-1", f"/visits/{told['id']}")["requests"][0]["state"] == "busy"
    visitor.end()
    visitor.row_is_gone()


def a_resident_has_it_beside_what_was_open_already(hall):
    visitor = Resident(hall)
    before, after = visitor.before["requests"], visitor.visit["requests"]
    assert [each for each in after if each["id"] != visitor.request] == before, after
    assert visitor.visit["initials"] == "N. H." and visitor.visit["level"] == 3, visitor.visit
    form = visitor.open()
    hall.restart()
    assert hall.get("kiosk-1", f"/visits/{visitor.visit['id']}")["chosen"] == visitor.request
    visitor.answer(form, kenteken="GV-27-XK")
    visitor.end()
    visitor.row_is_gone()
    assert visitor.desk.source()["data"]["kenteken"] == "GV-27-XK"


def what_the_source_forgot_while_she_waited_the_counter_still_has(hall):
    visitor = Newcomer(hall)
    form = visitor.open()
    visitor.answer(form, kenteken="GV-27-XK")
    stuck = {"id": form["id"], "step": 2, "steps": 2, "answered": 1, "asked": 2, "key": "waarom", "label": "Waarom"}
    agrees = {"person": False, "request": True, "others": False}
    ticket = hall.issue(visit=visitor.visit["id"], request=visitor.request, consent=agrees, form=stuck)
    visitor.end()
    hall.desk.mood("forgets")
    hall.call("counter-3", ticket)
    known = hall.context("counter-3", ticket)
    assert known["evidence"] == [] and known["level"] == 0 and "person" not in known, known
    assert known["request"]["class"] == "begun_here" and known["form"] == stuck, known
    hall.step("counter-3", ticket, "arrived")
    taken = hall.post("counter-3", f"/tickets/{ticket['id']}/form", {})
    assert taken["data"] == {**EMPTY["data"], "kenteken": "GV-27-XK"} and taken["place"] == {"key": "waarom"}, taken
    visitor.stands_there(kenteken="GV-27-XK")  # the hub brought it there again
    hall.desk.mood("up")
    visitor.answer(taken, name="counter-3", waarom="Ik ben verhuisd")
    assert visitor.send(taken, name="counter-3", akkoord=True)["state"] == "sent"
    hall.step("counter-3", ticket, "finish", outcome="done")
    visitor.row_is_gone()


def why_one_is_not_begun_is_told_and_nothing_is_added(hall):
    hall.desk.mood("up")
    visit = hall.post("kiosk-1", "/visits", {"is_anonymous": True, "language": "nl"}, 201)
    path = f"/visits/{visit['id']}/requests"
    for mood, status, code in (("gone", 410, "form_gone"), ("login", 422, "form_login"), ("lies", 502, "form_unreadable"),
                               ("down", 503, "backoffice_unavailable")):
        hall.desk.mood(mood)
        problem = refused(hall, "kiosk-1", path, {"form": SOME}, status, code)
        assert code != "form_login" or problem["login_url"] == "https://forms.example.test/login", problem
    hall.desk.mood("up")
    refused(hall, "kiosk-1", path, {"form": "no-uuid"}, 400, "bad_request")
    refused(hall, "kiosk-2", path, {"form": SOME}, 403, "not_yours")
    refused(hall, "kiosk-1", f"/visits/{visit['id']}/second-fact", {"birth_date": "1984-05-17"}, 403, "not_now")
    assert hall.get("kiosk-1", f"/visits/{visit['id']}")["requests"] == []
    assert hall.ask_store("SELECT count(*) FROM form") == [(0,)]
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})
    refused(hall, "kiosk-1", path, {"form": SOME}, 404, "visit_gone")


def before_the_second_fact_nothing_is_begun(hall):
    code = hall.desk.ask_town("POST", "/demo/tokens", {"resident": "nadia", "kind": "live"})["code"]
    visit = hall.post("kiosk-1", "/visits", {"code": code, "language": "nl"}, 201)
    assert visit["state"] == "needs_second_fact", visit
    refused(hall, "kiosk-1", f"/visits/{visit['id']}/requests", {"form": SOME}, 409, "not_now")
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})


def a_visit_that_ends_while_it_is_begun_leaves_nothing(hall):
    visit = hall.post("kiosk-1", "/visits", {"is_anonymous": True, "language": "nl"}, 201)
    hall.desk.mood("held")
    kiosk = Device(hall.desk, "kiosk-1")
    kiosk.send_command("POST", f"/visits/{visit['id']}/requests", {"form": SOME}, str(uuid.uuid4()))
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})
    hall.desk.mood("up")
    answer = kiosk.receive()
    kiosk.close()
    assert (answer.status, answer.body["code"]) == (404, "visit_gone"), answer.body
    assert hall.ask_store("SELECT count(*) FROM form") == [(0,)]


def a_hub_that_dies_on_the_way_has_one_in_the_list(hall):
    for when in (BEFORE, AFTER):
        visitor = Resident(hall)
        visitor.end()
        visitor.row_is_gone()
        hall.desk.source(EMPTY)
        visitor.visit = hall.post("kiosk-1", "/visits", {"is_anonymous": True, "language": "nl"}, 201)
        deaths = hall.deaths
        hall.fate.set(1, when)
        visitor.start()  # asks again under the same key
        hall.fate.set(0, BEFORE)
        assert hall.deaths > deaths, "the hub did not die"
        assert [each["id"] for each in visitor.visit["requests"]] == [visitor.request], visitor.visit
        assert hall.ask_store("SELECT count(*) FROM form") == [(1,)], when
        visitor.open()
        visitor.end()
        visitor.row_is_gone()


STORIES = [the_forms_are_told_by_title_with_where_each_is_begun, nobody_in_particular_begins_one_and_sends_it,
           a_resident_has_it_beside_what_was_open_already, what_the_source_forgot_while_she_waited_the_counter_still_has,
           why_one_is_not_begun_is_told_and_nothing_is_added, before_the_second_fact_nothing_is_begun,
           a_visit_that_ends_while_it_is_begun_leaves_nothing, a_hub_that_dies_on_the_way_has_one_in_the_list]


def main():
    began = time.monotonic()
    with open_hall(ScriptedDesk, [*DEVICES, ("kiosk-2", "kiosk", ""), ("display-1", "display", "")]) as hall:
        for story in STORIES:
            story(hall)
            print(story.__name__, flush=True)
        for path in hall.files_at_rest():
            assert SECRET.encode() not in path.read_bytes(), f"the secret stands in {path.name}"
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]
    assert SECRET not in log, "the secret stands in the log"
    print(f"{len(STORIES)} stories, {time.monotonic() - began:.0f} s")


main()
