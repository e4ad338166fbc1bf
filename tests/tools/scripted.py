# SPDX-License-Identifier: EUPL-1.2
#
# A hub whose source of forms has moods, and the test that decides them: the other end of
# tests/tools/scripted_hub.c.
import datetime
import json
import os
import pathlib

from desk import Desk
from hall import wait_for

ALL = {"person": True, "request": True, "others": True}
EMPTY = {"title": "Parkeervergunning", "steps": [{"id": "", "name": "", "components": [
    {"type": "licenseplate", "key": "kenteken", "label": "Kenteken"},
    {"type": "textfield", "key": "waarom", "label": "Waarom"},
    {"type": "file", "key": "foto", "label": "Foto"},
    {"type": "file", "key": "blad", "label": "Rekenblad", "filePattern": ".xlsx"}]}], "rules": [], "prefill": {"naam": "N. Haddad"},
    "data": {"naam": "N. Haddad"}, "asks_source": False, "takes_files": True, "needs_consent": {"privacy": True, "truth": True},
    "state": "open", "writes": 0}


SUBMISSION, HASH = "6a8c0a52-0000-4000-8000-00000000000a", "0b5ea1deadbeef00beef"


def stamp(days_ago):
    """A day as Open Forms writes it into its links: since 2001, base 36."""
    days = (datetime.date.today() - datetime.date(2001, 1, 1)).days - days_ago
    digits = ""
    while days > 0:
        days, digit = divmod(days, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def link_of(desk, days_ago=1, place=None, submission=SUBMISSION):
    """The link of a form that was begun at home, mailed so many days ago."""
    return f"{place or desk.town + '/openforms'}/submissions/{submission}/{stamp(days_ago)}-{HASH}/resume"


class ScriptedDesk(Desk):
    """The hub with a source of forms whose moods the test decides."""

    def start_town(self):
        super().start_town()
        self.script = self.folder / "script"
        self.script.mkdir()
        self.mood("up")
        self.source(EMPTY)

    def start(self, name, *words, **more):
        if name == "hub":
            words = (pathlib.Path(os.environ["INLOOP_BUILD"]) / "tests/scripted_hub", words[1], words[2], self.script)
        return super().start(name, *words, **more)

    def replace(self, name, words):
        (self.script / "new").write_text(words, encoding="utf-8")
        (self.script / "new").rename(self.script / name)

    def mood(self, word):
        self.replace("mood", word)

    def source(self, state=None):
        """What stands there, and with `state` puts that there."""
        if state is not None:
            self.replace("source.json", json.dumps(state))
            self.replace("heard.jsonl", "")
        return json.loads((self.script / "source.json").read_text(encoding="utf-8"))

    def heard(self, question):
        lines = (self.script / "heard.jsonl").read_text(encoding="utf-8").splitlines()
        return [line for line in map(json.loads, lines) if line["question"] == question]


class Visitor:
    """Nadia at a kiosk with her form."""

    def __init__(self, hall, kiosk="kiosk-1", source=None, language="ar"):
        self.hall = hall
        self.desk = hall.desk
        self.kiosk = kiosk
        self.language = language
        self.desk.mood("up")
        self.desk.source(source or EMPTY)
        self.begin()

    def begin(self):
        self.visit = self.hall.visit(language=self.language)
        self.request = next(each["id"] for each in self.visit["requests"] if each["kind"] == "form")

    def open(self, kiosk=None):
        return self.hall.post(kiosk or self.kiosk, f"/visits/{self.visit['id']}/forms", {"request": self.request}, 201)

    def answer(self, form, status=200, name=None, key="waarom", **data):
        body = {"revision": form["revision"], "data": {**form["data"], **data}, "place": {"key": key}}
        told = self.hall.post(name or self.kiosk, f"/forms/{form['id']}/answers", body, status)
        if status == 200:
            form["revision"], form["data"] = told["revision"], body["data"]
        return told

    def send(self, form, status=200, name=None, **data):
        body = {"revision": form["revision"], "data": {**form["data"], **data}, "privacy": True, "truth": True}
        return self.hall.post(name or self.kiosk, f"/forms/{form['id']}/send", body, status)

    def read(self, form, name=None):
        return self.hall.get(name or self.kiosk, f"/forms/{form['id']}")

    def end(self):
        self.hall.post("kiosk-1", f"/visits/{self.visit['id']}/end", {})

    def stands_there(self, **data):
        wait_for(lambda: self.desk.source()["data"] == {**EMPTY["data"], **data}, "the source did not hear")

    def row_is_gone(self):
        wait_for(lambda: self.hall.ask_store("SELECT count(*) FROM form") == [(0,)], "the form's row stays")


def refused(hall, name, path, body, status, code):
    hall.devices[name].close()  # its line may be one to a hub that died
    answer = hall.devices[name].post(path, body)
    assert (answer.status, answer.body.get("code")) == (status, code), (path, answer.status, answer.body)
    return answer.body
