# SPDX-License-Identifier: EUPL-1.2
#
# A town hall of guests: four disks with the same image, each with its own site.conf, on one switch; the
# fictional municipality on this machine, behind the hub.
import http.client
import json
import pathlib
import shutil
import subprocess
import time

from desk import ROOT, Desk
from device import Line, client_tls
from machine import Lost, Machine, wait_for
from picture import codes
from switch import UPLINK, Switch, free_port

ESP = "@@1M"  # where the first partition lies on the disk
ADDRESSES = {"hub": "10.77.0.11", "kiosk": "10.77.0.12", "counter": "10.77.0.13", "display": "10.77.0.14"}
NAMES = {"kiosk": "kiosk-1", "counter": "counter-3", "display": "display-1"}
SCALE = {"kiosk": 361, "counter": 378, "display": 361, "hub": 378}  # as the rehearsal's windows (desk.py)
HUB_PORT, ENROLMENT_PORT, PUBLIC_PORT = 8443, 8444, 8445
ENDS_WITHIN_S = 300
FIRST_TILE = (610, 98)  # of the hub's screen, 1280 by 800
OWN_LINES = ("strings.dir", "data.dir", "theme.file", "hub.host", "portal.jwks", "hub.public_port")


class Town(Desk):
    """The municipality alone; the hub is a guest."""

    def start_hub(self):
        pass


class Hall:
    def __init__(self, build, image, folder):
        self.build = pathlib.Path(build)
        self.image = pathlib.Path(image)
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.town = Town(self.build, self.folder / "town", headless=False, screens=(), devices=())
        self.switch = Switch(self.folder / "net")
        self.ports = {HUB_PORT: free_port(), ENROLMENT_PORT: free_port()}
        self.machines = {}
        self.line = None

    def __enter__(self):
        self.town.__enter__()
        self.switch.uplink([(here, ADDRESSES["hub"], there) for there, here in self.ports.items()])
        return self

    def __exit__(self, *_):
        for machine in self.machines.values():
            machine.close()
        self.switch.close()
        self.town.__exit__(None, None, None)

    # --- disks and machines

    def site(self, role):
        """What a technician writes onto the stick beside the image, for one device."""
        lines = [f"network.address = {ADDRESSES[role]}/24", f"network.gateway = {UPLINK}", f"network.dns = {UPLINK}",
                 f"window.px_per_mm_x100 = {SCALE[role]}", "language = nl", "update.report_s = 5", "update.trial_s = 60",
                 "theme.file = /usr/share/inloop/themes/denhaag.tokens.json"]
        if role == "hub":
            town = [line.replace("127.0.0.1", UPLINK) for line in self.town.hub_lines()]
            lines += ["role = hub", f"hub.host = {ADDRESSES['hub']}", f"hub.public_port = {PUBLIC_PORT}", "portal.jwks = /run/inloop/site/portal.jwks",
                      *(line for line in [*self.town.hub_base().splitlines(), *town]
                        if not line.startswith(OWN_LINES) and not line.startswith("#"))]
        if role == "counter":
            lines.append("counter.desk = 3")
        if role == "display":
            lines.append("language.second = en")
        return "\n".join(lines) + "\n"

    def make(self, role, more=(), hardware=None, name=None):
        """A device of this image that was never on; its disk is larger than the image, as disks are."""
        name = name or role
        home = self.folder / name
        home.mkdir(parents=True, exist_ok=True)
        base, disk = home / "base.img", home / "disk.qcow2"
        subprocess.run(["cp", "--sparse=always", self.image / "disk.img", base], check=True)
        (home / "site.conf").write_text(self.site(role) + "".join(f"{line}\n" for line in more), encoding="utf-8")
        subprocess.run(["mcopy", "-o", "-i", f"{base}{ESP}", home / "site.conf", "::inloop/site.conf"], check=True)
        if role == "hub":
            subprocess.run(["mmd", "-D", "s", "-i", f"{base}{ESP}", "::inloop/site"], check=False, stderr=subprocess.DEVNULL)
            subprocess.run(["mcopy", "-o", "-i", f"{base}{ESP}", self.town.folder / "town/portal.jwks",
                            "::inloop/site/portal.jwks"], check=True)
        disk.unlink(missing_ok=True)
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", base, "-F", "raw", disk, "1G"], check=True)
        hardware = hardware or int(ADDRESSES[role].rsplit(".", 1)[1])
        self.machines[name] = Machine(home, name, disk, self.switch, role, hardware)
        return self.machines[name]

    def branch(self, machine, name, folder=None):
        """A second machine whose disk begins where this one's stands; this one must be off and stay off."""
        home = pathlib.Path(folder or self.folder / name)
        home.mkdir(parents=True, exist_ok=True)
        disk = home / "disk.qcow2"
        disk.unlink(missing_ok=True)
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", machine.disk, "-F", "qcow2", disk], check=True)
        shutil.copy(machine.folder / "vars.fd", home / "vars.fd")
        made = Machine(home, name, disk, self.switch, None, machine.hardware)
        made.size = machine.size
        self.machines[name] = made
        return made

    # --- the technician

    def become_technician(self, code):
        """With what the hub's own screen shows, from a laptop that the hub's port is forwarded to."""
        _, device, words, fingerprint, _ = code.split(":", 4)
        self.technician = device
        done = subprocess.run(
            [self.town.bin / "inloop-technician", "enrol", "--hub-url", f"https://localhost:{self.ports[ENROLMENT_PORT]}",
             "--device", device, "--code", words, "--fingerprint", fingerprint, "--out", self.folder / device],
            capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Lost(f"the technician could not enrol: {done.stderr}")
        conf = self.folder / device / "device.conf"
        kept = [line for line in conf.read_text(encoding="utf-8").splitlines() if not line.startswith("hub.url")]
        conf.write_text("\n".join([*kept, f"hub.url = https://localhost:{self.ports[HUB_PORT]}"]) + "\n", encoding="utf-8")

    def ask(self, method, path, body=None, device=None, key=None, patience_s=60):
        """Of the hub, as a device sees it; Lost when it refuses."""
        line = HubLine(self, device or self.technician, patience_s)
        try:
            headers = {"Idempotency-Key": key or f"test-{time.monotonic_ns():020d}"} if method == "POST" else {}
            line.send(method, f"/v1/locations/stadhuis{path}", body, headers)
            answer = line.receive()
        finally:
            line.close()
        if answer.status >= 400:
            raise Lost(f"{method} {path}: {answer.status} {answer.body}")
        return answer.body

    def cli(self, *words):
        """The technician's own tool; what it prints."""
        done = subprocess.run([self.town.bin / "inloop-technician", *words, "--profile", self.folder / self.technician],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Lost(f"inloop-technician {words[0]}: {done.returncode} {done.stderr}")
        return done.stdout

    def code_for(self, role):
        body = {"role": role, **({"desk": "3"} if role == "counter" else {})}
        return self.ask("POST", f"/devices/{NAMES[role]}/codes", body)

    def device(self, name):
        """What the hub knows of a device, or {}."""
        told = json.loads(self.cli("devices", "--json"))
        listed = told.get("devices", told) if isinstance(told, dict) else told
        return next((each for each in listed if each.get("id", each.get("device")) == name), {})

    def wait_until_up(self, patience_s=ENDS_WITHIN_S):
        """The hub answers."""
        def answers():
            line = http.client.HTTPSConnection("localhost", self.ports[HUB_PORT], timeout=2)
            try:
                line.connect()
                return True
            except ConnectionError:
                return False
            except OSError as failure:  # it asks for our certificate: then it is up
                return "SSL" in type(failure).__name__ or "CERTIFICATE" in str(failure).upper()
            finally:
                line.close()

        wait_for(answers, "the hub did not come up", patience_s)

    def see_code(self, machine, patience_s=240):
        """The first technician's code, as a camera reads it: behind the first tile of the hub's screen,
        which is filled once there is a code."""
        path = machine.folder / "code.png"
        x, y = FIRST_TILE

        def is_seen():
            seen = machine.picture(path)
            dots = seen.cut(x - 190, y - 60, 1, 1).dots
            if dots[0] < 64 < dots[1]:
                machine.tap(x, y)
            return [code for code in codes(path) if code.startswith("KE1:")]

        return wait_for(is_seen, f"{machine.name} shows no code", patience_s, look_s=1)[0]


class HubLine(Line):
    """A line through the forwarded port; the hub's certificate also names localhost."""

    def __init__(self, hall, device, patience_s):
        self.folder = hall.folder
        self.patience_s = patience_s
        super().__init__(lambda: hall.ports[HUB_PORT], client_tls(self, device))

    def connect(self):
        if self.line is None:
            self.line = http.client.HTTPSConnection("localhost", int(self.port()), context=self.tls, timeout=self.patience_s)
            self.line.connect()
