# SPDX-License-Identifier: EUPL-1.2
#
# Something new, as people do it: somebody without a code begins a published form on the real kiosk,
# does not get further, and the counter sends it with her answers, though the source forgot the form
# while she waited and the hub started again. It stands at the municipality once.
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from desk import Desk  # noqa: E402
from device import eventually  # noqa: E402
from tour import Pictures, see_step, sign_in  # noqa: E402

FORM = "Vraag of klacht"
WORDS = "De lantaarn voor mijn deur is stuk"
LOST, CONNECTED = "Geen verbinding", "Verbonden"


def says(words):
    return lambda node: words in node["name"]


def begin(kiosk):
    kiosk.see("scan")
    kiosk.click("no_code")
    kiosk.click("new")
    form = kiosk.see(lambda node: node["id"].startswith("form.") and node["name"].startswith(FORM), FORM)
    kiosk.click(form["id"])


def answer(kiosk, keys):
    kiosk.see("next")
    for key in keys:
        kiosk.click(f"key.{key}")
    kiosk.click("next")


def get_stuck(kiosk):
    see_step(kiosk, "Stap 1 van 4")
    for step, keys in enumerate(("ada", "byron"), 2):
        answer(kiosk, keys)
        see_step(kiosk, f"Stap {step} van 4")
    kiosk.click("ask")
    kiosk.see("agree")
    kiosk.click("agree")
    number = kiosk.see("ticket.number")["name"]
    kiosk.click("done")
    kiosk.see("welcome")
    return number


def forget(desk):
    """Fifteen minutes later, at the source."""
    some = desk.ask_town("GET", "/demo/forms")[0]["uuid"]
    desk.ask_town("POST", "/demo/forms", {"submission": some, "action": "end_session"})


def finish(desk, counter):
    counter.press("F2")
    counter.see("context.stuck")
    counter.press("Return")
    counter.see("form.fill")
    counter.press("F3")
    counter.see("step")
    counter.type("ada@example.test")
    counter.press("Return")
    counter.see(lambda node: node["id"] == "step" and "4" in node["name"], "the last question")
    counter.type(WORDS)
    counter.press("F10")
    counter.see("privacy")
    counter.click("privacy")
    counter.click("truth")
    counter.press("Return")
    counter.see("form.sent")


def begun(desk):
    return [each for each in desk.ask_town("GET", "/demo/forms")
            if each["form"] == "vraag-of-klacht" and "byron" in str(each["data"]).lower()]


def walk(desk, folder):
    kiosk, counter = desk.screens["kiosk"], desk.screens["counter"]
    sign_in(desk, counter, Pictures(folder))
    begin(kiosk)
    get_stuck(kiosk)
    forget(desk)
    desk.kill_hub()
    counter.see(says(LOST), LOST)
    desk.run_hub()
    counter.see(says(CONNECTED), CONNECTED)
    finish(desk, counter)
    eventually(lambda: [each["completions"] for each in begun(desk)].count(1) == 1, "it was not sent once")
    sent = next(each for each in begun(desk) if each["completions"] == 1)
    assert WORDS in str(sent["data"]) and "ada@example.test" in str(sent["data"]), sent
    for log in desk.folder.glob("*.log"):
        words = log.read_text(encoding="utf-8")
        assert "byron" not in words.lower() and "Sanitizer" not in words, words[-2000:]


def main():
    with tempfile.TemporaryDirectory() as name, \
            Desk(os.environ["INLOOP_BUILD"], pathlib.Path(name) / "desk", headless=True, screens=("kiosk", "counter")) as desk:
        try:
            walk(desk, pathlib.Path(name))
        except BaseException:
            desk.say_logs()
            raise


main()
