# SPDX-License-Identifier: EUPL-1.2
#
# What may come of an update: a good one runs and loses nothing, a bad one is refused or gone by itself,
# and the technician reads why. RAUC's own list of failures is the list.
import json
import subprocess
import threading

from guests import ENDS_WITHIN_S, ENROLMENT_PORT, NAMES
from machine import Lost, wait_for
from uki import Image

ISSUER, WATCHER = "kiosk-2", "counter-1"
WAITING = 3  # people with a ticket while the hub itself is updated
ALL_DAY = ("--from", "00:00", "--to", "23:59")
ADDING = threading.Lock()  # the hub takes two at once; here are three
RCS = "/etc/init.d/rcS"
ARMED = b"[ ! -c /dev/watchdog ] || : >/dev/watchdog\n"
# Broken versions: where it is tried, what of the root differs, words of what the technician is told.
BROKEN = {
    "panics at boot": ("kiosk", lambda image: {RCS: after(image, ARMED, b"echo c >/proc/sysrq-trigger\n")},
                       ("never started",)),
    "hangs at boot": ("counter", lambda image: {RCS: after(image, ARMED, b"while :; do :; done\n")}, ("never started",)),
    "draws nothing": ("display", lambda image: {"/etc/inloop/display.conf": conf(image, "display", "window.card = /dev/null")},
                      ("drew nothing", "before it drew")),
    "does not reach the hub": ("kiosk", lambda image: {"/usr/lib/inloop/run-network": (0o755, b"#!/bin/sh\nexec sleep 1000\n")},
                               ("did not reach the hub", "before it reached the hub")),
}


def after(image, mark, words):
    script = image.file(RCS)
    assert mark in script, "the script is another one now"
    return 0o755, script.replace(mark, mark + words)


def conf(image, role, line):
    return 0o644, image.file(f"/etc/inloop/{role}.conf") + line.encode() + b"\n"


def tell(stories, hall, measured):
    stories.tell("other versions of the image are made", prepare, hall, needs=["technician"], gives="versions")
    stories.tell("a bundle of another key, cut short, or with a flipped bit is refused", refuse_bundles, hall,
                 needs=["versions"])
    stories.tell("a rollout of an older version or of another town's is refused", refuse_rollouts, hall, needs=["versions"])
    stories.tell("a good update runs on the hub, and nobody in the queue is lost", update_hub, hall, measured,
                 needs=["versions", "finished"])  # while somebody is served it waits
    works = [threading.Thread(target=break_in_turn, args=(stories, hall, role))
             for role in ("kiosk", "counter", "display")]
    for work in works:
        work.start()
    for work in works:
        work.join()


def break_in_turn(stories, hall, role):
    for words, (where, _, _) in BROKEN.items():
        if where == role:
            stories.tell(f"a version that {words} is gone by itself, and the technician sees why", fall_back, hall, words,
                         needs=["versions", role])


class Versions:
    def __init__(self, hall):
        self.hall = hall
        self.image = Image(hall.image / "inloop.efi", hall.folder / "versions")
        words = dict(line.split(" = ", 1) for line in self.image.file("/etc/inloop/image.conf").decode().splitlines()
                     if " = " in line)
        self.now, self.board = words["version"], words["board"]
        self.count = 0

    def next(self):
        self.count += 1
        return f"{int(self.now.split('.')[0]) + 1}.{self.count}"

    def bundle(self, version, files=None, key=None, board=None, town="*", minimum=None):
        """A bundle of that version, signed. Its watchdog is an impatient one: tests wait for it."""
        efi = self.image.make(version, files, cmdline=["i6300esb.heartbeat=45"])
        out = self.hall.folder / f"{version}.bundle"
        done = subprocess.run(
            [self.hall.town.bin / "inloop-technician", "bundle", "make", "--key", key or self.hall.build / "keys/update.pem",
             "--version", version, "--board", board or self.board, "--minimum", minimum or self.now, "--town", town,
             "--out", out, f"uki={efi}"], capture_output=True, text=True, check=False)
        efi.unlink()
        if done.returncode != 0:
            raise Lost(f"no bundle: {done.stderr}")
        return out


def prepare(hall):
    hall.versions = Versions(hall)
    wait_for(lambda: hall.device("hub").get("version") == hall.versions.now, "the hub's box says no version", look_s=1)


def is_refused(hall, *words):
    try:
        hall.cli(*words)
    except Lost:
        return True
    return False


def refuse_bundles(hall):
    versions = hall.versions
    own = hall.folder / "other.pem"
    subprocess.run([hall.town.bin / "inloop-technician", "bundle", "key", own], check=True, capture_output=True)
    version = versions.next()
    other = versions.bundle(version, key=own)
    assert is_refused(hall, "bundle", "add", other), "another key's bundle was taken"
    good = versions.bundle(version).read_bytes()
    cut = hall.folder / "cut.bundle"
    cut.write_bytes(good[:-1000])
    assert is_refused(hall, "bundle", "add", cut), "a bundle cut short was taken"
    for at in (5, 40, 200, len(good) // 2):
        flipped = bytearray(good)
        flipped[at] ^= 1
        cut.write_bytes(flipped)
        assert is_refused(hall, "bundle", "add", cut), f"a bit flipped at {at} was taken"
    held = json.loads(hall.cli("bundle", "list", "--json"))
    assert version not in json.dumps(held), f"the hub holds {held}"


def refuse_rollouts(hall):
    versions = hall.versions
    older = versions.bundle("0.0.1", minimum="0.0.1")
    other = versions.bundle(versions.next(), town="elders")
    for bundle in (older, other):
        name = f"{versions.board}-{bundle.stem}"
        if is_refused(hall, "bundle", "add", bundle):
            continue
        if is_refused(hall, "rollout", "start", name, "--ring", "one", "--device", "kiosk-1", *ALL_DAY):
            continue
        wait_for(lambda: state(hall, "kiosk-1")[0] == "refused", f"kiosk-1 does not refuse {name}", look_s=1)
        hall.cli("rollout", "stop", name)
        assert hall.device("kiosk-1")["version"] == versions.now


def state(hall, name):
    told = hall.device(name).get("update") or {}
    return told.get("state"), told.get("version"), told.get("reason") or ""


def roll_out(hall, name, files=None):
    versions = hall.versions
    version = versions.next()
    bundle = versions.bundle(version, files)
    with ADDING:
        hall.cli("bundle", "add", bundle)
    bundle.unlink()
    hall.cli("rollout", "start", f"{versions.board}-{version}", "--ring", "one", "--device", name, *ALL_DAY)
    return version


def issue(hall, name=ISSUER, patience_s=60):
    """A ticket, as a kiosk asks for it."""
    body = {"service": "B", "language": "nl", "needs": ["calm"],
            "consent": {"person": False, "request": False, "others": False}}
    return hall.ask("POST", "/tickets", body, device=name, patience_s=patience_s)["ticket"]


def ensure_clients(hall):
    """A kiosk and a counter that are programs of this machine."""
    for name, words in ((ISSUER, {"role": "kiosk"}), (WATCHER, {"role": "counter", "desk": "1"})):
        if (hall.folder / name / "device.pem").exists():
            continue
        code = hall.ask("POST", f"/devices/{name}/codes", words)
        subprocess.run([hall.town.bin / "inloop-technician", "enrol", "--hub-url",
                        f"https://localhost:{hall.ports[ENROLMENT_PORT]}", "--device", name, "--code", code["code"],
                        "--fingerprint", code["fingerprint"], "--out", hall.folder / name], check=True, capture_output=True)


def queue(hall):
    """[(number, id)] of everybody who waits."""
    tickets = hall.ask("GET", "/state", device=WATCHER)["tickets"]
    return [(ticket["number"], ticket["id"]) for ticket in tickets]


def update_hub(hall, measured):
    ensure_clients(hall)
    hub = hall.machines["hub"]
    for _ in range(WAITING):
        issue(hall)
    before = queue(hall)
    assert len(before) >= WAITING
    started = hub.now()
    version = roll_out(hall, "hub")
    wait_for(lambda: said(hall, "hub", version), lambda: f"the hub runs no {version}: {hub.said()[-800:]}",
             ENDS_WITHIN_S, look_s=1)
    measured["update_s"] = round(hub.now() - started, 1)
    assert queue(hall) == before, "the queue is not as it was"


def said(hall, name, version):
    """It runs that version for good; a hub that starts again does not answer for a while."""
    try:
        told = hall.device(name)
    except Lost:
        return False
    return told.get("version") == version and (told.get("update") or {}).get("state") in ("blessed", "none")


def fall_back(hall, words):
    where, make, reasons = BROKEN[words]
    versions, name, machine = hall.versions, NAMES[where], hall.machines[where]
    before = hall.device(name)["version"]
    version = roll_out(hall, name, make(versions.image))
    wait_for(lambda: state(hall, name)[:2] == ("fell_back", version),
             lambda: f"{name} says {state(hall, name)}: {machine.said()[-800:]}", 900, look_s=2)
    _, _, reason = state(hall, name)
    assert any(each in reason for each in reasons), f"the technician is told {reason!r}"
    assert hall.device(name)["version"] == before, "it runs another version than before"
    if words == "hangs at boot":
        assert machine.watchdogs_count() > 0, "no watchdog bit"
