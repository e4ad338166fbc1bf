#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The technician's laptop against the running hub: what its tables say, word by word, what scripts
# get, which codes it ends with, and that the codes it draws can be scanned.
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import bundle  # noqa: E402
from device import Device, hall  # noqa: E402
from fleet import BOARD, FleetDesk, report_of  # noqa: E402

DEVICES = [("technician-1", "technician", ""), ("kiosk-1", "kiosk", ""), ("counter-3", "counter", "3"),
           ("display-1", "display", "")]


class Laptop:
    def __init__(self, desk):
        self.desk = desk
        self.program = desk.bin / "inloop-technician"
        self.profile = desk.folder / "technician-1"

    def run(self, *words, profile=None):
        done = subprocess.run([self.program, *map(str, words), "--profile", profile or self.profile], capture_output=True,
                              text=True, timeout=120, check=False, cwd=self.desk.folder,
                              env={**os.environ, "TZ": "Europe/Amsterdam"})
        return done.returncode, done.stdout, done.stderr

    def say(self, *words):
        code, out, said = self.run(*words)
        assert code == 0, (words, code, out, said)
        return out

    def json(self, *words):
        return json.loads(self.say(*words, "--json"))

    def refused(self, code, words, *command):
        got, out, said = self.run(*command)
        assert got == code and re.search(words, said), (command, got, out, said)


def report(device, **more):
    answer = device.post("/devices/health", report_of(**more))
    assert answer.status == 200, answer.body
    return answer.body


def plain(table):
    """Without what the clock and chance say."""
    table = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "NAME", table)
    return re.sub(r"\b\d\d:\d\d\b(?!-)(?<!-\d\d:\d\d)", "HH:MM", table)


def equal(got, want):
    assert got == want, f"got:\n{got}\nwanted:\n{want}"


def devices(laptop, kiosk, counter):
    report(kiosk, parts={"scanner": "missing", "card": "unused", "printer": "low"}, paper_low=True, is_busy=True,
           usb_refused=[{"usb": "0781:5567", "at": "2026-11-27T14:00:00Z"}],
           update={"state": "fell_back", "version": "1.1.0", "reason": "drew nothing"})
    report(counter, update={"state": "downloading", "version": "1.1.0"})
    equal(plain(laptop.say("devices")), """\
DEVICE        ROLE        STATE       SEEN   VERSION  UPDATE                PAPER  NEEDS
counter-3     counter 3   up          HH:MM  1.0.0    downloading 1.1.0     ok     -
display-1     display     never seen  -      -        -                     -      -
kiosk-1       kiosk       up, busy    HH:MM  1.0.0    fell back from 1.1.0  low    scanner missing; drew nothing; 1 USB refused
technician-1  technician  never seen  -      -        -                     -      -
4 devices, 2 up, 1 in need of somebody
""")
    told = laptop.json("devices")["devices"]
    assert [device["id"] for device in told] == sorted(name for name, _, _ in DEVICES), told
    report(kiosk)


def drawn(out):
    """The half blocks as a picture, and what zbarimg reads in it."""
    rows = [line for line in out.splitlines() if set(line) <= set(" ▀▄█") and len(line) > 20]
    size = max(map(len, rows))
    lines = []
    for row in rows:
        for dark in ("▀█", "▄█"):
            lines.append([0 if letter in dark else 255 for letter in row.ljust(size)])
    scale = 6
    image = b"P5 %d %d 255\n" % (size * scale, len(lines) * scale)
    image += b"".join(bytes(value for value in line for _ in range(scale)) * scale for line in lines)
    with tempfile.NamedTemporaryFile(suffix=".pgm") as file:
        file.write(image)
        file.flush()
        return subprocess.run(["zbarimg", "-q", "--raw", file.name], capture_output=True, text=True,
                              check=True).stdout.strip()


def codes(laptop):
    out = laptop.say("code", "kiosk-7", "--role", "kiosk")
    code = re.search(r"^code +([0-9a-f]{24})$", out, re.M)[1]
    fingerprint = re.search(r"^fingerprint +([0-9a-f]{64})$", out, re.M)[1]
    qr = f"KE1:kiosk-7:{code}:{fingerprint}:https://127.0.0.1:{laptop.desk.enrolment_port}"
    assert f"\n{qr}\n" in out and drawn(out) == qr, out
    assert re.search(r"^for kiosk-7 alone, once, until \d\d:\d\d$", out, re.M), out
    home = laptop.desk.folder / "kiosk-7"
    done = subprocess.run([laptop.program, "enrol", "--hub-url", qr.split(":", 4)[4], "--device", "kiosk-7", "--code", code,
                           "--fingerprint", fingerprint, "--out", home], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and Device(laptop.desk, "kiosk-7").get("/state").status == 200, done.stderr
    assert laptop.json("code", "counter-9", "--role", "counter", "--desk", "1")["qr"].startswith("KE1:counter-9:")
    laptop.refused(1, "desk: a counter needs one", "code", "counter-9", "--role", "counter")
    laptop.refused(1, "role: must be", "code", "x", "--role", "king")
    laptop.refused(2, "usage", "code", "x")
    out = laptop.say("service-code", "kiosk-1")
    assert drawn(out).startswith("KS1:ey") and drawn(out) in out, out
    laptop.refused(1, "the hub does not know that", "service-code", "nobody")


def updates(laptop, kiosk):
    desk = laptop.desk
    equal(laptop.say("bundle", "list"), "BUNDLE  VERSION  BOARD  NEEDS  TOWN  SIZE  MADE  ADDED\n")
    file = desk.folder / "good.bundle"
    data = bundle.good(desk.key, "1.1.0", b"\x5a" * 2_500_000)
    file.write_bytes(data)
    equal(laptop.say("bundle", "add", file), f"The hub holds {BOARD}-1.1.0 (2.5 MB). It runs nowhere before a rollout.\n")
    equal(plain(laptop.say("bundle", "list")), """\
BUNDLE              VERSION  BOARD        NEEDS  TOWN        SIZE    MADE        ADDED
qemu-x86_64-1.1.0   1.1.0    qemu-x86_64  1.0.0  every town  2.5 MB  2026-11-27  HH:MM by technician-1
""".replace("1.1.0   1.1.0", "1.1.0  1.1.0").replace("BUNDLE              V", "BUNDLE             V"))
    file.write_bytes(data[:-1] + b"\x00")
    laptop.refused(1, "the bundle is refused: uki was changed after it was signed", "bundle", "add", file)
    laptop.refused(1, "No such file", "bundle", "add", desk.folder / "nothing")
    name = f"{BOARD}-1.1.0"
    laptop.refused(1, "the hub has no such bundle", "rollout", "start", "pc-1", "--ring", "all")
    laptop.refused(1, "device: needed with the ring one", "rollout", "start", name, "--ring", "one")
    laptop.refused(2, "usage", "rollout", "start", name)
    out = laptop.say("rollout", "start", name, "--ring", "one", "--device", "kiosk-1", "--from", "01:00", "--to", "04:00")
    assert out.startswith(f"{name} goes to 1 devices, between 01:00 and 04:00 of their own clock.\n"), out
    assert report(kiosk)["run"]["bundle"] == name
    report(kiosk, update={"state": "fell_back", "version": "1.1.0", "reason": "did not reach the hub"})
    laptop.say("rollout", "start", name, "--ring", "all")
    equal(plain(laptop.say("rollout", "list")), """\
BUNDLE             TO       WINDOW       STATE    DONE    STARTED                WHY                                      NAME
qemu-x86_64-1.1.0  all      22:00-05:00  running  0 of 2  HH:MM by technician-1  -                                        NAME
qemu-x86_64-1.1.0  kiosk-1  01:00-04:00  stopped  0 of 1  HH:MM by technician-1  kiosk-1 fell back: did not reach the hub  NAME
""".replace("WHY                                      N", "WHY                                       N")
          .replace("-                                        N", "-                                         N"))
    equal(laptop.say("rollout", "stop", name), f"Stopped: {name} to all. Who has it keeps it.\n")
    laptop.refused(1, "no rollout of that name runs", "rollout", "stop", name)
    assert [each["state"] for each in laptop.json("rollout", "list")["rollouts"]] == ["stopped", "stopped"]


def logs(laptop, kiosk):
    laptop.refused(1, "the hub does not know that", "log", "kiosk-1", "--last")
    laptop.refused(1, "sent no log within 0 s", "log", "kiosk-1", "--wait", "0")

    heard = threading.Event()

    def answer():
        """As an agent does: at each report."""
        while not heard.is_set():
            if report(kiosk)["wants_log"]:
                kiosk.post("/devices/log", {"log": "2026-11-27T14:00:00Z warn scanner: unplugged\n"})

    device = threading.Thread(target=answer)
    device.start()
    try:
        equal(laptop.say("log", "kiosk-1", "--wait", "60"), "2026-11-27T14:00:00Z warn scanner: unplugged\n")
    finally:
        heard.set()
        device.join()
    equal(laptop.say("log", "kiosk-1", "--last"), "2026-11-27T14:00:00Z warn scanner: unplugged\n")


def staff(laptop, counter):
    told = laptop.say("staff", "--id", "loes", "--name", "Loes van Zanten")
    found = re.fullmatch(r"loes may sit behind a counter. The PIN, told once: ([0-9]{6})\n", told)
    assert found, told
    seat = {"is_open": True, "is_paused": False, "staff": "loes", "pin": found[1]}
    answer = counter.post("/counters/3/session", seat)
    assert answer.status == 200, answer.body
    laptop.refused(1, "id or name is empty or too long", "staff", "--id", "l" * 40, "--name", "Loes")


def refusals(laptop):
    desk = laptop.desk
    laptop.refused(1, "say --yes to mean it", "revoke", "display-1")
    equal(laptop.say("revoke", "display-1", "--yes"),
          "display-1 is revoked: the hub lets it in no more. To use it again, give it a new code.\n")
    assert "display-1     display     revoked" in laptop.say("devices")
    laptop.refused(1, "not possible now: the device is revoked", "revoke", "display-1", "--yes")
    code, out, said = laptop.run("devices", profile=desk.folder / "kiosk-1")
    assert code == 1 and "is no technician of this hub" in said and not out, (code, out, said)
    code, out, said = laptop.run("devices", profile=desk.folder / "nowhere")
    assert code == 4 and "profile" in said and "nowhere/device.conf" in said, (code, said)
    code, out, said = laptop.run("fly")
    assert code == 2 and "inloop-technician devices" in said, said
    moved = desk.folder / "elsewhere"
    (desk.folder / "technician-1").rename(moved)
    code, out, said = laptop.run("devices", profile=moved)  # a profile may be carried about
    assert code == 0, said
    desk.kill_hub()
    code, out, said = laptop.run("devices", "--json", profile=moved)
    assert code == 3 and "the hub cannot be reached" in said and not out, (code, out, said)
    desk.run_hub()


def main():
    with hall(DEVICES, kind=FleetDesk) as desk:
        laptop, kiosk, counter = Laptop(desk), Device(desk, "kiosk-1"), Device(desk, "counter-3")
        devices(laptop, kiosk, counter)
        codes(laptop)
        updates(laptop, kiosk)
        logs(laptop, kiosk)
        staff(laptop, counter)
        refusals(laptop)


main()
