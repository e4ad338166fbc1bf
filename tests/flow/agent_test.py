#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The agent as it runs on a device, on a machine of files: an update from the hub's order to the
# version that is kept, and every way in which the old one is back by itself and says why.
import concurrent.futures
import hashlib
import os
import pathlib
import sys
import tempfile

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from agent import Bundles, Hub, Machine, descriptors, technician  # noqa: E402
from hall import wait_for  # noqa: E402

GOOD = {}
UKI_OLD = b"works"
AT_ONCE = 4


class Story:
    def __init__(self, folder, bundles, name, more=None):
        self.hub = Hub()
        self.bundles = bundles
        self.machine = Machine(folder / name, self.hub.url, more=more)
        self.machine.health_is(GOOD)

    def __enter__(self):
        assert self.machine.boot() == "1.2"
        return self.hub, self.machine, self.bundles

    def __exit__(self, *trouble):
        self.machine.stop()
        self.hub.close()
        old = self.machine.slots / "inloop_1.2.efi"
        assert old.read_bytes() == UKI_OLD and self.machine.slots.stat().st_mode & 0o777 == 0o500, "the old one must stay"


def told(hub, state, reason=""):
    def is_told():
        update = hub.reports[-1]["update"] if hub.reports else {}
        return update.get("state") == state and reason in update.get("reason", "")
    wait_for(is_told, f"the hub is not told {state} {reason}")
    return hub.reports[-1]


def good_update(hub, machine, bundles):
    first = told(hub, "none")
    assert first["version"] == "1.2" and first["board"] == "test-board" and first["parts"]["printer"] == "low", first
    assert first["is_drawn"] and first["is_connected"] and not first["is_busy"] and first["paper_low"], first
    hub.order("2", bundles.make("2"))
    machine.restarts()
    assert machine.names() == ["inloop_1.2.efi", "inloop_2+3.efi"], machine.names()
    assert (machine.slots / "inloop_2+3.efi").read_bytes() == (bundles.folder / "uki").read_bytes()
    assert machine.boot() == "2"
    machine.is_at("blessed")
    assert machine.names() == ["inloop_1.2.efi", "inloop_2.efi"], machine.names()
    last = told(hub, "blessed")
    assert last["version"] == "2" and last["update"] == {"state": "blessed", "version": "2"}, last
    wait_for(lambda: machine.has_fetched() == 0, "the download is of no use any more")
    assert machine.boot() == "2"


def cut_lines(hub, machine, bundles):
    bundle = bundles.make("2")
    hub.cut_at = [100_000, 0, 250_001]
    hub.order("2", bundle)
    # It waits a while before it asks again; a new start does not.
    for fetches, size in ((1, 100_000), (2, 100_000), (3, 350_001)):
        wait_for(lambda fetches=fetches, size=size: len(hub.ranges) == fetches and machine.has_fetched() == size, f"{size} bytes")
        machine.kill()
        machine.boot()
    machine.restarts()
    assert hub.ranges == [None, "bytes=100000-", "bytes=100000-", "bytes=350001-"], hub.ranges
    assert machine.names() == ["inloop_1.2.efi", "inloop_2+3.efi"], machine.names()


def hub_without_ranges(hub, machine, bundles):
    hub.takes_ranges = False
    hub.cut_at = [100_000]
    hub.order("2", bundles.make("2"))
    wait_for(lambda: machine.has_fetched() == 100_000, "the first part")
    machine.kill()
    machine.boot()
    machine.restarts()
    assert machine.names() == ["inloop_1.2.efi", "inloop_2+3.efi"], machine.names()


def refused(hub, machine, bundles):
    """What is refused is said, and nothing of it stays; a later good one is taken all the same."""
    good = bundles.make("2")
    flipped = bytearray(good)
    flipped[len(flipped) // 2] ^= 4
    cases = [
        ("2", bundles.make("2", key="stranger"), {}, "not signed by a key we believe"),
        ("2", bytes(flipped), {}, "not the one that was signed"),
        ("2", good[:-1], {}, "cut short"),
        ("2", good + b"x", {}, "bytes behind the last payload"),
        ("1.1", bundles.make("1.1"), {}, "older than what runs here"),
        ("2", bundles.make("2", board="other-board"), {}, "made for board other-board, this is test-board"),
        ("2", bundles.make("2", town="utrecht"), {}, "made for town utrecht, this is denhaag"),
        ("3", bundles.make("3", minimum="2"), {}, "needs version 2 first"),
        ("2", bundles.make("2.1"), {}, "the hub said version 2, it is 2.1"),
        ("2", good, {"sha256": hashlib.sha256(b"other").hexdigest()}, "what came is not what the hub said it is"),
        ("2", good, {"bytes": len(good) - 1, "sha256": hashlib.sha256(b"less").hexdigest()}, "more bytes than the hub said"),
        ("2", good, {"bytes": len(good) + 1, "sha256": hashlib.sha256(b"more").hexdigest()}, "fewer bytes than the hub said"),
    ]
    for version, bundle, lies, reason in cases:
        hub.order(version, bundle, **lies)
        machine.is_at("refused", reason)
        told(hub, "refused", reason)
        wait_for(lambda: machine.has_fetched() == 0, reason)
        assert machine.names() == ["inloop_1.2.efi"], (reason, machine.names())
    asked = len(hub.ranges)
    reports = len(hub.reports)
    wait_for(lambda: len(hub.reports) > reports + 2, "it goes on reporting")
    assert len(hub.ranges) == asked, "what was refused is not fetched again"
    hub.order("2", good)
    machine.restarts()


def falls_back(hub, machine, bundles, reason, tries):
    """Three tries as told, then the old one is back, says why, and does not try that version again."""
    hub.order("2", bundles.make("2"))
    machine.restarts()
    for attempt in tries:
        attempt()
    assert machine.boot() == "1.2"
    machine.is_at("fell_back", reason)
    assert told(hub, "fell_back")["update"]["version"] == "2"
    wait_for(lambda: machine.names() == ["inloop_1.2.efi"], "the failed version goes")
    reports = len(hub.reports)
    wait_for(lambda: len(hub.reports) > reports + 3, "it goes on reporting")
    machine.is_at("fell_back", reason)


def never_starts(hub, machine, bundles):
    def panics():
        assert machine.boot(starts=False) == "2"
    falls_back(hub, machine, bundles, "never started", [panics] * 3)


def starts_and_hangs(hub, machine, bundles):
    def hangs():
        machine.health_is(None)
        assert machine.boot() == "2"
        wait_for(lambda: "stage = 1" in (machine.folder / "data/state.conf").read_text(encoding="utf-8"), "it runs")
        machine.kill()  # the watchdog
        machine.health_is(GOOD)
    falls_back(hub, machine, bundles, "started, then stopped before it drew anything", [hangs] * 3)


def try_with(machine, health):
    def tries():
        machine.health_is(health)
        machine.trial_s = 2
        assert machine.boot() == "2"
        machine.restarts()
        machine.trial_s = 120
        machine.health_is(GOOD)
    return [tries] * 3


def draws_nothing(hub, machine, bundles):
    falls_back(hub, machine, bundles, "started, but drew nothing", try_with(machine, {"is_drawn": 0}))


def reaches_no_hub(hub, machine, bundles):
    falls_back(hub, machine, bundles, "drew, but did not reach the hub", try_with(machine, {"is_connected": 0}))


def agent_reaches_no_hub(hub, machine, bundles):
    def tries():
        hub.is_silent = True
        machine.trial_s = 2
        assert machine.boot() == "2"
        machine.restarts()
        machine.trial_s = 120
        hub.is_silent = False
    falls_back(hub, machine, bundles, "drew, but did not reach the hub", [tries] * 3)


def loses_its_scanner(hub, machine, bundles):
    falls_back(hub, machine, bundles, "scanner is missing since", try_with(machine, {"scanner": "missing"}))


def good_at_the_last_try(hub, machine, bundles):
    hub.order("2", bundles.make("2"))
    machine.restarts()
    for attempt in try_with(machine, {"is_drawn": 0})[:2]:
        attempt()
    assert machine.boot() == "2"
    machine.is_at("blessed")
    assert machine.names() == ["inloop_1.2.efi", "inloop_2.efi"], machine.names()


def waits_for_the_night_and_for_people(hub, machine, bundles):
    hub.now = "2026-11-27T20:59:30Z"  # 21:59:30 in the hall
    hub.order("2", bundles.make("2"), window=("22:00", "05:00"))
    machine.health_is({"is_busy": 1})
    machine.is_at("waiting")
    reports = len(hub.reports)
    hub.now = "2026-11-27T21:30:00Z"
    wait_for(lambda: len(hub.reports) > reports + 2, "the night has come")
    machine.is_at("waiting")  # somebody is being served
    hub.now = "2026-11-27T12:00:00Z"
    reports = len(hub.reports)
    wait_for(lambda: len(hub.reports) > reports + 2, "the next day")
    machine.health_is(GOOD)
    reports = len(hub.reports)
    wait_for(lambda: len(hub.reports) > reports + 2, "nobody is there, but it is day")
    machine.is_at("waiting")
    hub.now = "2026-11-28T00:10:00Z"
    machine.restarts()


def an_order_taken_back(hub, machine, bundles):
    hub.order("2", bundles.make("2"), window=("22:00", "05:00"))
    machine.is_at("waiting")
    hub.run = None
    machine.is_at("none")
    wait_for(lambda: machine.has_fetched() == 0, "what was fetched goes")


def power_fails_anywhere(hub, machine, bundles):
    """Killed at moments all over the update: always one of both, and in the end the new one."""
    hub.order("2", bundles.make("2"))
    for wait in range(12):
        wait_for(lambda wait=wait: machine.agent.poll() is not None or
                 machine.has_fetched() or wait < 3, "it moves")
        if machine.agent.poll() is not None:
            machine.restarts()
        else:
            machine.kill()
        assert machine.boot() in ("1.2", "2")
        if machine.update().get("state") == "blessed":
            break
    for _ in range(3):
        if "inloop_2.efi" in machine.names():
            break
        wait_for(lambda: machine.agent.poll() is not None or "inloop_2.efi" in machine.names(), "on and on")
        if machine.agent.poll() is not None:
            machine.restarts()
            machine.boot()
    wait_for(lambda: machine.names() == ["inloop_1.2.efi", "inloop_2.efi"], str(machine.names()))


def plug(machine, port, words, serial=""):
    folder = machine.folder / "sysfs" / port
    folder.mkdir(parents=True)
    (folder / "descriptors").write_bytes(words)
    (folder / "serial").write_text(serial + "\n", encoding="utf-8")
    (folder / "authorized").write_text("0\n", encoding="utf-8")


def is_in(machine, port):
    return (machine.folder / "sysfs" / port / "authorized").read_text(encoding="utf-8").strip() == "1"


def usb_is_shut(hub, machine, bundles):
    stick = descriptors(0x0781, 0x5567, [(8, 6, 0x50)])
    plug(machine, "1-1", descriptors(0x1D6B, 2, [(9, 0, 0)], 9))
    plug(machine, "1-1.1", descriptors(0x0C2E, 0x0901, [(3, 0, 0)]))
    plug(machine, "1-1.2", stick)
    plug(machine, "1-1.3", descriptors(0x0C2E, 0x0901, [(3, 1, 1)]))  # a scanner that types
    plug(machine, "1-1.4", descriptors(0x046D, 0xC31C, [(3, 1, 1)]), "named")
    plug(machine, "1-2", b"\x12\x01 half a descriptor")
    machine.boot()
    for port in ("1-1", "1-1.1", "1-1.4"):
        wait_for(lambda port=port: is_in(machine, port), f"{port} is let in")
    wait_for(lambda: hub.reports and len(hub.reports[-1]["usb_refused"]) == 3, "the hub is told")
    found = {(entry["usb"], entry["kind"]) for entry in hub.reports[-1]["usb_refused"]}
    assert found == {("0781:5567", "storage"), ("0c2e:0901", "keyboard"), ("0000:0000", "unknown")}, found
    assert not any(is_in(machine, port) for port in ("1-1.2", "1-1.3", "1-2"))
    notes = (machine.run / "usb").read_text(encoding="utf-8").splitlines()
    assert len(notes) == 3 and any(note.startswith("0781:5567 storage 20") for note in notes), notes
    assert "0781:5567 at 1-1.2 is refused: storage" in machine.log()
    plug(machine, "2-1", descriptors(0x0BDA, 0x8153, [(255, 255, 0), (2, 6, 0), (10, 0, 0)]))  # while it runs
    wait_for(lambda: "0bda:8153 at 2-1 is refused: network" in machine.log(), "a network card")
    assert not is_in(machine, "2-1")


def logs_are_short_and_say_nothing_of_people(hub, machine, bundles):
    line = "2026-11-27T12:00:0{}Z error printer: 999990019 and jan@voorbeeld.example, {}\n"
    (machine.run / "log/screen.log").write_text("2026-11-27T11:00:00Z info screen: drawn\n", encoding="utf-8")
    kiosk = machine.run / "log/kiosk.log"
    kiosk.write_text("".join(line.format(at % 10, at) for at in range(2000)), encoding="utf-8")
    wait_for(lambda: kiosk.stat().st_size <= 64 * 1024 and kiosk.read_text(encoding="utf-8").endswith(line.format(9, 1999)),
             "it is cut, and its end stays")
    hub.wants_log = True
    wait_for(lambda: hub.logs, "the log is sent")
    log = hub.logs[0]
    assert "== kiosk.log" in log and "== screen.log" in log and "screen: drawn" in log and "error printer" in log, log[:300]
    assert len(log.encode()) <= 48 * 1024
    faults = hub.reports[-1]["faults"]
    assert len(faults) == 8 and all("error printer" in fault and len(fault.encode()) <= 120 for fault in faults), faults
    for words in (log, *faults):
        assert "999990019" not in words and "voorbeeld.example" not in words, words[:300]


def a_new_configuration_is_read(hub, machine, bundles):
    told(hub, "none")
    conf = machine.folder / "role.conf"
    new = machine.folder / "role.new"
    new.write_text(conf.read_text(encoding="utf-8").replace("hub.location = hall", ""), encoding="utf-8")
    new.chmod(0o640)
    new.rename(conf)
    wait_for(lambda: "not enrolled" in machine.log(), "it sees that it is not enrolled")
    new.write_text(conf.read_text(encoding="utf-8") + "hub.location = hall\n", encoding="utf-8")
    reports = len(hub.reports)
    new.chmod(0o640)
    new.rename(conf)
    wait_for(lambda: len(hub.reports) > reports, "and that it is")


def files_of_others_are_not_followed(hub, machine, bundles):
    told(hub, "none")
    secret = machine.folder / "device.key"
    secret.write_text("2026-11-27T12:00:00Z error never: to be told\n" * 4000, encoding="utf-8")
    size = secret.stat().st_size
    (machine.run / "log/kiosk.log").symlink_to(secret)
    (machine.run / ".usb.new").symlink_to(secret)
    plug(machine, "3-1", descriptors(0x0781, 0x5567, [(8, 6, 0x50)]))
    hub.wants_log = True
    wait_for(lambda: hub.logs and (machine.run / "usb").exists(), "log and notes are written")
    wait_for(lambda: hub.reports[-1]["usb_refused"], "and told")
    assert "to be told" not in hub.logs[0] and not hub.reports[-1]["faults"], hub.logs[0][:200]
    assert secret.stat().st_size == size and not (machine.run / "usb").is_symlink()
    conf = machine.folder / "role.conf"
    new = machine.folder / "role.new"
    new.write_text(conf.read_text(encoding="utf-8"), encoding="utf-8")
    new.chmod(0o666)
    new.rename(conf)
    assert machine.agent.wait(60) == 1
    assert "others may have written it" in machine.log()
    machine.agent = None


def command_line(folder):
    bundle = folder / "9-test-board-update.bundle"
    Bundles.make(BUNDLES, "9")
    shown = technician("bundle", "show", bundle, "--keys", folder / "update.pub.pem").stdout
    assert "version 9\n" in shown and "payload uki, 700000 bytes" in shown, shown
    for words in (("show", bundle, "--keys", folder / "stranger.pub.pem"), ("show", folder / "uki", "--keys", folder / "update.pub.pem"),
                  ("key", folder / "update.pem"), ("make", "--key", folder / "update.pem", "--version", "v9", "--board", "b", "--minimum", "1",
                                                   "--town", "*", "--out", folder / "no", f"uki={folder / 'uki'}")):
        done = technician("bundle", *words, check=False)
        assert done.returncode == 1 and "error technician: bundle: " in done.stderr, done.stderr
    for words in ((), ("bundle",), ("bundle", "make"), ("bundle", "show"), ("agent",), ("nothing",)):
        done = technician(*words, check=False)
        assert done.returncode == 2 and "usage" in done.stderr, done.stderr
    assert (folder / "update.pem").stat().st_mode & 0o777 == 0o600


def tell(story, folder, bundles):
    with Story(folder, bundles, story.__name__, {"usb.allow": "046d:c31c:named"}) as (hub, machine, made):
        story(hub, machine, made)
    return story.__name__


STORIES = [good_update, cut_lines, hub_without_ranges, refused, never_starts, starts_and_hangs, draws_nothing, reaches_no_hub,
           agent_reaches_no_hub, loses_its_scanner, good_at_the_last_try, waits_for_the_night_and_for_people, an_order_taken_back,
           power_fails_anywhere, usb_is_shut, logs_are_short_and_say_nothing_of_people, a_new_configuration_is_read,
           files_of_others_are_not_followed]

with tempfile.TemporaryDirectory(prefix="inloop-agent-") as place:
    FOLDER = pathlib.Path(place)
    BUNDLES = Bundles(FOLDER)
    command_line(FOLDER)
    wanted = sys.argv[1:]
    # They mostly wait: several at a time.
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        running = [pool.submit(tell, story, FOLDER, BUNDLES) for story in STORIES if not wanted or story.__name__ in wanted]
        for future in running:
            print(future.result(), "holds", flush=True)
