# SPDX-License-Identifier: EUPL-1.2
#
# Forms that are continued in the hall, on the real hub with a source whose moods are the test's:
# opened twice it is one form, two screens never edit at once, what a device heard as kept is kept
# whatever dies, a source that was down is told once, somebody else's answers are never overwritten,
# nothing is sent twice, and the counter goes on where the visitor stopped.
import os
import pathlib
import sys
import time
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device, Events  # noqa: E402
from fate import AFTER, BEFORE  # noqa: E402
from hall import DEVICES, open_hall, wait_for  # noqa: E402
from scripted import ALL, EMPTY, ScriptedDesk, Visitor, refused  # noqa: E402

WRITES_MAX = 40  # no story has more
DAY_MS = 24 * 3600 * 1000


# --- the stories that are told again with the hub dying at every write

def a_form_is_filled_in_and_sent(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    assert form["title"] == "Parkeervergunning" and form["data"] == EMPTY["data"], form
    assert form["steps"] == EMPTY["steps"] and form["state"] == "open" and form["is_at_source"], form
    visitor.answer(form, kenteken="GV-27-XK")
    visitor.answer(form, waarom="Ik ben verhuisd")
    sent = visitor.send(form, akkoord=True)
    assert sent["state"] == "sent" and sent["reference"] == "Z-2026-7", sent
    assert visitor.send(form, akkoord=True) == sent, "sent once more it is told the same"
    visitor.end()
    visitor.row_is_gone()
    return visitor


def she_gets_stuck_and_the_counter_goes_on(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    visitor.answer(form, kenteken="GV-27-XK")
    stuck = {"id": form["id"], "step": 2, "steps": 2, "answered": 1, "asked": 2, "key": "waarom", "label": "Waarom",
             "error": "too_short", "tried": "x"}
    ticket = hall.issue(visit=visitor.visit["id"], request=visitor.request, consent=ALL, form=stuck)
    visitor.end()
    hall.call("counter-3", ticket)
    known = hall.context("counter-3", ticket)
    assert known["form"] == stuck, known
    taken = hall.post("counter-3", f"/tickets/{ticket['id']}/form", {})
    assert taken["id"] == form["id"] and taken["holder"] == "counter-3", taken
    assert taken["place"] == {"key": "waarom"} and taken["data"]["kenteken"] == "GV-27-XK", taken
    hall.step("counter-3", ticket, "arrived")
    visitor.answer(taken, name="counter-3", waarom="Ik ben verhuisd")
    assert visitor.send(taken, name="counter-3", akkoord=True)["state"] == "sent"
    hall.step("counter-3", ticket, "finish", outcome="done")
    visitor.row_is_gone()
    return visitor


STORIES = [a_form_is_filled_in_and_sent, she_gets_stuck_and_the_counter_goes_on]


def tell(hall, story, dies_at=0, when=BEFORE):
    hall.tickets = []
    deaths = hall.deaths
    hall.fate.set(dies_at, when)
    story(hall)
    hall.spare()
    source = hall.desk.source()
    assert source["data"] == {**EMPTY["data"], "kenteken": "GV-27-XK", "waarom": "Ik ben verhuisd",
                              "akkoord": True}, source
    assert source["state"] == "sent" and source["writes"] == 3, source
    return hall.deaths - deaths


def tell_with_every_death(hall, story):
    assert tell(hall, story) == 0
    points = 0
    for when in (BEFORE, AFTER):  # half a write is no write: hub_stories_test.py dies there too
        for write in range(1, WRITES_MAX):
            if tell(hall, story, write, when) == 0:
                break  # the story has no such write: all were tried
            points += 1
    print(f"{story.__name__}: {points} deaths", flush=True)
    return points


# --- what is told once

def opened_twice_it_is_one_form_and_a_second_screen_is_refused(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    visitor.answer(form, kenteken="GV-27-XK")
    again = visitor.open()
    assert again["id"] == form["id"] and again["data"]["kenteken"] == "GV-27-XK", again
    assert hall.ask_store("SELECT count(*) FROM form") == [(1,)]
    path = f"/visits/{visitor.visit['id']}/forms"
    refused(hall, "kiosk-2", path, {"request": visitor.request}, 403, "not_yours")
    refused(hall, "kiosk-2", f"/forms/{form['id']}/answers", {"revision": again["revision"], "data": {}}, 409,
            "pen_elsewhere")
    refused(hall, "counter-1", f"/forms/{form['id']}/send",
            {"revision": again["revision"], "data": {}, "privacy": True, "truth": True}, 409, "pen_elsewhere")
    refused(hall, "kiosk-1", path, {"request": "taken:none"}, 404, "not_found")
    other = Visitor(hall)  # the same resident once more while her first visit is still open
    assert other.open()["id"] == form["id"]
    visitor.end()
    assert other.read(form)["holder"] == "kiosk-1", "the pen went with a visit that no longer held it"
    other.end()
    other.row_is_gone()


def the_pen_is_given_and_a_dead_kiosks_pen_comes_back(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    hall.post("kiosk-1", f"/forms/{form['id']}/pen", {"action": "give"})
    refused(hall, "kiosk-1", f"/forms/{form['id']}/pen", {"action": "give"}, 409, "pen_elsewhere")
    form = visitor.open()
    stuck = {"id": form["id"], "key": "kenteken"}
    ticket = hall.issue(visit=visitor.visit["id"], request=visitor.request, consent=ALL, form=stuck)
    visitor.open()  # she tries once more while she waits
    hall.call("counter-3", ticket)
    refused(hall, "counter-3", f"/tickets/{ticket['id']}/form", {}, 409, "pen_elsewhere")
    refused(hall, "counter-1", f"/tickets/{ticket['id']}/form", {}, 403, "not_yours")
    visitor.end()  # as the hub itself ends the visit of a kiosk that died
    taken = hall.post("counter-3", f"/tickets/{ticket['id']}/form", {})
    assert taken["id"] == form["id"], taken
    again = Visitor(hall)
    refused(hall, "kiosk-1", f"/visits/{again.visit['id']}/forms", {"request": again.request}, 409, "pen_elsewhere")
    hall.step("counter-3", ticket, "arrived")
    hall.step("counter-3", ticket, "transfer", to_service="C", to_desk="1")
    refused(hall, "counter-3", f"/forms/{form['id']}/answers", {"revision": 1, "data": {}}, 409, "pen_elsewhere")
    hall.call("counter-1", ticket)
    taken = hall.post("counter-1", f"/tickets/{ticket['id']}/form", {})
    hall.finish("counter-1", ticket)
    again.end()
    again.row_is_gone()


def a_source_that_was_down_is_told_once_and_the_visitor_the_truth(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    hall.desk.mood("down")
    told = visitor.answer(form, kenteken="GV-27-XK")
    assert told == {"revision": 2, "saved": "hub"}, told
    assert not visitor.read(form)["is_at_source"]
    assert len(hall.desk.heard("save")) > 1, "it is asked again while she waits"
    visitor.end()  # she leaves; the hub goes on
    hall.restart()
    assert hall.ask_store("SELECT count(*) FROM form") == [(1,)]
    hall.desk.mood("up")
    visitor.stands_there(kenteken="GV-27-XK")
    visitor.row_is_gone()
    assert hall.desk.source()["writes"] == 1


def a_lost_answer_of_the_source_doubles_nothing(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    hall.desk.mood("lost")
    assert visitor.answer(form, kenteken="GV-27-XK")["saved"] == "hub"
    told = visitor.send(form)
    assert told == {"state": "sending"}, told
    refused(hall, "kiosk-1", f"/forms/{form['id']}/answers", {"revision": form["revision"], "data": {}}, 409, "not_now")
    hall.restart()
    hall.desk.mood("up")
    wait_for(lambda: visitor.read(form)["state"] == "sent", "it was not sent")
    assert visitor.read(form)["reference"] == "Z-2026-7"
    assert hall.desk.source()["writes"] == 2, hall.desk.source()
    heard = [line["may_be_sent"] for line in hall.desk.heard("send")]
    assert heard[0] is False and all(heard[1:]) and len(heard) > 1, heard
    again = hall.get("kiosk-1", f"/visits/{visitor.visit['id']}")["requests"]
    assert next(each["state"] for each in again if each["id"] == visitor.request) == "busy", again
    visitor.end()
    visitor.row_is_gone()


def a_change_elsewhere_is_told_and_stays(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    visitor.answer(form, kenteken="GV-27-XK")
    hall.desk.source({**hall.desk.source(), "data": {"naam": "N. Haddad", "kenteken": "AB-12-CD"}})
    for write in (lambda: visitor.answer(form, 409, waarom="Ik ben verhuisd"), lambda: visitor.send(form, 409)):
        problem = write()
        assert problem["code"] == "form_changed", problem
        assert hall.desk.source()["data"]["kenteken"] == "AB-12-CD", "what stood there was overwritten"
    there = visitor.read(form)
    assert there["data"] == {"naam": "N. Haddad", "kenteken": "AB-12-CD"} and there["revision"] > form["revision"]
    visitor.answer(there, waarom="Ik ben verhuisd")
    visitor.stands_there(kenteken="AB-12-CD", waarom="Ik ben verhuisd")
    visitor.end()
    visitor.row_is_gone()


def a_source_with_rules_of_its_own_is_heard_with_every_save(hall):
    visitor = Visitor(hall)
    hall.desk.source({**EMPTY, "asks_source": True})
    form = visitor.open()
    told = visitor.answer(form, kenteken="GV-27-XK")
    assert told["saved"] == "source" and told["told"]["steps"] == EMPTY["steps"], told
    assert told["told"]["data"]["kenteken"] == "GV-27-XK", told
    told = visitor.answer(form)  # nothing new, and the source is asked all the same
    assert told["revision"] == 2 and "told" in told, told
    visitor.end()
    visitor.row_is_gone()


def a_slow_source_keeps_nobody_waiting(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    hall.desk.mood("held")
    began = time.monotonic()
    assert visitor.answer(form, kenteken="GV-27-XK")["saved"] == "hub"
    assert visitor.answer(form, kenteken="GV-27-XK", waarom="Ik ben verhuisd")["saved"] == "hub"
    assert time.monotonic() - began < 60
    hall.desk.mood("up")
    visitor.stands_there(kenteken="GV-27-XK", waarom="Ik ben verhuisd")
    visitor.end()
    visitor.row_is_gone()


def who_left_while_the_source_thought_leaves_no_pen_behind(hall):
    visitor = Visitor(hall)
    hall.desk.mood("held")
    kiosk = Device(hall.desk, "kiosk-1")
    kiosk.send_command("POST", f"/visits/{visitor.visit['id']}/forms", {"request": visitor.request}, str(uuid.uuid4()))
    visitor.end()
    hall.desk.mood("up")
    answer = kiosk.receive()
    assert (answer.status, answer.body["code"]) == (404, "visit_gone"), answer.body
    kiosk.close()
    assert hall.ask_store("SELECT count(*) FROM form") == [(0,)]


def what_the_source_refuses_is_said_in_its_words(hall):
    visitor = Visitor(hall)
    for mood, status, code in (("login", 422, "form_login"), ("lies", 502, "form_unreadable"), ("gone", 410, "form_gone"),
                               ("down", 503, "backoffice_unavailable")):
        hall.desk.mood(mood)
        refused(hall, "kiosk-1", f"/visits/{visitor.visit['id']}/forms", {"request": visitor.request}, status, code)
    hall.desk.mood("up")
    form = visitor.open()
    hall.desk.mood("refuses")
    problem = visitor.send(form, 422, kenteken="nonsense")
    assert problem["code"] == "form_invalid" and problem["invalid"] == [{"key": "kenteken", "reason": "invalid"}], problem
    form = visitor.read(form)
    assert form["state"] == "open" and form["data"]["kenteken"] == "nonsense", "what she typed is lost"
    hall.desk.mood("gone")
    problem = visitor.answer(form, 410, kenteken="GV-27-XK")
    assert problem["code"] == "form_gone", problem
    refused(hall, "kiosk-1", f"/forms/{form['id']}/send",
            {"revision": 9, "data": {}, "privacy": True, "truth": True}, 404, "not_found")
    visitor.row_is_gone()
    visitor.end()


def who_held_it_hears_what_becomes_of_it_and_nobody_else(hall):
    visitor = Visitor(hall)
    state = hall.get("kiosk-1", "/state")
    streams = {name: Events(hall.devices[name], state["seq"]) for name in ("kiosk-1", "kiosk-2", "counter-1")}
    form = visitor.open()
    visitor.answer(form, kenteken="GV-27-XK")
    visitor.send(form)
    last = hall.get("kiosk-1", "/state")["seq"]
    told = {name: events.until(last) for name, events in streams.items()}
    own = [data["form"] for _, kind, data in told["kiosk-1"] if kind == "form"]
    assert own[0] == {"id": form["id"], "revision": 1, "state": "open", "holder": "kiosk-1"}, own
    assert own[-1]["state"] == "sent" and own[-1]["revision"] == 2, own
    for name in ("kiosk-2", "counter-1"):
        assert not [each for each in told[name] if each[1] == "form"], told[name]
        assert [each[0] for each in told[name]] == [each[0] for each in told["kiosk-1"]], "its stream has a gap"
    for events in streams.values():
        events.close()
    visitor.end()
    visitor.row_is_gone()


def answers_stand_sealed_and_are_bounded(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    hall.desk.mood("down")
    visitor.answer(form, kenteken="GV-27-XK", waarom="onvindbaar-op-de-schijf")
    for name in ("hub.db", "hub.db-wal"):
        assert b"onvindbaar" not in (hall.desk.folder / "hub" / name).read_bytes(), name
    large = {"revision": form["revision"], "data": {"waarom": "x" * (62 * 1024)}}
    refused(hall, "kiosk-1", f"/forms/{form['id']}/answers", large, 413, "too_big")
    refused(hall, "kiosk-1", f"/forms/{form['id']}/answers", {"revision": 1, "data": []}, 400, "bad_request")
    refused(hall, "kiosk-1", f"/forms/{form['id']}/answers", {"revision": 1, "data": {}}, 409, "form_changed")
    hall.desk.mood("up")
    visitor.stands_there(kenteken="GV-27-XK", waarom="onvindbaar-op-de-schijf")
    visitor.end()
    visitor.row_is_gone()


def a_large_definition_comes_whole_and_a_larger_one_is_refused(hall):
    visitor = Visitor(hall)
    large = [{**EMPTY["steps"][0], "name": "x" * (512 * 1024)}]
    hall.desk.source({**EMPTY, "steps": large})
    form = visitor.open()
    assert form["steps"] == large
    visitor.answer(form, kenteken="GV-27-XK")
    hall.restart()
    assert visitor.read(form)["steps"] == large, "the source is asked again"
    hall.desk.source({**hall.desk.source(), "steps": [*large, *large, *large]})
    path = f"/visits/{visitor.visit['id']}/forms"
    refused(hall, "kiosk-1", path, {"request": visitor.request}, 422, "form_unsupported")
    visitor.end()
    visitor.row_is_gone()


def a_letters_code_opens_no_form_and_neither_does_a_case(hall):
    visitor = Visitor(hall)
    case = next(each["id"] for each in visitor.visit["requests"] if each["kind"] == "case")
    path = f"/visits/{visitor.visit['id']}/forms"
    refused(hall, "kiosk-1", path, {"request": case}, 422, "form_unsupported")
    refused(hall, "kiosk-1", path, {"link": "https://forms.example.test/no-name"}, 400, "bad_request")
    visitor.end()
    low = hall.visit("paper")
    assert low["level"] == 2, low
    refused(hall, "kiosk-1", f"/visits/{low['id']}/forms", {"request": visitor.request}, 403, "not_yours")
    hall.post("kiosk-1", f"/visits/{low['id']}/end", {})
    visitor.row_is_gone()


def the_night_takes_what_the_source_never_took(hall):
    visitor = Visitor(hall)
    form = visitor.open()
    hall.desk.mood("down")
    visitor.answer(form, kenteken="GV-27-XK")
    hall.fate.move_clock(DAY_MS)
    visitor.row_is_gone()
    refused(hall, "kiosk-1", f"/forms/{form['id']}/answers", {"revision": 2, "data": {}}, 404, "not_found")
    hall.desk.mood("up")
    hall.restart()
    assert hall.desk.source()["writes"] == 0


ONCE = [opened_twice_it_is_one_form_and_a_second_screen_is_refused, the_pen_is_given_and_a_dead_kiosks_pen_comes_back,
        a_source_that_was_down_is_told_once_and_the_visitor_the_truth, a_lost_answer_of_the_source_doubles_nothing,
        a_change_elsewhere_is_told_and_stays, a_source_with_rules_of_its_own_is_heard_with_every_save, a_slow_source_keeps_nobody_waiting,
        who_left_while_the_source_thought_leaves_no_pen_behind,
        what_the_source_refuses_is_said_in_its_words, who_held_it_hears_what_becomes_of_it_and_nobody_else,
        answers_stand_sealed_and_are_bounded, a_large_definition_comes_whole_and_a_larger_one_is_refused, a_letters_code_opens_no_form_and_neither_does_a_case,
        the_night_takes_what_the_source_never_took]


def main():
    began = time.monotonic()
    with open_hall(ScriptedDesk, [*DEVICES, ("kiosk-2", "kiosk", "")]) as hall:
        points = sum(tell_with_every_death(hall, story) for story in STORIES)
        hall.restart()  # and its devices begin with fresh lines
        for story in ONCE:
            story(hall)
            print(story.__name__, flush=True)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]
    print(f"{len(STORIES) + len(ONCE)} stories, {points} deaths, {time.monotonic() - began:.0f} s")


main()
