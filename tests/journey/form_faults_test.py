# SPDX-License-Identifier: EUPL-1.2
#
# A resident fills in a task of the town on the kiosk while at every page boundary, and in the middle
# of sending, something dies or is unplugged: the kiosk, the hub, the town, the cable on either side
# of the hub. What the line below the question said was kept stands at the town in the end, the town
# was told once that the task is done, and no screen said so before it was. Then the town itself
# changes the task meanwhile: that is shown and stays.
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
TASK = "e226e393-2a51-47c2-acf1-6d0c71914bef"
TASKS = f"/taken/api/v1/formuliertaken/{TASK}"
WRITES = "PATCH /taken/"
AT_ONCE = 3  # journeys: mostly they wait for a hand

KEPT_THERE = "We bewaren uw antwoorden. U kunt later verder."
KEPT_HERE = "Bewaard in dit gebouw. We sturen het straks door."
NOT_YET = ("We bewaren uw antwoord.", "Nog niet bewaard. We proberen het opnieuw.")
SENT = "Het is verstuurd"
CHANGED = "Uw antwoorden\nzijn veranderd"
# What is pressed on each page, and what the town has of it then.
PAGES = [("adres", ["key.b"], "Kerkstraat 12b"), ("kenteken", [f"key.{key}" for key in "gv27xk"], "GV-27-XK"),
         ("gebied", ["choice.1"], "c"), ("betalen", ["choice.1"], "jaar")]


def only_one_task(matters):
    matters["tasks"] = [task for task in matters["tasks"] if task["uuid"] == TASK]
    matters["cases"] = [case for case in matters["cases"] if case["identificatie"] == matters["tasks"][0]["case"]]


class BreakableDesk(Desk):
    """One task, and a cable that can be pulled out on either side of the hub."""

    def __init__(self, *how, **more):
        super().__init__(*how, town_change=only_one_task, **more)
        self.wires = []

    def start_town(self):
        super().start_town()
        if not self.wires:
            self.proxy = Proxy(self.town)
            self.wire = Wire(lambda: self.hub_port)
            self.wires = [self.proxy, self.wire]

    def __exit__(self, *told):
        super().__exit__(*told)
        for wire in self.wires:
            wire.close()

    def hub_lines(self):
        lines = [line for line in super().hub_lines() if not line.startswith("taken.url")]
        return [*lines, f"taken.url = {self.proxy.url}/taken/api/v1"]

    def device_lines(self, device):
        return [line.replace(f":{self.hub_port}", f":{self.wire.port}") for line in super().device_lines(device)]

    def restart_kiosk(self):
        (self.folder / "kiosk.tree.json").unlink()
        self.start_screen("kiosk")

    def told_done(self):
        """How often the town was told that it is done, whatever came of it."""
        bodies = [json.loads(body) for method, path, body in self.proxy.passed if method == "PATCH" and path == TASKS]
        return sum(body.get("status") == "uitgevoerd" for body in bodies)

    def is_done(self):
        return self.task(TASK).get("status") == "uitgevoerd"

    def answers(self):
        return self.task(TASK)["details"].get("ontvangenGegevens", {})


class Visitor:
    """Nadia at the kiosk, and somebody who looks over her shoulder all the time."""

    def __init__(self, desk):
        self.desk = desk
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
                if nodes.get("title") == SENT and not self.desk.is_done():
                    self.lies.append(f"it said {words!r} before it was so")

    def sign_in(self):
        self.kiosk.see("scan")
        self.desk.hold_under_scanner(RESIDENT, "live")
        type_birth_date(self.kiosk)

    def begin(self):
        self.sign_in()
        self.kiosk.click("request.0")
        self.kiosk.click("finish")
        self.kiosk.click("again")
        self.sees_page(0)

    def goes_on(self, page):
        """Signs in again and is where she was: the answer she last gave is still there."""
        self.sign_in()
        self.kiosk.click("request.0")
        self.kiosk.click("finish")
        count = page + 1
        words = f"{count} vragen zijn" if count > 1 else f"{count} vraag is"
        self.kiosk.see(lambda node: node["id"] == "go_on" and words in node["name"], f"that {words} filled in")
        self.kiosk.click("go_on")
        self.sees_page(page)
        self.kiosk.click("next")
        self.sees_page(page + 1)

    def sees_page(self, page):
        if page == len(PAGES):
            self.kiosk.see("form_check")
        else:
            words = f"Stap {page + 1} van {len(PAGES)}"
            self.kiosk.see(lambda node: node["id"] == "field.steps" and node["name"] == words, words)

    def answer(self, page):
        key, keys, value = PAGES[page]
        for each in keys:
            self.kiosk.click(each)
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
            there = self.desk.answers()
            held = {key: there.get(key) for key in self.given}
            assert held == self.given, f"the line says it is kept; there is {there}"

    def is_sent(self):
        self.kiosk.see(lambda node: node["id"] == "title" and node["name"] == SENT, SENT)
        assert self.desk.is_done() and self.desk.answers() == self.given, self.desk.task(TASK)
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
        desk.proxy.bad = {WRITES: "held"}
        visitor.kiosk.click("next")
        assert desk.proxy.held.wait(60), "nothing was sent"
        desk.kill("kiosk")
        desk.proxy.heal()
        desk.restart_kiosk()
        visitor.sign_in()
        visitor.kiosk.click("request.0")
        visitor.kiosk.see("to_counter")
        assert not visitor.kiosk.has("finish"), "what is sent is asked for again"
        visitor.kiosk.click("bar.stop")


class HubDies:
    @contextlib.contextmanager
    def at_page(self, visitor, page):
        visitor.desk.kill_hub()
        yield
        visitor.hears(*NOT_YET)
        visitor.desk.run_hub()

    def at_sending(self, visitor):
        desk = visitor.desk
        desk.proxy.bad = {WRITES: "held"}
        visitor.kiosk.click("next")
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
        desk.ask_town("POST", "/demo/faults", {"source": "taken", "kind": "dies"})
        town = next(process for process in desk.running if process.name == "townhall")
        visitor.kiosk.click("next")
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
        desk.proxy.bad = {WRITES: "held"}
        visitor.kiosk.click("next")
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
        visitor.desk.proxy.bad = {"/taken/": "silent" if page % 2 == 0 else "closed"}
        yield
        visitor.hears_of_the_hub(page)
        if page == 2:
            visitor.desk.kill_hub()
            visitor.desk.run_hub()
        visitor.desk.proxy.heal()

    def at_sending(self, visitor):
        visitor.desk.proxy.bad = {WRITES: "silent"}
        visitor.kiosk.click("next")
        visitor.kiosk.see("long", "that it takes long")
        assert not visitor.desk.is_done()
        visitor.desk.proxy.heal()
        visitor.is_sent()


def fill_in(visitor, fault):
    visitor.begin()
    for page in range(len(PAGES)):
        visitor.answer(page)
        with fault.at_page(visitor, page):
            visitor.kiosk.click("next")
            visitor.sees_page(page + 1)
        visitor.is_kept()
    fault.at_sending(visitor)
    eventually(lambda: visitor.desk.is_done() and visitor.desk.answers() == visitor.given, "it does not stand there")
    assert visitor.desk.told_done() == 1, f"the town was told {visitor.desk.told_done()} times"


def fill_in_what_changes_elsewhere(visitor):
    visitor.begin()
    for page in (0, 1):
        visitor.answer(page)
        visitor.kiosk.click("next")
        visitor.sees_page(page + 1)
        visitor.is_kept()
    theirs = {"adres": "Kerkstraat 14", "kenteken": "AB-12-CD", "gebied": "b"}
    visitor.desk.ask_town("PATCH", TASKS, {"details": {"ontvangenGegevens": theirs}}, "Token voorbeeld-taken")
    visitor.answer(2)
    visitor.kiosk.click("next")
    visitor.kiosk.see(lambda node: node["id"] == "title" and node["name"] == CHANGED, CHANGED)
    assert visitor.desk.answers() == theirs, "what stood there was overwritten"
    visitor.kiosk.click("retry")
    visitor.kiosk.see("form_check")
    visitor.kiosk.click("next")  # shows what is still open
    visitor.sees_page(3)
    visitor.answer(3)
    visitor.given = {**theirs, "betalen": "jaar"}
    visitor.kiosk.click("next")
    visitor.sees_page(4)
    visitor.is_kept()
    visitor.kiosk.click("next")
    visitor.is_sent()
    assert visitor.desk.told_done() == 1


STORIES = {"kiosk dies": lambda visitor: fill_in(visitor, KioskDies()),
           "hub dies": lambda visitor: fill_in(visitor, HubDies()),
           "town dies": lambda visitor: fill_in(visitor, TownDies()),
           "kiosk is unplugged": lambda visitor: fill_in(visitor, KioskIsUnplugged()),
           "town is unplugged": lambda visitor: fill_in(visitor, TownIsUnplugged()),
           "changed elsewhere": fill_in_what_changes_elsewhere}


def tell(name):
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, \
            BreakableDesk(BUILD, pathlib.Path(folder) / "desk", headless=True, screens=("kiosk",),
                          devices=[("kiosk-1", "kiosk", "")]) as desk:
        visitor = Visitor(desk)
        try:
            STORIES[name](visitor)
        except (AssertionError, Lost, TimeoutError):
            print(f"{name}:", *visitor.said, sep="\n  ", file=sys.stderr)
            desk.say_logs()
            raise
        finally:
            visitor.close()
        assert not visitor.lies, visitor.lies
        for log in desk.folder.glob("*.log"):
            assert "Sanitizer" not in log.read_text(encoding="utf-8", errors="replace"), log.read_text()[-4000:]
    print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)


def main():
    if len(sys.argv) > 1:
        tell(sys.argv[1])
        return
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        # Each in a program of its own: it has a display to itself.
        told = [pool.submit(subprocess.run, [sys.executable, __file__, name], check=True) for name in STORIES]
        for each in told:
            each.result()


main()
