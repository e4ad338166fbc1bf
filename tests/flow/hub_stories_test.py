# SPDX-License-Identifier: EUPL-1.2
#
# Every story of a hall, told again with the hub killed at each of its store writes: before the
# write, halfway, and after it but before anybody was told. The devices repeat what was not
# answered, and in the end everything must be as if nothing had happened: numbers, states, promises,
# contexts, the log, and the contact that stands in the municipality's register exactly once.
import http.client
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import document, sign_in  # noqa: E402
from fate import AFTER, BEFORE, HALFWAY  # noqa: E402
from hall import open_hall, same_promise, wait_for  # noqa: E402

WRITES_MAX = 40  # no story has more
RECALL_GAP_MS = 11_000
DAY_MS = 24 * 3600 * 1000
DISK_HANGS_MS = 1500
STATE_DONE = 5  # and what is below is open
STATE_EXPIRED = 7


# --- the stories

def somebody_walks_in_and_is_helped(hall):
    ticket = hall.issue()
    hall.post("kiosk-1", f"/tickets/{ticket['id']}/print", {"print_state": "printed"})
    same_promise(ticket, hall.call("counter-3", ticket))
    same_promise(ticket, hall.finish("counter-3", ticket))


def nadia_comes_with_her_code_and_the_counter_already_knows(hall):
    visit = hall.visit()
    ticket = hall.issue_for(visit)
    called = hall.call("counter-3", ticket)
    same_promise(ticket, called)
    known = hall.context("counter-3", ticket)
    assert known["request"]["id"] == ticket["request"]
    assert known["person"]["birth_date"] == "1984-05-17"
    seen = hall.step("counter-3", ticket, "document_seen")
    assert "document_seen" in seen["evidence"] and seen["level"] == 3
    hall.finish("counter-3", ticket)
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})
    hall.wait_for_contact(ticket)


def nadia_lays_her_identity_card_down(hall):
    visit = hall.post("kiosk-1", "/visits", document("HADDAD", "NADIA", "1984-05-17"), 201)
    wait_for(lambda: hall.get("kiosk-1", f"/visits/{visit['id']}")["requests_ready"], "the list did not come")
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})


def somebody_is_not_there_and_comes_back(hall):
    ticket = hall.issue()
    hall.call("counter-3", ticket)
    hall.step("counter-3", ticket, "absent")
    back = hall.step("counter-3", ticket, "return")
    assert back["returns_count"] == 1 and back["number"] == ticket["number"] and back["seq"] == ticket["seq"]
    same_promise(back, hall.call("counter-3", ticket))
    hall.finish("counter-3", ticket)


def somebody_is_called_twice_parked_and_taken_back(hall):
    ticket = hall.issue()
    hall.call("counter-3", ticket)
    hall.fate.move_clock(RECALL_GAP_MS)
    again = hall.step("counter-3", ticket, "recall")
    assert again["calls_count"] == 2
    same_promise(ticket, again)
    hall.step("counter-3", ticket, "arrived")
    same_promise(ticket, hall.step("counter-3", ticket, "park"))
    same_promise(ticket, hall.step("counter-3", ticket, "resume"))
    same_promise(ticket, hall.step("counter-3", ticket, "requeue"))
    hall.call("counter-3", ticket)
    hall.finish("counter-3", ticket)
    hall.fate.move_clock(-RECALL_GAP_MS)  # codes live five minutes, and more stories follow


def the_context_goes_along_to_another_service_and_desk(hall):
    visit = hall.visit()
    ticket = hall.issue_for(visit)
    hall.call("counter-3", ticket)
    hall.step("counter-3", ticket, "arrived")
    told = hall.context("counter-3", ticket)
    moved = hall.step("counter-3", ticket, "transfer", to_service="C", to_desk="1")
    assert moved["service"] == "C"
    same_promise(ticket, moved)
    same_promise(ticket, hall.call("counter-1", ticket))
    assert hall.context("counter-1", ticket) == told, "the other desk knows something else"
    hall.finish("counter-1", ticket)
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})
    hall.wait_for_contact(ticket)


def staff_pauses_leaves_and_comes_back(hall):
    words = {"staff": "k1", "pin": hall.pin}
    for is_open, is_paused, state in ((True, True, "paused"), (True, False, "free"), (False, False, "closed"),
                                      (True, False, "free")):
        desk = hall.post("counter-1", "/counters/1/session", {"is_open": is_open, "is_paused": is_paused, **words})
        assert desk["state"] == state, desk


def a_new_display_enrols(hall):
    name = f"display-{len(hall.devices)}"
    hall.enrol(name, "display")
    state = hall.get(name, "/state")
    assert state["tickets"] == [] and len(state["services"]) == 6, state
    assert hall.devices[name].post("/calls", {"kind": "next"}).status == 403


def the_hub_starts_again_in_the_middle_of_a_conversation(hall):
    ticket = hall.issue()
    other = hall.issue()
    hall.call("counter-3", ticket)
    hall.step("counter-3", ticket, "arrived")
    before = hall.get("counter-3", "/state")
    hall.restart()
    after = hall.get("counter-3", "/state")
    for part in ("tickets", "counters", "calls"):
        assert before[part] == after[part], f"{part} were {before[part]} and are {after[part]}"
    hall.step("counter-3", ticket, "finish", outcome="done")
    same_promise(other, hall.call("counter-3", other))
    hall.finish("counter-3", other)


STORIES = [somebody_walks_in_and_is_helped, nadia_comes_with_her_code_and_the_counter_already_knows, nadia_lays_her_identity_card_down,
           somebody_is_not_there_and_comes_back, the_context_goes_along_to_another_service_and_desk,
           staff_pauses_leaves_and_comes_back, a_new_display_enrols, the_hub_starts_again_in_the_middle_of_a_conversation,
           somebody_is_called_twice_parked_and_taken_back]


def tell(hall, story, dies_at=0, when=BEFORE):
    """One telling; the ending, and how often the hub died at a write."""
    hall.tickets = []
    audit_rows = hall.ask_store("SELECT max(row) FROM audit")[0][0]
    deaths = hall.deaths
    hall.fate.set(dies_at, when)
    story(hall)
    hall.spare()
    return hall.ending(audit_rows), hall.deaths - deaths


def check_numbers(hall):
    numbers = [number for (number,) in hall.ask_store("SELECT number FROM ticket ORDER BY number")]
    for letter in {number[0] for number in numbers}:
        given = [number for number in numbers if number[0] == letter]
        assert given == [f"{letter}{n:03}" for n in range(1, len(given) + 1)], f"numbers are missing or double: {given}"
    assert hall.ask_store("SELECT count(*) FROM ticket WHERE state < ?", STATE_DONE) == [(0,)], "somebody still waits"
    seqs = hall.ask_store("SELECT min(seq), max(seq), count(*) FROM event")[0]
    assert seqs[1] - seqs[0] + 1 == seqs[2], "the stream has a gap"
    rows = hall.desk.hub_task_text("audit-check")
    assert "the chain holds" in rows, rows


def tell_with_every_death(hall, story):
    began = time.monotonic()
    undisturbed, deaths_of_its_own = tell(hall, story)
    points = 0
    for when in (BEFORE, HALFWAY, AFTER):
        for write in range(1, WRITES_MAX):
            ending, deaths = tell(hall, story, write, when)
            assert ending == undisturbed, f"{story.__name__}, write {write}, {when}:\n{ending}\nis not\n{undisturbed}"
            if deaths == deaths_of_its_own:
                break  # the story has no such write: all were tried
            points += 1
    check_numbers(hall)
    print(f"{story.__name__}: {points} deaths, {time.monotonic() - began:.1f} s", flush=True)
    return points


def nothing_reaches_the_register_before_it_is_on_the_disk(hall):
    """The disk hangs at the write that ends the visit, and then the hub dies there."""
    visit = hall.visit()
    ticket = hall.issue_for(visit)
    hall.call("counter-3", ticket)
    hall.step("counter-3", ticket, "arrived")
    deaths = hall.deaths
    registered = hall.contacts()
    hall.fate.set(1, BEFORE, DISK_HANGS_MS)
    hall.step("counter-3", ticket, "finish", outcome="done")
    assert hall.deaths == deaths + 1
    assert hall.contacts_at_death == registered, "the register heard of it before the disk"
    hall.wait_for_contact(ticket)
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})


def the_night_passes_while_the_hub_is_down(hall):
    """Desks are closed, numbers start again, and a contact that waited still arrives."""
    visit = hall.visit()
    ticket = hall.issue_for(visit)
    waiting = hall.issue()
    hall.call("counter-3", ticket)
    hall.step("counter-3", ticket, "arrived")
    deaths = hall.deaths
    hall.meanwhile = lambda: hall.fate.move_clock(DAY_MS)
    hall.fate.set(1, AFTER)
    try:
        hall.devices["counter-3"].post(f"/tickets/{ticket['id']}/transitions", {"action": "finish", "outcome": "done"})
        raise AssertionError("the hub did not die")
    except (OSError, http.client.HTTPException):
        pass  # as it should
    wait_for(lambda: hall.deaths > deaths and hall.is_up.is_set(), "the hub did not come back")
    hall.wait_for_contact(ticket)
    state = hall.get("counter-3", "/state")
    assert state["tickets"] == [], state["tickets"]
    assert [desk["state"] for desk in state["counters"]] == ["closed", "closed"], state["counters"]
    assert hall.ask_store("SELECT count(*) FROM context") == [(0,)]
    assert hall.ask_store("SELECT state FROM ticket WHERE id = ?", waiting["id"]) == [(STATE_EXPIRED,)]
    sign_in(hall.desk, hall.devices["counter-3"], "3", "k4")
    assert hall.devices["counter-3"].post("/calls", {"kind": "next"}).status == 404
    first = hall.issue()
    assert first["number"] == "B001", first
    hall.call("counter-3", first)
    hall.finish("counter-3", first)


def main():
    began = time.monotonic()
    with open_hall() as hall:
        points = sum(tell_with_every_death(hall, story) for story in STORIES)
        nothing_reaches_the_register_before_it_is_on_the_disk(hall)
        the_night_passes_while_the_hub_is_down(hall)
    print(f"{len(STORIES)} stories, {points} deaths, {time.monotonic() - began:.0f} s")


main()
