# SPDX-License-Identifier: EUPL-1.2
#
# A form that was begun at home is continued by its link, on the real hub with a source whose moods
# are the test's: the link opens that form and nothing else, for nobody in particular; only links of
# the one configured place are looked at; each reason why one does not open is told; and the link
# itself is told to nobody, and stands nowhere unsealed.
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from fate import AFTER, BEFORE  # noqa: E402
from hall import DEVICES, open_hall, wait_for  # noqa: E402
from scripted import EMPTY, HASH, SUBMISSION, ScriptedDesk, Visitor, link_of, refused  # noqa: E402

REQUEST = f"forms:{SUBMISSION}"


class LinkVisitor(Visitor):
    """Somebody with the link of a form, of whom nothing else is known."""

    def begin(self):
        self.visit = self.hall.post(self.kiosk, "/visits", {"code": link_of(self.desk), "language": "nl"}, 201)
        self.request = REQUEST


def a_link_opens_its_form_for_nobody_in_particular(hall):
    visitor = LinkVisitor(hall)
    told = visitor.visit
    assert (told["state"], told["level"], told["requests_ready"]) == ("open", 1, True), told
    assert not told.get("initials") and not told.get("birth_year"), told
    [request] = told["requests"]
    assert request["id"] == REQUEST and request["title"] == "Parkeervergunning", request
    assert (request["source"], request["kind"], request["class"]) == ("forms", "form", "by_link"), request
    form = visitor.open()
    assert form["request"] == REQUEST and form["data"] == EMPTY["data"], form
    visitor.answer(form, kenteken="GV-27-XK")
    assert visitor.open()["id"] == form["id"], "the same form"
    assert visitor.send(form, akkoord=True)["state"] == "sent"
    again = hall.get("kiosk-1", f"/visits/{told['id']}")
    assert again["requests"][0]["state"] == "busy", again
    assert HASH not in str(told) + str(form) + str(again), "the link was told"
    visitor.end()
    visitor.row_is_gone()


def it_opens_nothing_else(hall):
    other = Visitor(hall)  # a resident with tasks, at the same kiosk before
    visitor = LinkVisitor(hall)
    path = f"/visits/{visitor.visit['id']}/forms"
    refused(hall, "kiosk-1", path, {"request": other.request}, 404, "not_found")
    refused(hall, "kiosk-1", path, {"request": "forms:6a8c0a52-0000-4000-8000-00000000000b"}, 404, "not_found")
    refused(hall, "kiosk-2", path, {"request": REQUEST}, 403, "not_yours")
    refused(hall, "kiosk-1", f"/visits/{visitor.visit['id']}/second-fact", {"birth_date": "1984-05-17"}, 403, "not_now")
    refused(hall, "kiosk-1", f"/visits/{other.visit['id']}/forms", {"request": REQUEST}, 404, "not_found")
    for each in (visitor, other):
        each.end()


def a_link_to_anywhere_else_is_not_even_looked_at(hall):
    LinkVisitor(hall).end()
    hall.desk.source(EMPTY)
    town = hall.desk.town + "/openforms"
    places = ["https://forms.example.test", "https://127.0.0.1/openforms", town.replace("http:", "https:"), hall.desk.town,
              town.rpartition(":")[0] + ":1/openforms", town + "/more", town.replace("127.0.0.1", "127.0.0.1.evil.test"),
              town.replace("127.0.0.1", "user@127.0.0.1"), "http://forms.example.test"]
    wrong = [link_of(hall.desk, place=place) for place in places] + [link_of(hall.desk) + "?next=//evil.test", link_of(hall.desk) + "#",
                                                                  link_of(hall.desk, submission="nobody")]
    for link in wrong:
        refused(hall, "kiosk-1", "/visits", {"code": link, "language": "nl"}, 422, "code_unknown")
    assert hall.desk.heard("open") == [], "a strange link was followed"


def why_a_link_does_not_open_is_told(hall):
    LinkVisitor(hall).end()
    for mood, days_ago, status, code in (("gone", 8, 422, "link_expired"), ("gone", 7, 422, "link_used"),
                                         ("gone", -1, 422, "link_used"), ("login", 1, 422, "form_login"),
                                         ("lies", 1, 502, "form_unreadable"), ("down", 1, 503, "backoffice_unavailable")):
        hall.desk.mood(mood)
        problem = refused(hall, "kiosk-1", "/visits", {"code": link_of(hall.desk, days_ago), "language": "nl"}, status, code)
        assert code != "form_login" or problem["login_url"] == "https://forms.example.test/login", problem
    wait_for(lambda: hall.ask_store("SELECT count(*) FROM visit WHERE sealed NOT NULL") == [(0,)], "a visit was opened")


def she_gets_stuck_and_the_counter_knows_what_but_not_who(hall):
    visitor = LinkVisitor(hall)
    form = visitor.open()
    visitor.answer(form, kenteken="GV-27-XK")
    stuck = {"id": form["id"], "step": 2, "steps": 2, "answered": 1, "asked": 2, "key": "waarom", "label": "Waarom",
             "error": "too_short", "tried": "x"}
    agrees = {"person": False, "request": True, "others": False}
    ticket = hall.issue(visit=visitor.visit["id"], request=REQUEST, consent=agrees, form=stuck)
    visitor.end()
    hall.call("counter-3", ticket)
    known = hall.context("counter-3", ticket)
    assert known["evidence"] == ["resume_link"] and known["level"] == 1, known
    assert "person" not in known and known["form"] == stuck, known
    assert known["request"]["title"] == "Parkeervergunning", known
    hall.step("counter-3", ticket, "arrived")
    taken = hall.post("counter-3", f"/tickets/{ticket['id']}/form", {})
    assert taken["place"] == {"key": "waarom"} and taken["data"]["kenteken"] == "GV-27-XK", taken
    visitor.answer(taken, name="counter-3", waarom="Ik ben verhuisd")
    assert visitor.send(taken, name="counter-3", akkoord=True)["state"] == "sent"
    hall.step("counter-3", ticket, "finish", outcome="done")
    visitor.row_is_gone()


def the_same_link_at_two_kiosks_has_one_pen(hall):
    visitor = LinkVisitor(hall)
    visitor.open()
    second = hall.post("kiosk-2", "/visits", {"code": link_of(hall.desk), "language": "nl"}, 201)
    refused(hall, "kiosk-2", f"/visits/{second['id']}/forms", {"request": REQUEST}, 409, "pen_elsewhere")
    visitor.end()
    taken = hall.post("kiosk-2", f"/visits/{second['id']}/forms", {"request": REQUEST}, 201)
    assert taken["holder"] == "kiosk-2", taken
    hall.post("kiosk-2", f"/visits/{second['id']}/end", {})
    visitor.row_is_gone()


def it_survives_the_hub_sealed_and_ends_with_the_visit(hall):
    visitor = LinkVisitor(hall)
    form = visitor.open()
    hall.desk.mood("down")
    assert visitor.answer(form, kenteken="GV-27-XK")["saved"] == "hub"
    hall.restart()
    assert hall.get("kiosk-1", f"/visits/{visitor.visit['id']}")["requests"][0]["id"] == REQUEST
    hall.desk.mood("up")
    visitor.stands_there(kenteken="GV-27-XK")
    assert visitor.open()["id"] == form["id"]
    for path in hall.files_at_rest():
        assert HASH.encode() not in path.read_bytes(), f"the link stands in {path.name}"
    visitor.end()
    visitor.row_is_gone()
    refused(hall, "kiosk-1", f"/visits/{visitor.visit['id']}/forms", {"request": REQUEST}, 404, "visit_gone")


def a_hub_that_dies_on_the_way_opens_one_visit(hall):
    for when in (BEFORE, AFTER):
        deaths = hall.deaths
        hall.fate.set(1, when)
        visitor = LinkVisitor(hall)  # asks again under the same key
        hall.fate.set(0, BEFORE)
        assert hall.deaths > deaths, "the hub did not die"
        assert hall.ask_store("SELECT count(*) FROM visit WHERE sealed NOT NULL") == [(1,)], when
        form = visitor.open()
        assert form["request"] == REQUEST, form
        visitor.end()
        visitor.row_is_gone()


STORIES = [a_link_opens_its_form_for_nobody_in_particular, it_opens_nothing_else, a_link_to_anywhere_else_is_not_even_looked_at,
           why_a_link_does_not_open_is_told, she_gets_stuck_and_the_counter_knows_what_but_not_who,
           the_same_link_at_two_kiosks_has_one_pen, it_survives_the_hub_sealed_and_ends_with_the_visit,
           a_hub_that_dies_on_the_way_opens_one_visit]


def main():
    began = time.monotonic()
    with open_hall(ScriptedDesk, [*DEVICES, ("kiosk-2", "kiosk", "")]) as hall:
        for story in STORIES:
            story(hall)
            print(story.__name__, flush=True)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]
    assert HASH not in log and "/resume" not in log, "the link stands in the log"
    print(f"{len(STORIES)} stories, {time.monotonic() - began:.0f} s")


main()
