# SPDX-License-Identifier: EUPL-1.2
#
# A resident fills in a task of the town on the kiosk, another her form of Open Forms, while at every
# page boundary, and in the middle of sending, something dies or is unplugged: the kiosk, the hub, the
# town, the cable on either side of the hub. What the line below the question said was kept stands at
# the town in the end, the town was told once that it is done, and no screen said so before it was.
# Then somebody else changes it meanwhile: that is shown and stays.
import concurrent.futures
import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

from desk import ROOT, Desk
from screen import Lost
from tour import RESIDENT, type_birth_date

sys.path.insert(0, str(ROOT / "tests/tools"))
from device import eventually  # noqa: E402
from proxy import Proxy  # noqa: E402
from wire import Wire  # noqa: E402

BUILD = pathlib.Path(os.environ["INLOOP_BUILD"])
AT_ONCE = 4  # journeys: mostly they wait for a hand

KEPT_THERE = "We bewaren uw antwoorden. U kunt later verder."
KEPT_HERE = "Bewaard in dit gebouw. We sturen het straks door."
NOT_YET = ("We bewaren uw antwoord.", "Nog niet bewaard. We proberen het opnieuw.")
SENT = "Het is verstuurd"
CHANGED = "Uw antwoorden\nzijn veranderd"


class Task:
    """Nadia's task in the town's VTB. `pages`: what is pressed on each, and what the town has of it then."""

    uuid = "e226e393-2a51-47c2-acf1-6d0c71914bef"
    path = f"/taken/api/v1/formuliertaken/{uuid}"
    source = "taken"
    base = "/taken/"
    writes = "PATCH /taken/"
    is_told = ("PATCH", path)
    pages = [("adres", ["b"], "Kerkstraat 12b"), ("kenteken", [*"gv27xk"], "GV-27-XK"),
             ("gebied", [1], "c"), ("betalen", [1], "jaar")]
    theirs = {"adres": "Kerkstraat 14", "kenteken": "AB-12-CD", "gebied": "b"}

    @classmethod
    def alone(cls, matters, _):
        matters["tasks"] = [task for task in matters["tasks"] if task["uuid"] == cls.uuid]
        matters["cases"] = [case for case in matters["cases"] if case["identificatie"] == matters["tasks"][0]["case"]]

    def __init__(self, desk):
        self.desk = desk

    def kept(self):
        return self.desk.kept("tasks", self.uuid)

    def answers(self):
        return self.kept().get("details", {}).get("ontvangenGegevens", {})

    def is_done(self):
        return self.kept().get("status") == "uitgevoerd"

    def told_done(self):
        """How often the town was told that it is done, whatever came of it."""
        bodies = [json.loads(body) for method, path, body in self.desk.proxy.passed if (method, path) == self.is_told]
        return sum(body.get("status") == "uitgevoerd" for body in bodies)

    def change(self):
        """As somebody would elsewhere."""
        self.desk.ask_town("PATCH", self.path, {"details": {"ontvangenGegevens": self.theirs}}, "Token voorbeeld-taken")

    def open(self, kiosk):
        kiosk.see("scan")
        self.desk.hold_under_scanner(RESIDENT, "live")
        type_birth_date(kiosk)
        kiosk.click("request.0")

    def begin(self, kiosk):
        self.open(kiosk)
        kiosk.click("finish")
        kiosk.click("again")

    def resume(self, kiosk):
        self.open(kiosk)
        kiosk.click("finish")

    def agree(self, kiosk):
        """What is to be ticked before it is sent."""

    def is_over(self, kiosk):
        self.open(kiosk)
        kiosk.see("to_counter")
        assert not kiosk.has("finish"), "what is sent is asked for again"
        kiosk.click("bar.stop")


class Draft:
    """A form that was begun at home, by its link; nothing is filled in yet."""

    uuid = "f6a1d2c4-3b0e-4d57-9a86-2c1b7e5f0d39"
    step = "5ecc97b0-9ada-4e87-8cfa-98ae7dd4e5b3"
    source = "open_forms"
    base = "/openforms/"
    writes = "POST /openforms/api/v2/submissions/"
    pages = [("voornaam", [*"ada"], "Ada"), ("achternaam", [*"byron"], "Byron"),
             ("email", ["a", "at", "b", "dot", "n", "l"], "a@b.nl"), ("omschrijving", [*"stuk"], "Stuk")]
    theirs = {"voornaam": "Mies", "achternaam": "Oefening", "email": "m@b.nl"}

    @classmethod
    def alone(cls, _, forms):
        forms["submissions"] = [each for each in forms["submissions"] if each["uuid"] == cls.uuid]
        forms["submissions"][0]["data"] = {}

    def __init__(self, desk):
        self.desk = desk
        link = desk.ask_town("POST", "/demo/tokens", {"resident": "amina", "kind": "draft"})["code"]
        self.link = link.replace(desk.town, desk.proxy.url)

    def kept(self):
        return self.desk.kept("submissions", self.uuid)

    def answers(self):
        return {key: value for step in self.kept().get("data", {}).values() for key, value in step.items() if value}

    def is_done(self):
        return self.kept().get("state") == "completed"

    def told_done(self):
        return self.kept().get("completions", 0)

    def change(self):
        self.desk.ask_town("POST", "/demo/forms", {"submission": self.uuid, "action": "answer", "step": self.step,
                                                   "data": self.theirs})

    def open(self, kiosk):
        kiosk.see("scan")
        self.desk.hold_text(self.link)

    begin = resume = open

    def agree(self, kiosk):
        kiosk.click("privacy")
        kiosk.click("truth")

    def is_over(self, kiosk):
        self.open(kiosk)
        kiosk.see(lambda node: node["name"].startswith("Uw formulier is al verstuurd"), "that it is sent")


class BreakableDesk(Desk):
    """One matter, and a cable that can be pulled out on either side of the hub."""

    def __init__(self, matter, *how, **more):
        super().__init__(*how, town_change=matter.alone, **more)
        self.wires = []

    def start_town(self):
        super().start_town()
        if not self.wires:
            self.proxy = Proxy(self.town, is_front=True)
            self.wire = Wire(lambda: self.hub_port)
            self.wires = [self.proxy, self.wire]

    def __exit__(self, *told):
        super().__exit__(*told)
        for wire in self.wires:
            wire.close()

    def hub_lines(self):
        return [line.replace(self.town, self.proxy.url) if line.startswith(("taken.url", "open_forms.url")) else line
                for line in super().hub_lines()]

    def device_lines(self, device):
        return [line.replace(f":{self.hub_port}", f":{self.wire.port}") for line in super().device_lines(device)]

    def restart_kiosk(self):
        (self.folder / "kiosk.tree.json").unlink()
        self.start_screen("kiosk")


class Visitor:
    """Somebody at the kiosk, and somebody else who looks over her shoulder all the time."""

    def __init__(self, desk, matter):
        self.desk = desk
        self.matter = matter
        self.given = {}
        self.said = []  # what the screen told, one after the other
        self.is_over = threading.Event()
        self.lies = []
        self.watcher = threading.Thread(target=self.watch)
        self.watcher.start()

    @property
    def kiosk(self):
        return self.desk.screens["kiosk"]

    def watch(self):
        while not self.is_over.wait(0.01):
            with contextlib.suppress(KeyError):  # no kiosk yet
                nodes = {node["id"]: node["name"] for node in self.kiosk.nodes()}
                words = " / ".join(nodes[id] for id in ("field.steps", "title", "saved", "so", "long") if nodes.get(id))
                if words and (not self.said or self.said[-1] != words):
                    self.said.append(words)
                if nodes.get("title") == SENT and not self.matter.is_done():
                    self.lies.append(f"it said {words!r} before it was so")

    def begin(self):
        self.matter.begin(self.kiosk)
        self.sees_page(0)

    def goes_on(self, page):
        """Opens it anew and is where she was: the answer she last gave is still there."""
        self.matter.resume(self.kiosk)
        count = page + 1
        words = f"{count} vragen zijn" if count > 1 else f"{count} vraag is"
        self.kiosk.see(lambda node: node["id"] == "go_on" and words in node["name"], f"that {words} filled in")
        self.kiosk.click("go_on")
        self.sees_page(page)
        self.kiosk.click("next")
        self.sees_page(page + 1)

    def sees_page(self, page):
        if page == len(self.matter.pages):
            self.kiosk.see("form_check")
        else:
            words = f"Stap {page + 1} van {len(self.matter.pages)}"
            self.kiosk.see(lambda node: node["id"] == "field.steps" and node["name"] == words, words)

    def answer(self, page):
        key, keys, value = self.matter.pages[page]
        for each in keys:
            self.kiosk.click(f"key.{each}" if isinstance(each, str) else f"choice.{each}")
        self.given[key] = value

    def hears(self, *lines):
        """The line below the question, as soon as it is one of these."""
        return self.kiosk.see(lambda node: node["id"] == "saved" and node["name"] in lines, lines)["name"]

    def hears_of_the_hub(self, page):
        """That the hub alone has it; on every other page she does not wait for that."""
        self.hears(*[KEPT_HERE] if page % 2 == 0 else [KEPT_HERE, *NOT_YET])

    def says_sent(self):
        return any(node["id"] == "title" and node["name"] == SENT for node in self.kiosk.nodes())

    def is_kept(self):
        """What she has given is kept, and where the line says."""
        if self.hears(KEPT_THERE, KEPT_HERE) == KEPT_THERE:
            there = self.matter.answers()
            held = {key: there.get(key) for key in self.given}
            assert held == self.given, f"the line says it is kept; there is {there}"

    def sends(self):
        self.matter.agree(self.kiosk)
        self.kiosk.click("next")

    def is_sent(self):
        self.kiosk.see(lambda node: node["id"] == "title" and node["name"] == SENT, SENT)
        assert self.matter.is_done() and self.matter.answers() == self.given, self.matter.kept()
        self.kiosk.click("done")
        self.kiosk.see("scan")

    def close(self):
        self.is_over.set()
        self.watcher.join()


# --- what goes wrong: at a page boundary (until the visitor sees the next page), and while sending


class KioskDies:
    @contextlib.contextmanager
    def at_page(self, visitor, page):
        yield
        visitor.is_kept()
        visitor.desk.kill("kiosk")
        visitor.desk.restart_kiosk()
        visitor.goes_on(page)

    def at_sending(self, visitor):
        desk = visitor.desk
        desk.proxy.bad = {visitor.matter.writes: "held"}
        visitor.sends()
        assert desk.proxy.held.wait(60), "nothing was sent"
        desk.kill("kiosk")
        desk.proxy.heal()
        desk.restart_kiosk()
        visitor.matter.is_over(visitor.kiosk)


class HubDies:
    @contextlib.contextmanager
    def at_page(self, visitor, page):
        visitor.desk.kill_hub()
        yield
        visitor.hears(*NOT_YET)
        visitor.desk.run_hub()

    def at_sending(self, visitor):
        desk = visitor.desk
        desk.proxy.bad = {visitor.matter.writes: "held"}
        visitor.sends()
        assert desk.proxy.held.wait(60), "nothing was sent"
        desk.kill_hub()
        desk.proxy.heal()
        assert not visitor.says_sent()
        desk.run_hub()
        visitor.is_sent()


class TownDies:
    @contextlib.contextmanager
    def at_page(self, visitor, page):
        visitor.desk.kill("townhall")
        yield
        visitor.hears_of_the_hub(page)
        visitor.desk.start_town()

    def at_sending(self, visitor):
        desk = visitor.desk
        desk.ask_town("POST", "/demo/faults", {"source": visitor.matter.source, "kind": "dies"})
        town = next(process for process in desk.running if process.name == "townhall")
        visitor.sends()
        town.wait(60)
        desk.running.remove(town)
        assert not visitor.says_sent()
        desk.start_town()
        visitor.is_sent()


class KioskIsUnplugged:
    """Or nothing arrives on its cable."""

    @contextlib.contextmanager
    def at_page(self, visitor, page):
        wire = visitor.desk.wire
        (wire.cut if page % 2 == 0 else wire.hush)()
        yield
        visitor.hears(*NOT_YET)
        wire.heal()

    def at_sending(self, visitor):
        desk = visitor.desk
        desk.proxy.bad = {visitor.matter.writes: "held"}
        visitor.sends()
        assert desk.proxy.held.wait(60), "nothing was sent"
        desk.wire.hush()
        desk.proxy.heal()
        eventually(lambda: desk.ask_store("SELECT 1 FROM audit WHERE action = 'form_write' AND result = 'sent'"),
                   "the hub does not hear that it is done")
        assert not visitor.says_sent(), "nobody told it"
        desk.wire.cut()  # what was under way is lost
        desk.wire.heal()
        visitor.is_sent()


class TownIsUnplugged:
    """And the hub dies while only its own disk has the answers."""

    @contextlib.contextmanager
    def at_page(self, visitor, page):
        visitor.desk.proxy.bad = {visitor.matter.base: "silent" if page % 2 == 0 else "closed"}
        yield
        visitor.hears_of_the_hub(page)
        if page == 2:
            visitor.desk.kill_hub()
            visitor.desk.run_hub()
        visitor.desk.proxy.heal()

    def at_sending(self, visitor):
        visitor.desk.proxy.bad = {visitor.matter.writes: "silent"}
        visitor.sends()
        visitor.kiosk.see("long", "that it takes long")
        assert not visitor.matter.is_done()
        visitor.desk.proxy.heal()
        visitor.is_sent()


def fill_in(visitor, fault):
    visitor.begin()
    for page in range(len(visitor.matter.pages)):
        visitor.answer(page)
        with fault.at_page(visitor, page):
            visitor.kiosk.click("next")
            visitor.sees_page(page + 1)
        visitor.is_kept()
    fault.at_sending(visitor)
    eventually(lambda: visitor.matter.is_done() and visitor.matter.answers() == visitor.given, "it does not stand there")
    assert visitor.matter.told_done() == 1, f"the town was told {visitor.matter.told_done()} times"


def fill_in_what_changes_elsewhere(visitor):
    visitor.begin()
    for page in (0, 1):
        visitor.answer(page)
        visitor.kiosk.click("next")
        visitor.sees_page(page + 1)
        visitor.is_kept()
    visitor.matter.change()
    visitor.answer(2)
    visitor.kiosk.click("next")
    visitor.kiosk.see(lambda node: node["id"] == "title" and node["name"] == CHANGED, CHANGED)
    assert visitor.matter.answers() == visitor.matter.theirs, "what stood there was overwritten"
    visitor.kiosk.click("retry")
    visitor.kiosk.see("form_check")
    visitor.kiosk.click("next")  # shows what is still open
    visitor.sees_page(3)
    visitor.answer(3)
    visitor.given = {**visitor.matter.theirs, visitor.matter.pages[3][0]: visitor.matter.pages[3][2]}
    visitor.kiosk.click("next")
    visitor.sees_page(4)
    visitor.is_kept()
    visitor.sends()
    visitor.is_sent()
    assert visitor.matter.told_done() == 1


FAULTS = {"kiosk dies": KioskDies, "hub dies": HubDies, "town dies": TownDies, "kiosk is unplugged": KioskIsUnplugged,
          "town is unplugged": TownIsUnplugged}
MATTERS = {"task": Task, "draft": Draft}
STORIES = [(matter, story) for story in (*FAULTS, "changed elsewhere") for matter in MATTERS]


def tell(name, story):
    began = time.monotonic()
    matter = MATTERS[name]
    with tempfile.TemporaryDirectory() as folder, \
            BreakableDesk(matter, BUILD, pathlib.Path(folder) / "desk", headless=True, screens=("kiosk",),
                          devices=[("kiosk-1", "kiosk", "")]) as desk:
        visitor = Visitor(desk, matter(desk))
        try:
            if story in FAULTS:
                fill_in(visitor, FAULTS[story]())
            else:
                fill_in_what_changes_elsewhere(visitor)
        except (AssertionError, Lost, TimeoutError):
            print(f"{name}: {story}:", *visitor.said, sep="\n  ", file=sys.stderr)
            desk.say_logs()
            raise
        finally:
            visitor.close()
        assert not visitor.lies, visitor.lies
        for log in desk.folder.glob("*.log"):
            assert "Sanitizer" not in log.read_text(encoding="utf-8", errors="replace"), log.read_text()[-4000:]
    print(f"{name}: {story}: {time.monotonic() - began:.0f} s", flush=True)


def main():
    if len(sys.argv) > 1:
        tell(*sys.argv[1:])
        return
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        # Each in a program of its own: it has a display to itself.
        told = [pool.submit(subprocess.run, [sys.executable, __file__, *story], check=True) for story in STORIES]
        for each in told:
            each.result()


main()
