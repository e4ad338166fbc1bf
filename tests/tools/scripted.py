# SPDX-License-Identifier: EUPL-1.2
#
# A hub whose source of forms has moods, and the test that decides them: the other end of
# tests/tools/scripted_hub.c.
import json
import os
import pathlib

from desk import Desk

EMPTY = {"title": "Parkeervergunning", "steps": [{"id": "", "name": "", "components": [
    {"type": "licenseplate", "key": "kenteken", "label": "Kenteken"},
    {"type": "textfield", "key": "waarom", "label": "Waarom"}]}], "rules": [], "prefill": {"naam": "N. Haddad"},
    "data": {"naam": "N. Haddad"}, "asks_source": False, "needs_consent": {"privacy": True, "truth": True},
    "state": "open", "writes": 0}


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
