# SPDX-License-Identifier: EUPL-1.2
#
# Forms through the real hub to the fictional town's Open VTB and Open Forms: filled in, sent with
# the hub dying on the way, and in the end each stands there done exactly once. What was changed there
# meanwhile, by somebody else, is told and stays.
import json
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from desk import Desk  # noqa: E402
from fate import AFTER, BEFORE  # noqa: E402
from hall import open_hall, wait_for  # noqa: E402

DRAFT = "vraag-of-klacht"
TASKS = "/taken/api/v1/formuliertaken"
TASKS_TOKEN = "Token voorbeeld-taken"
WORDS = {"omschrijving": "De lantaarn voor mijn deur brandt niet", "email": "n@example.test"}


class TownDesk(Desk):
    def hub_lines(self):
        lines = super().hub_lines()
        has_forms = any(line.startswith("open_forms.url") for line in lines)
        return lines if has_forms else [*lines, f"open_forms.url = {self.town}/openforms"]

    def told(self, method, part):
        """What the town answered yes to."""
        lines = map(json.loads, (self.folder / "town.jsonl").read_text(encoding="utf-8").splitlines())
        return [line for line in lines if line["method"] == method and part in line["path"] and line["status"] < 300]


def opened(hall, visit, wish):
    return hall.post("kiosk-1", f"/visits/{visit['id']}/forms", wish, 201)


def send(hall, form, dies_at, when, **data):
    """Sends while the hub dies at that write, and waits until it is done."""
    path, data = f"/forms/{form['id']}", {**form["data"], **data}
    saved = hall.post("kiosk-1", path + "/answers", {"revision": form["revision"], "data": data})
    assert saved["saved"] == "source", saved
    hall.fate.set(dies_at, when)
    body = {"revision": saved["revision"], "data": data, "privacy": True, "truth": True}
    told = hall.post("kiosk-1", path + "/send", body)
    assert told["state"] in ("sending", "sent"), told
    hall.spare()
    wait_for(lambda: hall.get("kiosk-1", path)["state"] == "sent", "it was not sent")
    return hall.get("kiosk-1", path)


def what_changed_elsewhere_is_told_and_stays(hall, form, change, key, theirs):
    """`change` is somebody else's, at the source itself; `theirs` is what then stands under `key`."""
    path = f"/forms/{form['id']}"
    data = {**form["data"], key: "Mijn woorden"}
    saved = hall.post("kiosk-1", path + "/answers", {"revision": form["revision"], "data": data})
    assert saved["saved"] == "source", saved
    change()
    body = {"revision": saved["revision"], "data": {**data, key: "Andere woorden"}}
    assert hall.post("kiosk-1", path + "/answers", body, 409)["code"] == "form_changed"
    there = hall.get("kiosk-1", path)
    assert there["data"][key] == theirs and there["revision"] > saved["revision"] and there["is_at_source"], there
    body.update(privacy=True, truth=True)  # as a screen that has not looked
    assert hall.post("kiosk-1", path + "/send", body, 409)["code"] == "form_changed"
    there = hall.get("kiosk-1", path)
    assert there["data"][key] == theirs and there["state"] == "open", there
    return there


def a_task_is_done_once_whenever_the_hub_dies(hall, visit):
    tasks = [each["id"] for each in visit["requests"] if each["kind"] == "form"]
    for task, (dies_at, when) in zip(tasks, ((1, AFTER), (2, BEFORE)), strict=False):
        name = task.partition(":")[2]
        theirs = {"details": {"ontvangenGegevens": {"adres": "Molenweg 9"}}}
        form = what_changed_elsewhere_is_told_and_stays(
            hall, opened(hall, visit, {"request": task}),
            lambda: hall.desk.ask_town("PATCH", f"{TASKS}/{name}", theirs, TASKS_TOKEN), "adres", "Molenweg 9")
        deaths = hall.deaths
        send(hall, form, dies_at, when, kenteken="GV-27-XK")
        assert hall.deaths > deaths, "the hub did not die"
        done = [line for line in hall.desk.told("PATCH", name) if "uitgevoerd" in json.dumps(line["request_body"])]
        assert len(done) == 1, f"{task} was sent {len(done)} times"


def draft_of(hall, name):
    return next(each for each in hall.desk.ask_town("GET", "/demo/forms") if each["form"] == name)


def a_draft_is_completed_once_and_its_refusals_are_told(hall, _):
    draft = draft_of(hall, DRAFT)
    by_link = {"code": draft["link"], "language": "nl"}
    visit = hall.post("kiosk-1", "/visits", by_link, 201)
    assert [each["title"] for each in visit["requests"]] == ["Vraag of klacht"], visit
    resumed = len(hall.desk.told("GET", "/resume"))
    form = opened(hall, visit, {"request": visit["requests"][0]["id"]})
    assert len(hall.desk.told("GET", "/resume")) == resumed, "the session of the link is not used again"
    assert form["data"]["voornaam"] == "Nadia" and form["needs_consent"] == {"privacy": True, "truth": True}, form
    theirs = {"submission": draft["uuid"], "action": "answer", "step": form["steps"][0]["id"],
              "data": {**form["data"], "voornaam": "Sanne"}}
    form = what_changed_elsewhere_is_told_and_stays(
        hall, form, lambda: hall.desk.ask_town("POST", "/demo/forms", theirs), "voornaam", "Sanne")
    body = {"revision": form["revision"], "data": form["data"], "privacy": True, "truth": True}
    problem = hall.post("kiosk-1", f"/forms/{form['id']}/send", body, 422)
    assert {"key": "omschrijving", "reason": "Dit veld is verplicht."} in problem["invalid"], problem
    form = hall.get("kiosk-1", f"/forms/{form['id']}")
    assert form["state"] == "open", form
    send(hall, form, 2, BEFORE, **WORDS)  # its reference died with the answer: nobody can ask for it again
    assert draft_of(hall, DRAFT)["completions"] == 1, draft_of(hall, DRAFT)
    hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})
    problem = hall.post("kiosk-1", "/visits", by_link, 422)
    assert problem["code"] == "link_used", problem


def a_form_behind_a_login_says_where_and_keeps_the_link_to_itself(hall, _):
    draft = draft_of(hall, "vraag-met-digid")
    problem = hall.post("kiosk-1", "/visits", {"code": draft["link"], "language": "nl"}, 422)
    assert problem["code"] == "form_login" and "digid" in problem["login_url"], problem
    assert "submissions" not in problem["login_url"], "the link is shown to everybody"


def main():
    began = time.monotonic()
    with open_hall(TownDesk) as hall:
        visit = hall.visit()
        for story in (a_task_is_done_once_whenever_the_hub_dies, a_draft_is_completed_once_and_its_refusals_are_told,
                      a_form_behind_a_login_says_where_and_keeps_the_link_to_itself):
            story(hall, visit)
            print(story.__name__, flush=True)
        hall.post("kiosk-1", f"/visits/{visit['id']}/end", {})
        wait_for(lambda: hall.ask_store("SELECT count(*) FROM form") == [(0,)], "a form's row stays")
        log = (hall.desk.folder / "hub.log").read_text(encoding="utf-8")
        assert "Sanitizer" not in log, log[-4000:]
        for word in (*WORDS.values(), "GV-27-XK"):
            assert word not in log, "answers stand in the log"
        assert "/resume" not in log, "a link stands in the log"
    print(f"{time.monotonic() - began:.0f} s")


main()
