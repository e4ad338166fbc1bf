#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# Role x route, all of it, on the running hub: let in or refused exactly as the document marks and
# the hub's table say, and a refusal tells nothing but that it is one.
import os
import pathlib
import re
import ssl
import sys
import time
import uuid

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device, Events, eventually, hall, sign_in  # noqa: E402
from est import authority, certify  # noqa: E402
from openapi import Document  # noqa: E402
from routes import table_of_document, table_of_hub  # noqa: E402

DEVICES = [("kiosk-1", "kiosk", ""), ("counter-1", "counter", "1"), ("display-1", "display", ""),
           ("technician-1", "technician", ""), ("integrator-1", "integrator", ""), ("hub-1", "hub", ""),
           ("revoked-1", "counter", "3")]
TOLD = {"type": "urn:inloop:problem:unauthorized", "title": "unauthorized", "status": 403, "code": "unauthorized"}


def ask(device, method, path):
    """Something that changes nothing where it is allowed: an empty body, an id nobody has."""
    desk = path.startswith("/counters/")
    path = path.replace("{}", "1" if desk else str(uuid.uuid4()))
    return device.ask(method, path, {} if method == "POST" else None, str(uuid.uuid4()) if method == "POST" else None)


def check_role(device, role, table, wrong):
    for (method, path), roles in table.items():
        answer = ask(device, method, path)
        is_refused = answer.status == 403 and answer.body == TOLD
        if is_refused == (role in roles):
            wrong.append(f"{role} {method} {path}: {answer.status} {answer.body}")
    for method, path in (("GET", "/visits"), ("POST", "/state"), ("GET", "/"), ("POST", "/devices"), ("GET", "/audit")):
        if ask(device, method, path).status not in (403, 404, 405):
            wrong.append(f"{role} {method} {path}: is in no table")


def check_outside(name, connect, table, wrong):
    """Who does not get through the handshake gets no answer to anything."""
    for method, path in [*table, ("GET", "/v1/health")]:
        try:
            answer = ask(connect(), method, path)
        except (ssl.SSLError, OSError):
            continue
        wrong.append(f"{name} {method} {path}: {answer.status} {answer.body}")


def outsider(desk, name, authority_pem=None, authority_key=None):
    """A device with another certificate, or with none."""
    home = desk.folder / name
    home.mkdir(exist_ok=True)
    device = Device(desk, "kiosk-1")
    device.tls = ssl.create_default_context(cafile=str(desk.folder / "kiosk-1/ca.pem"))
    if authority_pem is not None:
        certify(home, name, authority_pem, authority_key)
        device.tls.load_cert_chain(home / f"{name}.pem", home / f"{name}.key")
    return device


def revoke(desk, device):
    """The registry is read again within ten seconds; with that its stream ends too."""
    events = Events(device, device.get("/state").body["seq"])
    desk.hub_task_text("revoke", "--device", device.name)
    eventually(lambda: device.get("/state").status == 403, "the revocation")
    end = time.monotonic() + 60
    try:
        while time.monotonic() < end:
            events.next()
        raise AssertionError("a revoked device still follows the events")
    except EOFError:
        events.close()


def again(desk, device):
    """A new certificate ends the old one, and at once what it follows."""
    events = Events(device, device.get("/state").body["seq"])
    desk.enrol(device.name, "display", "")
    try:
        while True:
            events.next()
    except EOFError:
        events.close()


def main():
    in_document = table_of_document(Document(ROOT / "assets/api/hub-1.yaml"))
    in_hub = table_of_hub(ROOT)
    assert in_document == in_hub and len(in_hub) > 10, (in_document, in_hub)
    wrong = []
    with hall(DEVICES) as desk:
        devices = {name: Device(desk, name) for name, _, _ in DEVICES}
        sign_in(desk, devices["counter-1"], 1, "s1")
        for name, role, _ in DEVICES[:-1]:
            check_role(devices[name], role, in_hub, wrong)
        revoke(desk, devices["revoked-1"])
        check_role(devices["revoked-1"], "nobody", in_hub, wrong)
        again(desk, devices["display-1"])
        check_role(devices["display-1"], "nobody", in_hub, wrong)
        check_role(Device(desk, "display-1"), "display", in_hub, wrong)
        # The hub's own authority signed it, and nobody enrolled it.
        unknown = outsider(desk, "unknown", desk.folder / "hub/ca.pem", desk.folder / "hub/ca.key")
        check_role(unknown, "nobody", in_hub, wrong)
        authority(desk.folder, "stranger")
        strange = outsider(desk, "strange", desk.folder / "stranger.pem", desk.folder / "stranger.key")
        check_outside("strange", lambda: strange, in_hub, wrong)
        check_outside("without", lambda: outsider(desk, "without"), in_hub, wrong)
        for device in (devices["integrator-1"], devices["revoked-1"], unknown):
            if device.ask("GET", "/v1/health").body != {"status": "ok"}:
                wrong.append("health is not told")
        log = (desk.folder / "hub.log").read_text(encoding="utf-8")
    for words in wrong:
        print(words)
    assert not re.search(r"Sanitizer", log), log
    print(f"{len(DEVICES) + 3} kinds of asker x {len(in_hub)} routes")
    return 1 if wrong else 0


sys.exit(main())
