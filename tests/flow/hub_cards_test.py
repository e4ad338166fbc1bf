# SPDX-License-Identifier: EUPL-1.2
#
# Cards on the real hub with the fictional town: a document that was verified leads to its holder at
# once, staff see what was verified and lift it; each reason why one leads to nobody; a pass is a
# claim until the birth date; a kiosk that reads more cards than people come by is slowed down; and
# nothing of a card stands in a log or unsealed on the disk.
import functools
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from desk import Desk  # noqa: E402
from device import document  # noqa: E402
from fate import AFTER, BEFORE  # noqa: E402
from hall import DEVICES, open_hall, wait_for  # noqa: E402
from scripted import refused  # noqa: E402

QUICK = "hub.card_ms = 1"
PASS = "04A2B3C4D5E680"
WITHDRAWN = "04A2B3C4D5E681"
AGREES = {"person": True, "request": True, "others": True}
# Words of documents that were shown, as the zone and the register write them.
SHOWN = ("HADDAD", "Haddad", "1984-05-17", "EVENBEELD", "Evenbeeld", "MUELLER", "ller-Doorsnee", "Geheimhof",
         "GEHEIMHOF", "Nieuwkomer", "NIEUWKOMER", "Pasgeldig", PASS, WITHDRAWN, "VREEMDELING")


NADIA = document("HADDAD", "NADIA", "1984-05-17")
TWINS = document("EVENBEELD", "JAN WILLEM", "1990-04-04")
NOBODY = document("VREEMDELING", "IEMAND", "1990-04-04")


def listed(hall, visit):
    path = f"/visits/{visit['id']}"
    wait_for(lambda: hall.get("kiosk-1", path)["requests_ready"], "the list did not come")
    return hall.get("kiosk-1", path)


def end(hall, visit):
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})


def visits_count(hall):
    return hall.ask_store("SELECT count(*) FROM visit WHERE sealed NOT NULL")[0][0]


def logged(hall, action, result):
    return hall.ask_store("SELECT count(*) FROM audit WHERE action = ? AND result = ?", action, result)[0][0]


def a_verified_document_is_known_at_once_and_staff_lift_it(hall):
    visit = hall.post("kiosk-1", "/visits", NADIA, 201)
    assert (visit["state"], visit["level"], visit["initials"]) == ("open", 2, "N. H."), visit
    refused(hall, "kiosk-1", f"/visits/{visit['id']}/second-fact", {"birth_date": "1984-05-17"}, 403, "not_now")
    told = listed(hall, visit)
    titles = [request.get("title") for request in told["requests"]]
    assert "Parkeervergunning" in titles and not any("missing" in r and r["missing"] for r in told["requests"]), told
    ticket = hall.issue(visit=visit["id"], request=told["requests"][0]["id"], consent=AGREES)
    end(hall, visit)
    hall.call("counter-3", ticket)
    known = hall.context("counter-3", ticket)
    assert sorted(known["evidence"]) == ["chip_genuine", "chip_not_cloned"] and known["level"] == 2, known
    assert known["person"]["name"] == "Nadia Haddad" and known["request"]["title"] == "Parkeervergunning", known
    seen = hall.step("counter-3", ticket, "document_seen")
    assert seen["level"] == 3 and "document_seen" in seen["evidence"] and "chip_genuine" in seen["evidence"], seen
    hall.finish("counter-3", ticket)
    hall.wait_for_contact(ticket)
    assert logged(hall, "visit_open", "by document") == 1


def a_name_written_otherwise_is_the_same_person(hall):
    for surname, given in (("VAN DER MUELLER DOORSNEE", "JOERG RENE"), ("VAN DER MULLER DOORSNEE", "JORG RENE")):
        visit = hall.post("kiosk-1", "/visits", document(surname, given, "1971-01-31"), 201)
        assert visit["initials"] == "J. R. M.", visit
        end(hall, visit)
    cut = document("VAN DER MULLER DOORSNEE", "JORG RE", "1971-01-31", is_name_cut=True)
    end(hall, hall.post("kiosk-1", "/visits", cut, 201))


def what_leads_to_nobody_says_why_and_opens_nothing(hall):
    before = visits_count(hall)
    for body, code in (
            (document("HADDAD", "NADIA", "1984-05-17", is_genuine=False), "document_unproven"),
            (document("HADDAD", "NADIA", "1984-05-17", not_cloned="none"), "document_unproven"),
            (TWINS, "person_unsure"),
            (document("VEELNAAM", "ANNE", "1980-01-01"), "person_unsure"),
            (document("VAN DER MULLER DOOR", "J", "1971-01-31", is_name_cut=True), "person_unsure"),
            (document("HADDAD", "NADIA", "1984-00-00"), "person_unsure"),
            (document("HADDAD", "NADIA", ""), "person_unsure"),
            (NOBODY, "person_unknown"),
            (document("HADDAD", "NADIA MARIA", "1984-05-17"), "person_unknown"),
            (document("HADDAD", "NADIA", "1984-05-18"), "person_unknown"),
            (document("WELEER", "WILLEM", "1938-12-01"), "person_unknown"),
            ({"pass": WITHDRAWN}, "pass_unknown"),
            ({"pass": "04A2B3C4"}, "pass_unknown")):
        counted = logged(hall, "card_refused", code)
        refused(hall, "kiosk-1", "/visits", body, 422, code)
        wait_for(lambda: logged(hall, "card_refused", code) == counted + 1, f"{code} was not audited")
    assert visits_count(hall) == before, "a visit was opened"


def a_register_that_is_silent_is_not_the_visitors_fault(hall):
    for source, kind in (("brp", "down"), ("brp", "wrong"), ("klantinteracties", "down"), ("brp", "lying")):
        hall.desk.ask_town("POST", "/demo/faults", {"source": source, "kind": kind})
        refused(hall, "kiosk-1", "/visits", NADIA, 503, "backoffice_unavailable")
        hall.desk.ask_town("POST", "/demo/faults", {"source": source, "kind": "off"})
    end(hall, hall.post("kiosk-1", "/visits", NADIA, 201))


def who_is_secret_stays_so(hall):
    visit = hall.post("kiosk-1", "/visits", document("GEHEIMHOF", "GEERT", "1963-03-09"), 201)
    assert visit["state"] == "open" and not visit.get("initials") and not visit.get("birth_year"), visit
    ticket = hall.issue(visit=visit["id"], consent=AGREES)
    end(hall, visit)
    hall.call("counter-3", ticket)
    known = hall.context("counter-3", ticket)
    assert known["person"]["is_secret"] and not known["person"].get("name"), known
    hall.finish("counter-3", ticket)


def who_has_no_party_is_known_and_sees_what_is_open(hall):
    visit = hall.post("kiosk-1", "/visits", document("NIEUWKOMER", "VERA", "1996-08-15"), 201)
    told = listed(hall, visit)
    assert [request["title"] for request in told["requests"]] == ["Verhuizing"], told
    ticket = hall.issue(visit=visit["id"], request=told["requests"][0]["id"], consent=AGREES)
    hall.call("counter-3", ticket)
    known = hall.context("counter-3", ticket)
    assert known["person"]["name"] == "Vera Nieuwkomer" and not known["person"].get("party"), known
    hall.finish("counter-3", ticket)
    hall.restart()
    assert listed(hall, visit)["requests"][0]["title"] == "Verhuizing", "sealed with the visit"
    end(hall, visit)
    assert hall.contacts(ticket["id"]) == [], "nobody's contact was registered"


def a_pass_is_a_claim_until_the_birth_date(hall):
    visit = hall.post("kiosk-1", "/visits", {"pass": PASS, "language": "nl"}, 201)
    assert (visit["state"], visit["level"]) == ("needs_second_fact", 1) and "initials" not in visit, visit
    path = f"/visits/{visit['id']}/second-fact"
    assert refused(hall, "kiosk-1", path, {"birth_date": "1987-02-27"}, 403, "second_fact_wrong")["tries_left"] == 2
    told = hall.post("kiosk-1", path, {"birth_date": "1987-02-28"})
    assert (told["state"], told["level"], told["initials"]) == ("open", 2, "M. P."), told
    ticket = hall.issue(visit=visit["id"], consent=AGREES)
    end(hall, visit)
    hall.call("counter-3", ticket)
    assert sorted(hall.context("counter-3", ticket)["evidence"]) == ["birth_date", "pass_number"]
    hall.finish("counter-3", ticket)


def a_hub_that_dies_on_the_way_opens_one_visit(hall):
    for body in (NADIA, {"pass": PASS}):
        for when in (BEFORE, AFTER):
            deaths, before = hall.deaths, visits_count(hall)
            hall.fate.set(1, when)
            visit = hall.post("kiosk-1", "/visits", body, 201)
            hall.spare()
            assert hall.deaths > deaths, "the hub did not die"
            assert visits_count(hall) == before + 1, (body, when)
            if body is NADIA:
                assert listed(hall, visit)["requests"], "the list came again"
            end(hall, visit)


def a_kiosk_that_walks_the_register_is_slowed_down(hall):
    settings = hall.desk.folder / "hub.conf"
    words = settings.read_text(encoding="utf-8")
    assert QUICK in words
    settings.write_text(words.replace(QUICK, ""), encoding="utf-8")
    hall.restart()
    before = len(brp_asked(hall))
    for _ in range(4):
        refused(hall, "kiosk-1", "/visits", NOBODY, 422, "person_unknown")
    for body in (NOBODY, NADIA, {"pass": PASS}):
        refused(hall, "kiosk-1", "/visits", body, 429, "too_many")
    assert len(brp_asked(hall)) == before + 4, "the register was asked on"
    wait_for(lambda: logged(hall, "card_refused", "too_many") == 1, "not audited, or more than once")
    unproven = document("HADDAD", "NADIA", "1984-05-17", not_cloned="none")
    refused(hall, "kiosk-1", "/visits", unproven, 422, "document_unproven")  # asks nobody
    visit = hall.post("kiosk-2", "/visits", NADIA, 201)  # another kiosk's time is its own
    hall.post("kiosk-2", f"/visits/{visit['id']}/end", {})
    visit = hall.post("kiosk-2", "/visits", {"pass": PASS}, 201)
    for code in ("second_fact_wrong", "second_fact_wrong", "visit_locked"):
        refused(hall, "kiosk-2", f"/visits/{visit['id']}/second-fact", {"birth_date": "1987-02-27"}, 403, code)
    refused(hall, "kiosk-2", "/visits", {"pass": PASS}, 429, "too_many")  # three more dates are dear
    hall.visit()  # and a code is no card


def brp_asked(hall):
    lines = (hall.desk.folder / "town.jsonl").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if "ZoekMetGeslachtsnaamEnGeboortedatum" in line]


def nothing_of_a_card_is_left(hall):
    for path in hall.files_at_rest():
        held = path.read_bytes()
        for word in SHOWN:
            assert word.encode() not in held, f"{word} stands in {path.name}"


STORIES = [a_verified_document_is_known_at_once_and_staff_lift_it, a_name_written_otherwise_is_the_same_person,
           what_leads_to_nobody_says_why_and_opens_nothing, a_register_that_is_silent_is_not_the_visitors_fault,
           who_is_secret_stays_so, who_has_no_party_is_known_and_sees_what_is_open,
           a_pass_is_a_claim_until_the_birth_date, a_hub_that_dies_on_the_way_opens_one_visit,
           a_kiosk_that_walks_the_register_is_slowed_down, nothing_of_a_card_is_left]


def main():
    began = time.monotonic()
    kind = functools.partial(Desk, hub_more=[QUICK])
    with open_hall(kind, [*DEVICES, ("kiosk-2", "kiosk", "")]) as hall:
        for story in STORIES:
            story(hall)
            print(story.__name__, flush=True)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]
    for word in SHOWN:
        assert word not in log, f"{word} stands in the log"
    print(f"{len(STORIES)} stories, {time.monotonic() - began:.0f} s")


main()
