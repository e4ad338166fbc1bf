#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# The real agent and the real hub: a kiosk enrols, a technician gives the hub a bundle and starts a
# rollout, the kiosk runs it; the next one falls back and the rollout stops by itself.
import os
import pathlib
import sys

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import bundle  # noqa: E402
from agent import Machine  # noqa: E402
from device import Device, hall  # noqa: E402
from fleet import BOARD, FleetDesk, send_bytes  # noqa: E402
from hall import wait_for  # noqa: E402

DEVICES = [("technician-1", "technician", ""), ("kiosk-1", "kiosk", "")]
UKI = os.urandom(3_000_000)


def conf_of(path):
    lines = (line.partition("=") for line in path.read_text(encoding="utf-8").splitlines() if "=" in line)
    return {key.strip(): value.strip() for key, _, value in lines}


def enrolled(desk):
    """What the hub said of the device stands beside its certificate."""
    folder = desk.folder / "kiosk-1"
    conf = conf_of(folder / "device.conf")
    expected = {"id": "kiosk-1", "role": "kiosk", "location": "stadhuis", "hub.location": "stadhuis", "town": "voorbeeldstad",
                "hub.ca": str(folder / "ca.pem"), "device.certificate": str(folder / "device.pem"),
                "device.key": str(folder / "device.key")}
    assert {key: conf[key] for key in expected} == expected and conf["hub.url"].endswith(f":{desk.hub_port}"), conf
    assert "BEGIN PUBLIC KEY" in (folder / "service.pem").read_text(encoding="utf-8")
    assert (folder / "device.key").stat().st_mode & 0o777 == 0o600
    return conf


def start(technician, desk, version):
    answer = send_bytes(technician, bundle.good(desk.key, version, UKI, town="voorbeeldstad"))
    assert answer.status == 201, answer.body
    answer = technician.post("/rollouts", {"bundle": answer.body["bundle"], "ring": "all", "from": "00:00", "to": "00:00"})
    assert answer.status == 201, answer.body


def told(technician):
    return next(device for device in technician.get("/devices").body["devices"] if device["id"] == "kiosk-1")


def story(desk):
    technician = Device(desk, "technician-1")
    conf = enrolled(desk)
    more = {key: conf[key] for key in ("hub.location", "town", "hub.ca", "device.certificate", "device.key")}
    machine = Machine(desk.folder / "machine", f"https://127.0.0.1:{desk.hub_port}", "1.0", BOARD, more)
    machine.health_is({})
    machine.boot()
    wait_for(lambda: told(technician).get("version") == "1.0", "it reports")

    start(technician, desk, "1.1")
    machine.restarts()
    assert machine.boot() == "1.1"
    machine.is_at("blessed")
    wait_for(lambda: told(technician)["version"] == "1.1" and told(technician)["update"]["state"] == "blessed", "the hub is told")
    assert machine.names() == ["inloop_1.0.efi", "inloop_1.1.efi"], machine.names()
    assert (machine.slots / "inloop_1.1.efi").read_bytes() == UKI

    start(technician, desk, "1.2")
    machine.restarts()
    for _ in range(3):
        assert machine.boot(starts=False) == "1.2"
    assert machine.boot() == "1.1"
    machine.is_at("fell_back", "never started")
    wait_for(lambda: told(technician)["update"].get("reason") == "never started", "the technician sees why")
    wait_for(lambda: technician.get("/rollouts").body["rollouts"][0]["state"] == "stopped", "it stops by itself")

    answer = technician.post("/devices/kiosk-1/log-requests", {})
    assert answer.status == 202, answer.body
    wait_for(lambda: technician.get("/devices/kiosk-1/log").status == 200, "its log comes")
    assert "== agent.log" in technician.get("/devices/kiosk-1/log").body["log"]
    machine.stop()


with hall(DEVICES, kind=FleetDesk) as a_desk:
    story(a_desk)
print("the kiosk runs what it was given, and says why it does not")
