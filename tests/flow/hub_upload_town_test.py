# SPDX-License-Identifier: EUPL-1.2
#
# A document from the phone through the real hub to the fictional town: to its Open Forms and its
# Documenten API, into the answers, and done. And what the phone is told when the town is slow, down
# or refuses, while the hall works on.
import asyncio
import hashlib
import os
import pathlib
import resource
import sys
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from desk import Desk  # noqa: E402
from device import together  # noqa: E402
from hall import open_hall, wait_for  # noqa: E402
from phone import (CROWD, JPEG, PDF, Phone, WithoutQuarantine, address_for, crowd, is_dead, multipart,  # noqa: E402
                   news, peak_bytes, watch)

MEGABYTE = 1024 * 1024
MEMORY_MAX = 160 * MEGABYTE
ISSUE_S_MAX = 20  # a ticket, under a sanitizer, on two cores, while a thousand phones send
PLACE = "melding-met-foto"


class PhoneDesk(WithoutQuarantine, Desk):
    pass


def files_of(hall):
    return hall.desk.ask_town("GET", "/demo/files")


def fault(hall, source, kind):
    hall.desk.ask_town("POST", "/demo/faults", {"source": source, "kind": kind})


def draft_of(hall):
    return next(each for each in hall.desk.ask_town("GET", "/demo/forms") if each["form"] == PLACE)


def opened(hall, visit):
    request = next(each["id"] for each in visit["requests"] if each["kind"] == "form")
    return visit, hall.post("kiosk-1", f"/visits/{visit['id']}/forms", {"request": request}, 201)


def opened_by_link(hall):
    return opened(hall, hall.post("kiosk-1", "/visits", {"code": draft_of(hall)["link"], "language": "nl"}, 201))


def end(hall, visit):
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})


def send_with(hall, form, data):
    """Answers with the document among them, saved at the source and sent."""
    path = f"/forms/{form['id']}"
    saved = hall.post("kiosk-1", path + "/answers", {"revision": form["revision"], "data": {**form["data"], **data}})
    assert saved["saved"] == "source", saved
    body = {"revision": saved["revision"], "data": {**form["data"], **data}, "privacy": True, "truth": True}
    told = hall.post("kiosk-1", path + "/send", body)
    assert told["state"] in ("sending", "sent"), told
    wait_for(lambda: hall.get("kiosk-1", path)["state"] == "sent", "it was not sent")


def goes_along(hall, form, key, content, **more):
    """From the phone to the source, into the answer, and sent."""
    own, = watch(hall, "kiosk-1")
    path = address_for(hall, form, key)
    status, words, _ = Phone(hall).bring(path, content)
    assert status == 200 and "Gelukt" in words, (status, words)
    told, = news(own, 1)
    assert (told["state"], told["bytes"]) == ("arrived", len(content)), told
    assert is_dead(Phone(hall).ask("GET", path))
    listed, = hall.get("kiosk-1", f"/forms/{form['id']}/uploads")["uploads"]
    there = files_of(hall)[-1]
    assert there["sha256"] == hashlib.sha256(content).hexdigest() and there["type"] == "image/jpeg", there
    assert listed["value"]["url"].endswith(there["uuid"]) and listed["value"]["size"] == len(content), listed
    send_with(hall, form, {key: [listed["value"]], **more})
    own.close()
    return listed["value"]


# --- stories

def a_picture_reaches_open_forms_and_the_answers(hall):
    visit, form = opened_by_link(hall)
    value = goes_along(hall, form, "foto", JPEG + os.urandom(3 * MEGABYTE), waar="Plein 1")
    there = draft_of(hall)
    assert there["completions"] == 1 and [value] in [each.get("foto") for each in there["data"].values()], there
    end(hall, visit)


def a_picture_for_a_task_reaches_the_documenten_api(hall):
    visit, form = opened(hall, hall.visit(language="nl", resident="fatma", birth_date="1966-01-01"))
    value = goes_along(hall, form, "afschriften", JPEG + os.urandom(5 * MEGABYTE // 2))
    task = next(each for each in hall.desk.ask_town("GET", "/demo/tasks") if each["resident"] == "fatma")
    assert task["status"] == "uitgevoerd" and task["details"]["ontvangenGegevens"]["afschriften"] == [value], task
    end(hall, visit)


def the_phone_is_told_what_the_source_says(hall):
    visit, form = opened_by_link(hall)
    own, = watch(hall, "kiosk-1")
    path = address_for(hall, form, "foto")
    before = files_of(hall)
    for kind, reason in (("down", "source_down"), ("slow", "source_down"), ("wrong", "source_says_no")):
        fault(hall, "open_forms", kind)
        status, words, _ = Phone(hall).bring(path, JPEG + bytes(99))
        fault(hall, "open_forms", "off")
        assert status == (503 if reason == "source_down" else 422), (kind, status, words)
        event, = news(own, 1)
        assert event["reason"] == reason, (kind, event)
    status, words, _ = Phone(hall).bring(path, PDF + b"VOORBEELDVIRUS", "akte.pdf", "application/pdf")
    assert status == 422 and "neemt dit bestand niet aan" in words, (status, words)
    for content, name, kind in ((PDF + bytes(99), "foto.jpg", "image/jpeg"), (b"<html><script>", "foto.png", "image/png"),
                                (b"<svg onload=x>", "foto.jpg", "image/jpeg")):
        assert Phone(hall).bring(path, content, name, kind)[0] == 422, name
    assert files_of(hall) == before, "what was refused is there all the same"
    assert Phone(hall).bring(path, JPEG + bytes(99))[0] == 200, "and then the same address takes a good one"
    own.close()
    end(hall, visit)


def a_thousand_phones_leave_the_hall_at_work(hall):
    visit, form = opened_by_link(hall)
    paths = [address_for(hall, form, "foto", item) for item in range(16)]
    large = multipart(JPEG + bytes(4 * MEGABYTE), "groot.jpg", "image/jpeg")
    small = multipart(JPEG + bytes(99 * 1024), "klein.jpg", "image/jpeg")
    before = peak_bytes(hall)
    times = []
    statuses = []

    def phones():
        statuses.extend(asyncio.run(crowd(hall, paths, large, small)))

    def hall_goes_on():
        while not statuses:
            began = time.monotonic()
            ticket = hall.issue()
            hall.call("counter-3", ticket)
            hall.finish("counter-3", ticket)
            times.append((time.monotonic() - began) / 4)

    together(phones, hall_goes_on)
    grown = peak_bytes(hall) - before
    counted = {status: statuses.count(status) for status in sorted(set(statuses))}
    print(f"{CROWD} phones: {counted}, {grown / MEGABYTE:.0f} MB more at most, {len(times)} tickets meanwhile, "
          f"{max(times):.2f} s a command at worst", flush=True)
    assert set(counted) <= {200, 404, 503, 0} and counted[200] > 0, counted
    assert len(times) > 0 and max(times) < ISSUE_S_MAX, times
    assert grown < MEMORY_MAX, grown
    end(hall, visit)


def main():
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))
    began = time.monotonic()
    with open_hall(PhoneDesk) as hall:
        for story in (the_phone_is_told_what_the_source_says, a_thousand_phones_leave_the_hall_at_work,
                      a_picture_reaches_open_forms_and_the_answers, a_picture_for_a_task_reaches_the_documenten_api):
            story(hall)
            print(f"{story.__name__} {time.monotonic() - began:.0f} s", flush=True)
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log[-4000:]
    assert "akte" not in log and "/u/" not in log, "a document or its address stands in the log"


main()
