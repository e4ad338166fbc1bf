#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# Devices, codes, bundles, rollouts and metrics on the running hub, as agents and a technician ask
# for them: each route good and bad, and what must hold through a restart, a fall-back, a hundred
# megabytes and a hundred readers.
import hashlib
import http.client
import json
import os
import pathlib
import re
import sqlite3
import ssl
import sys
import time
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import bundle  # noqa: E402
import metrics  # noqa: E402
from desk import Desk  # noqa: E402
from device import Device, Events, eventually, hall, together  # noqa: E402
from est import Enrolment, key_and_request  # noqa: E402
from fleet import BOARD, HEALTH, FleetDesk, report_of, send_bytes  # noqa: E402
from record import Record  # noqa: E402

DEVICES = [("technician-1", "technician", ""), ("integrator-1", "integrator", ""), ("kiosk-1", "kiosk", ""),
           ("counter-3", "counter", "3"), ("display-1", "display", "")]
PIECE = 1 << 20


class Fleet:
    def __init__(self, desk, record):
        self.desk = desk
        self.record = record
        self.technician, self.integrator, self.kiosk, self.counter, self.display = (
            Device(desk, name, record=record) for name, _, _ in DEVICES)

    def expect(self, answer, status, code=None, words=None):
        assert answer.status == status, (status, code, answer.status, answer.body)
        if code is not None:
            assert answer.body["code"] == code, (code, answer.body)
        if words is not None:
            assert re.search(words, answer.body.get("detail", "")), (words, answer.body)
        return answer.body

    def report(self, device, version="1.0.0", update=None, **more):
        """The device's orders."""
        told = report_of(version=version, update=update or {"state": "none"}, **more)
        return self.expect(device.post("/devices/health", told), 200)

    def told(self, name):
        devices = self.expect(self.technician.get("/devices"), 200)["devices"]
        return next(device for device in devices if device["id"] == name)

    def add(self, data, key=None):
        return send_bytes(self.technician, data, key)

    def add_good(self, version, **words):
        return self.expect(self.add(bundle.good(self.desk.key, version, **words)), 201)

    def start(self, name, ring="all", status=201, **more):
        return self.expect(self.technician.post("/rollouts", {"bundle": name, "ring": ring, **more}), status)

    def rollout(self, identifier):
        rollouts = self.expect(self.technician.get("/rollouts"), 200)["rollouts"]
        return next(rollout for rollout in rollouts if rollout["id"] == identifier)

    def restart(self):
        self.desk.kill_hub()
        self.desk.run_hub()
        for device in (self.technician, self.integrator, self.kiosk, self.counter, self.display):
            device.close()


def read_bundle(device, name, start=None, is_wrong=False):
    """(status, headers, bytes); on a line of its own, as an agent does."""
    line = http.client.HTTPSConnection("127.0.0.1", int(device.desk.hub_port), context=device.tls, timeout=60)
    line.request("GET", f"{device.prefix}/bundles/{name}", headers={} if start is None else {"Range": f"bytes={start}-"})
    answer = line.getresponse()
    body = answer.read()
    line.close()
    if device.record is not None:
        is_bytes = answer.status < 300
        device.record.add({"method": "GET", "path": f"{device.prefix}/bundles/{name}", "status": answer.status,
                           "response_headers": dict(answer.headers),
                           "response_body": "bytes" if is_bytes else json.loads(body)}, is_wrong)
    return answer.status, answer.headers, body


def audit(desk):
    store = sqlite3.connect(f"file:{desk.folder}/hub/hub.db?mode=ro", uri=True)
    rows = store.execute("SELECT action, object, result, origin, actor FROM audit ORDER BY row").fetchall()
    store.close()
    return rows


def reports(fleet):
    """What was said is told, by the agent and by the program beside it, and outlives the hub coarsely."""
    first = fleet.told("kiosk-1")
    assert not first["is_up"] and "version" not in first and first["role"] == "kiosk", first
    orders = fleet.report(fleet.kiosk, faults=["printer: no answer"], usb_refused=[
        {"usb": "0781:5567", "kind": "storage", "at": "2026-11-27T14:00:00Z"}],
        parts={"scanner": "missing", "card": "unused", "printer": "low"}, paper_low=True)
    assert orders["run"] is None and orders["wants_log"] is False and orders["now"], orders
    told = fleet.told("kiosk-1")
    assert told["is_up"] and told["version"] == "1.0.0" and told["board"] == BOARD and told["paper_low"], told
    assert told["parts"] == {"scanner": "missing", "card": "unused", "printer": "low"}, told
    assert told["faults"] == ["printer: no answer"] and told["usb_refused"][0]["usb"] == "0781:5567", told
    assert ("usb_refused", "0781:5567", "refused", "kiosk-1", "device") in audit(fleet.desk)
    # The program beside it says only how the printer is.
    fleet.expect(fleet.kiosk.post("/devices/health", {**HEALTH, "printer_ok": False}), 200)
    fleet.expect(fleet.display.post("/devices/health", {**HEALTH, "printer_ok": False, "scanner_ok": False}), 200)
    told = fleet.told("kiosk-1")
    assert told["parts"]["scanner"] == "missing" and told["version"] == "1.0.0" and not told["paper_low"], told
    before = [row for row in audit(fleet.desk) if row[0] == "usb_refused"]
    writes = fleet.desk.folder / "hub/hub.db-wal"
    size = writes.stat().st_size
    for _ in range(20):  # no write a report
        fleet.report(fleet.kiosk, usb_refused=told["usb_refused"])
    assert writes.stat().st_size == size, "reports are written one by one"
    assert [row for row in audit(fleet.desk) if row[0] == "usb_refused"] == before
    fleet.restart()
    told = fleet.told("kiosk-1")
    assert told["version"] == "1.0.0" and told["board"] == BOARD and told["last_seen_at"], told
    for wrong in ({"version": "1.0-beta"}, {"board": "a b"}, {"parts": {"printer": "burning"}}, {"faults": [""]},
                  {"faults": ["x"] * 9}, {"usb_refused": [{"usb": "0781"}]}, {"update": {"state": "dancing"}},
                  {"update": {"state": "trying", "version": "one"}}, {"uptime_s": -1}):
        body = {**HEALTH, "version": "1.0.0", "board": BOARD, **wrong}
        fleet.expect(fleet.kiosk.ask("POST", "/devices/health", body, str(uuid.uuid4()), is_wrong=True), 400,
                     "bad_request")


def logs(fleet):
    technician, kiosk = fleet.technician, fleet.kiosk
    fleet.expect(technician.get("/devices/kiosk-1/log"), 404, "not_found")
    fleet.expect(technician.post("/devices/nobody/log-requests", {}), 404, "not_found")
    assert fleet.report(kiosk)["wants_log"] is False
    fleet.expect(technician.post("/devices/kiosk-1/log-requests", {}), 202)
    assert fleet.report(kiosk)["wants_log"] is True
    log = ("2026-11-27T14:00:00Z warn scanner: unplugged\n"
           "2026-11-27T14:00:01Z error tls: 999990019 of 1984-05-17 at n.haddad@example.org KR1:ABCDEFGH said é\x07\n")
    fleet.expect(kiosk.post("/devices/log", {"log": log}), 200)
    assert fleet.report(kiosk)["wants_log"] is False
    told = fleet.expect(technician.get("/devices/kiosk-1/log"), 200)
    assert told["log"] == ("2026-11-27T14:00:00Z warn scanner: unplugged\n"
                           "2026-11-27T14:00:01Z error tls: <number> of <date> at <address> <code> said é?\n"), told
    assert not told["is_requested"] and fleet.told("kiosk-1")["has_log"]
    assert ("see_log", "kiosk-1", "shown", "technician-1", "technician-1") in audit(fleet.desk)
    fleet.expect(kiosk.post("/devices/log", {"log": "@ é" * 7_000}), 200)  # longer once it is redacted
    assert len(fleet.expect(technician.get("/devices/kiosk-1/log"), 200)["log"].encode()) <= 48 * 1024
    for wrong in ({}, {"log": 7}, {"log": "x" * (48 * 1024 + 1)}):
        fleet.expect(kiosk.ask("POST", "/devices/log", wrong, str(uuid.uuid4()), is_wrong=True), 400, "bad_request")


def codes(fleet):
    technician, desk = fleet.technician, fleet.desk
    made = fleet.expect(technician.post("/devices/kiosk-9/codes", {"role": "kiosk"}), 201)
    assert made["qr"] == f"KE1:kiosk-9:{made['code']}:{made['fingerprint']}:https://127.0.0.1:{desk.enrolment_port}"
    port = Enrolment(desk, fleet.record)
    _, fingerprint = port.authority()
    assert fingerprint == made["fingerprint"]
    enrolled = fleet.expect(port.enrol("kiosk-9", made["code"], key_and_request(desk.folder, "kiosk-9")), 200)
    assert enrolled["town"] == "voorbeeldstad" and enrolled["hub_url"] == f"https://127.0.0.1:{desk.hub_port}", enrolled
    assert enrolled["service_key"].startswith("-----BEGIN PUBLIC KEY-----") and enrolled["role"] == "kiosk", enrolled
    counter = fleet.expect(technician.post("/devices/counter-9/codes", {"role": "counter", "desk": "1"}), 201)
    assert counter["code"] != made["code"]
    for name, wrong in (("kiosk-9", {}), ("kiosk-9", {"role": "king"}), ("kiosk-9", {"role": "kiosk", "desk": "1"}),
                        ("counter-9", {"role": "counter"}), ("counter-9", {"role": "counter", "desk": "77"}),
                        ("counter-9", {"role": "counter", "desk": 3}), ("a:b", {"role": "kiosk"})):
        path = f"/devices/{name}/codes"
        fleet.expect(technician.ask("POST", path, wrong, str(uuid.uuid4()), is_wrong=True), 400, "bad_request")
    service = fleet.expect(technician.post("/devices/kiosk-1/service-codes", {}), 201)
    again = fleet.expect(technician.post("/devices/kiosk-1/service-codes", {}), 201)
    assert service["qr"].startswith("KS1:ey") and service["qr"] != again["qr"], service
    fleet.expect(technician.post("/devices/nobody/service-codes", {}), 404, "not_found")
    rows = audit(desk)
    for row in (("issue_code", "kiosk-9", "kiosk", "technician-1", "technician-1"),
                ("issue_service", "kiosk-1", "made", "technician-1", "technician-1"),
                ("enrol", "kiosk-9", "kiosk", "enrolment", "technician")):
        assert row in rows, (row, rows)
    secrets = [made["code"], counter["code"], service["qr"][4:40]]
    held = b"".join(path.read_bytes() for path in (desk.folder / "hub").glob("hub.db*"))
    assert not any(secret.encode() in held for secret in secrets), "a code stands on the disk"
    assert not any(secret in (desk.folder / "hub.log").read_text(encoding="utf-8") for secret in secrets)


def bad_bundles(fleet):
    """Each refused with words, and nothing of it kept."""
    desk = fleet.desk
    stranger, _ = bundle.key_pair(desk.folder, "stranger")
    payload = os.urandom(50_000)
    whole = bundle.good(desk.key, "1.1.0", payload)
    flipped = bytearray(whole)
    flipped[-100] ^= 1
    signed = bytearray(whole)
    signed[120] ^= 1
    cases = [(bundle.good(stranger, "1.1.0", payload), "not signed by a key"), (bytes(flipped), "uki was changed"),
             (bytes(signed), "not signed|manifest"), (whole[:-1], "it says .* bytes and has"),
             (whole + b"x", "it says .* bytes and has"), (whole[:60], "within its head"), (b"no bundle at all" * 9, "bundle"),
             (bundle.good(desk.key, "1.1.0", payload, town="elders"), "for the town elders, here is voorbeeldstad"),
             (bundle.good(desk.key, "1.1", payload, board="Pc x"), "board"), (b"x", "")]
    for data, words in cases:
        fleet.expect(fleet.add(data), 422, "bundle_refused", words)
    for place in range(0, len(whole), len(whole) // 40):  # a flipped bit anywhere
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        fleet.expect(fleet.add(bytes(flipped)), 422, "bundle_refused")
    eventually(lambda: not list((desk.folder / "hub/bundles").iterdir()), "nothing was to be kept")
    assert fleet.expect(fleet.technician.get("/bundles"), 200) == {"bundles": []}
    # Somebody who may not, no key, nothing, and far too much: told before a byte of it is read.
    fleet.expect(send_bytes(fleet.kiosk, whole), 403, "unauthorized")
    fleet.technician.close()
    for _ in range(3):  # each gives its place back
        fleet.expect(send_bytes(fleet.technician, whole, "short", is_wrong=True), 400, "bad_request")
        fleet.technician.close()
    fleet.expect(fleet.technician.ask("POST", "/bundles", None, str(uuid.uuid4()), is_wrong=True), 400, "bad_request")
    fleet.technician.close()
    fleet.expect(begun(fleet.technician, 128 * 1024 * 1024 + 1), 413, "too_big")
    fleet.technician.close()


def begun(device, len_bytes):
    """Says that so much will come, and waits for what the hub says to that."""
    device.connect()
    device.line.putrequest("POST", device.prefix + "/bundles")
    headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": str(uuid.uuid4()),
               "Content-Length": str(len_bytes)}
    for name, words in headers.items():
        device.line.putheader(name, words)
    device.line.endheaders()
    device.sent = {"method": "POST", "path": device.prefix + "/bundles", "request_headers": headers,
                   "request_body": "bytes"}
    return device.receive()


def good_bundles(fleet):
    desk, technician = fleet.desk, fleet.technician
    payload = os.urandom(300_000)
    data = bundle.good(desk.key, "1.1.0", payload)
    key = str(uuid.uuid4())
    kept = fleet.expect(fleet.add(data, key), 201)
    name = f"{BOARD}-1.1.0"
    assert kept["bundle"] == name and kept["bytes"] == len(data), kept
    assert kept["sha256"] == hashlib.sha256(data).hexdigest() and kept["added_by"] == "technician-1", kept
    again = fleet.add(data, key)
    assert again.body == kept and again.headers["Idempotent-Replayed"] == "true"
    fleet.expect(fleet.add(data[:-1] + b"x", key), 422, "key_reused")
    assert fleet.expect(fleet.add(data), 201) == kept  # under another key: the same bytes, the same answer
    fleet.expect(fleet.add(bundle.good(desk.key, "1.1.0", os.urandom(10))), 409, "bundle_exists")
    status, headers, body = read_bundle(fleet.kiosk, name)
    assert status == 200 and body == data and headers["Accept-Ranges"] == "bytes", (status, len(body))
    for start in (0, 1, 65_536, len(data) - 1):
        status, headers, body = read_bundle(fleet.kiosk, name, start)
        assert status == 206 and body == data[start:], (start, status, len(body))
        assert headers["Content-Range"] == f"bytes {start}-{len(data) - 1}/{len(data)}", headers
    assert read_bundle(fleet.kiosk, name, len(data))[0] == 416
    assert read_bundle(fleet.kiosk, name, "7-9,1")[:1] == (200,)  # what is not understood is as if absent
    for nobody in ("qemu-x86_64-9.9.9", "..", ".coming-0", "x" * 60):
        assert read_bundle(fleet.kiosk, nobody, is_wrong=True)[0] == 404, nobody
    assert [each["bundle"] for each in fleet.expect(technician.get("/bundles"), 200)["bundles"]] == [name]
    # The hub died while one was coming: the next clears up, and keeps what is whole.
    (desk.folder / "hub/bundles/.coming-1").write_bytes(b"half")
    (desk.folder / "hub/bundles/pc-9").write_bytes(b"never told")
    fleet.restart()
    assert [path.name for path in (desk.folder / "hub/bundles").iterdir()] == [name]
    assert read_bundle(fleet.kiosk, name)[2] == data


def rings(fleet):
    """One, a tenth, all; versions, minimum and board; and what a technician may not ask."""
    technician, kiosk, counter, display = fleet.technician, fleet.kiosk, fleet.counter, fleet.display
    name = f"{BOARD}-1.1.0"
    for device in (kiosk, counter, display):
        assert fleet.report(device)["run"] is None
    one = fleet.start(name, "one", device="kiosk-1", **{"from": "01:00", "to": "04:30"})
    assert one["state"] == "running" and one["devices"] == 1 and one["updated"] == 0, one
    run = fleet.report(kiosk)["run"]
    data = fleet.expect(technician.get("/bundles"), 200)["bundles"][0]
    assert run == {"bundle": name, "version": "1.1.0", "bytes": data["bytes"], "sha256": data["sha256"],
                   "from": "01:00", "to": "04:30"}, run
    assert fleet.report(counter)["run"] is None and fleet.report(display)["run"] is None
    fleet.report(kiosk, version="1.1.0", update={"state": "blessed", "version": "1.1.0"})
    assert fleet.rollout(one["id"])["updated"] == 1
    assert fleet.report(kiosk, version="1.1.0")["run"] is None  # what runs is right
    assert fleet.report(kiosk, version="1.2.0")["run"] is None  # and newer is not older
    for told in ({"version": "1.2.0"}, {"version": "1.1.0"}, {"version": "0.9.0"}, {"board": "other"}):
        fleet.expect(kiosk.post("/devices/health", report_of(**{"update": {"state": "none"}, **told})), 200)
        refused = fleet.start(name, "one", 409, device="kiosk-1")
        assert refused["code"] == "not_now" and "device" in refused["detail"], refused
    fleet.report(kiosk)
    every = fleet.start(name)
    assert every["from"] == "22:00" and every["to"] == "05:00" and every["devices"] == 3, every
    assert fleet.report(counter)["run"]["version"] == "1.1.0" and fleet.report(kiosk)["run"]["from"] == "22:00"
    assert fleet.report(display, version="0.9.0")["run"] is None  # below its minimum
    fleet.expect(fleet.display.post("/devices/health", {**HEALTH, "version": "1.0.0", "board": "other"}), 200)
    assert fleet.rollout(every["id"])["devices"] == 2
    fleet.report(display)
    stopped = fleet.expect(technician.post(f"/rollouts/{every['id']}/stop", {}), 200)
    assert stopped["state"] == "stopped" and stopped["reason"] == "stopped by technician-1", stopped
    fleet.expect(technician.post(f"/rollouts/{every['id']}/stop", {}), 409, "not_now")
    fleet.expect(technician.post(f"/rollouts/{uuid.uuid4()}/stop", {}), 404, "not_found")
    assert fleet.report(counter)["run"] is None
    fleet.expect(technician.post(f"/rollouts/{one['id']}/stop", {}), 200)
    tenth(fleet, name)
    for status, wrong in ((400, {"ring": "all"}), (400, {"bundle": name, "ring": "most"}), (400, {"bundle": name, "ring": "one"}),
                          (400, {"bundle": name, "ring": "all", "device": "kiosk-1"}),
                          (400, {"bundle": name, "ring": "all", "from": "25:00", "to": "05:00"}),
                          (400, {"bundle": name, "ring": "all", "from": "22:00"}), (404, {"bundle": "pc-1", "ring": "all"}),
                          (404, {"bundle": name, "ring": "one", "device": "nobody"})):
        fleet.expect(technician.ask("POST", "/rollouts", wrong, str(uuid.uuid4()), is_wrong=True), status)


def tenth(fleet, name):
    """By the hash of the name; where that is nobody's, the nearest one."""
    names = ("kiosk-1", "counter-3", "display-1")
    hashes = {each: hashlib.sha256(each.encode()).digest() for each in names}
    chosen = {each for each in names if hashes[each][0] < 26} or {min(names, key=lambda each: hashes[each])}
    rollout = fleet.start(name, "tenth")
    assert rollout["devices"] == len(chosen), (rollout, chosen)
    for device in (fleet.kiosk, fleet.counter, fleet.display):
        run = fleet.report(device)["run"]
        assert (run is not None) == (device.name in chosen), (device.name, chosen, run)
    fleet.expect(fleet.technician.post(f"/rollouts/{rollout['id']}/stop", {}), 200)


def falls_back(fleet):
    """The first one stops it for all, through a restart of the hub and in a new rollout only anew."""
    name = f"{BOARD}-1.1.0"
    every = fleet.start(name)
    assert fleet.report(fleet.counter)["run"] and fleet.report(fleet.kiosk)["run"]
    fleet.report(fleet.kiosk, update={"state": "downloading", "version": "1.1.0"})
    fleet.restart()
    assert fleet.rollout(every["id"])["state"] == "running"
    assert fleet.report(fleet.counter)["run"]["version"] == "1.1.0"
    failed = {"state": "fell_back", "version": "1.1.0", "reason": "drew nothing"}
    assert fleet.report(fleet.kiosk, update=failed)["run"] is None
    told = fleet.rollout(every["id"])
    assert told["state"] == "stopped" and told["reason"] == "kiosk-1 fell back: drew nothing", told
    assert told["fell_back"] == 1 and told["stopped_at"], told
    assert fleet.report(fleet.counter)["run"] is None
    rows = audit(fleet.desk)
    assert ("fell_back", "kiosk-1", "1.1.0", "kiosk-1", "device") in rows
    assert ("stop_rollout", every["id"], "fell back", "kiosk-1", "hub") in rows
    fleet.restart()
    assert fleet.rollout(every["id"])["state"] == "stopped" and fleet.report(fleet.counter)["run"] is None
    assert fleet.told("kiosk-1")["update"] == failed
    time.sleep(0.01)  # the clock of the store counts milliseconds: the next begins behind it
    anew = fleet.start(name)
    fleet.report(fleet.kiosk, update=failed)  # known already: does not stop what began later
    assert fleet.rollout(anew["id"])["state"] == "running"
    fleet.expect(fleet.technician.post(f"/rollouts/{anew['id']}/stop", {}), 200)


def versions(fleet):
    """Of several the highest; a bundle a rollout needs stays when there is no room for another."""
    for version in ("1.3.0", "1.2.0"):
        fleet.add_good(version)
    third, second = (fleet.start(f"{BOARD}-{version}") for version in ("1.3.0", "1.2.0"))
    assert fleet.report(fleet.counter)["run"]["version"] == "1.3.0"
    for minor in range(4, 10):
        fleet.add_good(f"1.{minor}.0")
    kept = [each["version"] for each in fleet.expect(fleet.technician.get("/bundles"), 200)["bundles"]]
    assert len(kept) == 8 and kept[-2:] == ["1.3.0", "1.2.0"] and "1.1.0" not in kept, kept
    eventually(lambda: len(list((fleet.desk.folder / "hub/bundles").iterdir())) == 8, "the dropped one's end")
    running = [fleet.start(f"{BOARD}-{version}") for version in kept[:-2]]
    fleet.expect(fleet.add(bundle.good(fleet.desk.key, "2.0.0")), 503, "full")
    for rollout in [third, second, *running]:
        fleet.expect(fleet.technician.post(f"/rollouts/{rollout['id']}/stop", {}), 200)


def resident_kb(desk):
    status = pathlib.Path(f"/proc/{desk.hub.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1])


def large(fleet):
    """128 MB in and out again to many at once: memory stays, and a display hears every heartbeat."""
    desk = fleet.desk
    payload = os.urandom(PIECE) * 127
    data = bundle.good(desk.key, "3.0.0", payload)
    before = resident_kb(desk)
    fleet.expect(fleet.add(data), 201)
    assert resident_kb(desk) - before < 24 * 1024, f"grew from {before} to {resident_kb(desk)} kB while it came"
    want = hashlib.sha256(data).hexdigest()
    name = f"{BOARD}-3.0.0"
    state = fleet.display.get("/state").body
    events = Events(fleet.display, state["seq"])
    pauses, over = [], []

    def listen():
        last = time.monotonic()
        while not over or events.beats_count < 2:
            events.next()
            pauses.append(time.monotonic() - last)
            last = time.monotonic()

    def read():
        line = http.client.HTTPSConnection("127.0.0.1", int(desk.hub_port), context=fleet.kiosk.tls, timeout=120)
        line.request("GET", f"{fleet.kiosk.prefix}/bundles/{name}")
        answer, digest = line.getresponse(), hashlib.sha256()
        while piece := answer.read(PIECE):
            digest.update(piece)
        line.close()
        assert digest.hexdigest() == want

    def read_all():
        together(*[read] * 6)
        over.append(True)

    together(listen, read_all)
    events.close()
    assert max(pauses) < 12, f"a display waited {max(pauses):.1f} s for a sign of life"
    assert resident_kb(desk) - before < 48 * 1024, f"grew from {before} to {resident_kb(desk)} kB"
    stuck = http.client.HTTPSConnection("127.0.0.1", int(desk.hub_port), context=fleet.kiosk.tls, timeout=60)
    stuck.request("GET", f"{fleet.kiosk.prefix}/bundles/{name}")  # never reads: holds nobody up
    fleet.report(fleet.kiosk)
    stuck.close()
    # One that breaks off half way leaves nothing behind.
    fleet.technician.close()
    fleet.technician.connect()
    fleet.technician.line.putrequest("POST", fleet.technician.prefix + "/bundles")
    for header, words in {"Idempotency-Key": str(uuid.uuid4()), "Content-Length": str(len(data))}.items():
        fleet.technician.line.putheader(header, words)
    fleet.technician.line.endheaders()
    fleet.technician.line.send(data[:3 * PIECE])
    folder = desk.folder / "hub/bundles"
    eventually(lambda: any(path.name.startswith(".coming") for path in folder.iterdir()), "a bundle that comes")
    fleet.technician.close()
    eventually(lambda: not any(path.name.startswith(".coming") for path in folder.iterdir()), "its end")


def measured(fleet):
    desk = fleet.desk
    fleet.report(fleet.kiosk, parts={"scanner": "ok", "card": "unused", "printer": "out"})
    before = metrics.parse(fleet.expect(fleet.technician.get("/metrics"), 200))
    ticket = {"service": "B", "language": "nl", "needs": [], "consent": {"person": False, "request": False, "others": False}}
    for _ in range(3):
        fleet.expect(fleet.kiosk.post("/tickets", ticket), 201)
    answer = fleet.integrator.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4"), answer.headers
    after = metrics.parse(fleet.expect(answer, 200))
    assert metrics.value(after, "inloop_tickets_total") == metrics.value(before, "inloop_tickets_total") + 3
    assert metrics.value(after, "inloop_waiting", letter="B") == metrics.value(before, "inloop_waiting", letter="B") + 3
    assert metrics.value(after, "inloop_device_up", device="kiosk-1") == 1
    assert metrics.value(after, "inloop_device_part_ok", device="kiosk-1", part="printer", state="out") == 0
    assert metrics.value(after, "inloop_devices", role="technician", state="down") == 1
    assert metrics.value(after, "inloop_build_info", version="1.0.0", location="stadhuis") == 1
    assert metrics.value(after, "inloop_bundle_bytes_total") > 6 * 127 * PIECE
    counts = after["inloop_commit_seconds"][1]
    assert counts["inloop_commit_seconds_count", ()] > before["inloop_commit_seconds"][1]["inloop_commit_seconds_count", ()]
    told = answer.body
    for resident in json.loads((ROOT / "assets/demo/townhall/residents.json").read_text(encoding="utf-8"))["residents"]:
        for words in (resident.get("name"), resident.get("surname"), resident.get("bsn")):
            assert words is None or str(words) not in told, words
    assert not re.search(r"[A-Z]\d{3}\b", told), "a ticket's number"
    fleet.expect(fleet.kiosk.get("/metrics"), 403, "unauthorized")
    assert desk.hub.poll() is None


def revoked(fleet):
    display, technician = fleet.display, fleet.technician
    events = Events(display, display.get("/state").body["seq"])
    fleet.expect(technician.post("/devices/nobody/revoke", {}), 404, "not_found")
    fleet.expect(technician.post("/devices/display-1/revoke", {}), 200)
    try:
        while True:
            events.next()
    except EOFError:
        events.close()
    assert display.get("/state").status == 403
    assert read_bundle(display, f"{BOARD}-3.0.0")[0] == 403
    assert fleet.told("display-1")["is_revoked"] and not fleet.told("display-1")["is_up"]
    fleet.expect(technician.post("/devices/display-1/revoke", {}), 409, "not_now")
    fleet.expect(technician.post("/devices/display-1/log-requests", {}), 409, "not_now")
    fleet.expect(technician.post("/devices/display-1/service-codes", {}), 404, "not_found")
    assert ("revoke", "display-1", "done", "technician-1", "technician-1") in audit(fleet.desk)
    fleet.desk.enrol("display-1", "display", "")  # and again, with a fresh certificate
    assert Device(fleet.desk, "display-1").get("/state").status == 200
    assert not fleet.told("display-1")["is_revoked"]


def own_box(record):
    """A hub box without anybody: its agent is enrolled, the first technician's code waits and goes."""
    with hall([], kind=BoxDesk) as desk:
        box = desk.folder / "box"
        conf = dict(line.split(" = ", 1) for line in (box / "device.conf").read_text(encoding="utf-8").splitlines())
        assert conf["role"] == "hub" and conf["id"] == "hub" and conf["hub.url"].endswith(desk.hub_port), conf
        assert oct((box / "device.key").stat().st_mode)[-3:] == "600" and (box / "service.pem").exists()
        hub = Device(desk, "box", record=record)
        assert hub.post("/devices/health", {**HEALTH, "version": "1.0.0", "board": BOARD}).status == 200
        assert hub.get("/state").status == 403
        kind, device, code, fingerprint, url = (box / "technician-code").read_text(encoding="utf-8").split(":", 4)
        assert (kind, device) == ("KE1", "technician-1") and url == f"https://127.0.0.1:{desk.enrolment_port}", url
        certificate = (box / "device.pem").read_bytes()
        desk.kill_hub()
        desk.run_hub()
        assert (box / "device.pem").read_bytes() == certificate, "enrolled once more"
        port = Enrolment(desk, record)
        assert port.authority()[1] == fingerprint
        assert (again := (box / "technician-code").read_text(encoding="utf-8").split(":")[2]) != code
        code = again
        assert port.enrol("technician-1", code, key_and_request(desk.folder, "t")).status == 200
        eventually(lambda: not (box / "technician-code").exists(), "the code's end")
        health = dict(line.split(" = ", 1) for line in (desk.folder / "health").read_text(encoding="utf-8").splitlines())
        assert health["role"] == "hub", health


class BoxDesk(Desk):
    def start_hub(self):
        self.hub_more += ["hub.box = 1", f"hub.box_dir = {self.folder}/box", f"health.file = {self.folder}/health"]
        super().start_hub()


def main():
    record = Record(ROOT / "assets/api/hub-1.yaml")
    with hall(DEVICES, kind=FleetDesk) as desk:
        fleet = Fleet(desk, record)
        for each in (reports, logs, codes, bad_bundles, good_bundles, rings, falls_back, versions, large, measured, revoked):
            began = time.monotonic()
            each(fleet)
            print(f"{each.__name__}: {time.monotonic() - began:.1f} s", flush=True)
        rows = desk.hub_task_text("audit-check")
        assert "holds" in rows, rows
        log = (desk.folder / "hub.log").read_text(encoding="utf-8")
        assert not re.search(r"Sanitizer", log), log
        assert "kiosk-1: printer needs help" in log and "display-1: printer" not in log, log  # it has none
    own_box(record)
    found = record.violations()
    for words in found:
        print(words)
    print(f"{len(record.lines)} conversations")
    return 1 if found else 0


sys.exit(main())
