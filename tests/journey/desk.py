# SPDX-License-Identifier: EUPL-1.2
#
# A whole town hall on one desk: the fictional municipality, the hub, and the screens, each device
# enrolled with a one-time code as a technician would. Used by `make run`, the tour and the tests.
import json
import os
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))

from card import Cards  # noqa: E402
from screen import Lost, Screen  # noqa: E402

PATIENCE_S = 15
ROOT = pathlib.Path(__file__).resolve().parents[2]

DEVICES = [("kiosk-1", "kiosk", ""), ("counter-3", "counter", "3"), ("display-1", "display", "")]

# Where each window stands on the X screen of the tour, and its size in px.
PANELS = {
    "kiosk": {"at": (0, 0), "width_px": 1080, "height_px": 1920, "px_per_mm_x100": 361},
    "counter": {"at": (1080, 1080), "width_px": 1280, "height_px": 800, "px_per_mm_x100": 378},
    "display": {"at": (1080, 0), "width_px": 1920, "height_px": 1080, "px_per_mm_x100": 361},
    "pocket": {"at": (2360, 1080), "width_px": 640, "height_px": 840, "px_per_mm_x100": 378},
}


def desk_scale():
    """Percent at which all panels stand side by side on this desk's screen, with room for its bars."""
    said = subprocess.run(["xdpyinfo"], capture_output=True, text=True, check=False).stdout
    size = re.search(r"dimensions:\s+(\d+)x(\d+)", said)
    if size is None:
        return 40
    width = max(panel["at"][0] + panel["width_px"] for panel in PANELS.values())
    height = max(panel["at"][1] + panel["height_px"] for panel in PANELS.values())
    return max(20, min(100, 100 * int(size[1]) // width, 100 * (int(size[2]) - 80) // height))


class Desk:
    def __init__(self, build, folder, headless, screens=("kiosk", "counter", "display"), devices=DEVICES, hub_more=(),
                 town_change=None, has_cards=False):
        # The programs lie in the release folder, or right in the folder of a build under test.
        build = pathlib.Path(build)
        self.bin = build / "release" if (build / "release").is_dir() else build
        self.folder = pathlib.Path(folder)
        self.headless = headless
        self.wanted = screens
        self.devices = devices
        self.hub_more = list(hub_more)  # further lines of the hub's configuration
        self.hub_env = {}
        self.town_data = ROOT / "assets/demo/townhall"
        self.town_change = town_change  # of its requests.json and forms.json, before it begins
        self.has_cards = has_cards  # a reader for the residents' cards
        self.cards = None
        self.town_port = "0"  # as it was, once it has run
        self.running = []
        self.screens = {}
        self.staff_id = "s3"
        self.staff_name = "M. de Wit"
        self.enrolment_codes = []
        self.has_ports = False
        # The stand-ins of a desk without scanner and printer.
        self.cables = [f"scanner.socket = {self.folder}/scanner.sock", f"printer.spool = {self.folder}/spool"]

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, mode=0o700)
        try:
            self.start_display()
            if self.town_change is not None:
                self.change_town()
            if self.has_cards:
                self.cards = Cards(self.bin / "inloop-chip", self.folder / "cards", self.folder / "card.sock",
                                   self.town_data)
            self.start_town()
            self.start_hub()
            for name, role, desk in self.devices:
                self.enrol(name, role, desk)
            for name in self.wanted:
                self.start_screen(name)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        if self.cards is not None:
            self.cards.lift()
        for process in reversed(self.running):
            process.terminate()
        for process in reversed(self.running):
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.running.clear()

    # --- starting

    def start(self, name, *words, env=None, waits_for=None):
        log = open(self.folder / f"{name}.log", "ab")  # noqa: SIM115  kept open by the process
        out = open(self.folder / f"{name}.out", "w+b")  # noqa: SIM115
        process = subprocess.Popen(words, stdout=out, stderr=log, cwd=ROOT, env={**os.environ, **(env or {})})
        log.close()
        out.close()
        process.name = name
        self.running.append(process)
        end = time.monotonic() + PATIENCE_S
        while waits_for:
            said = (self.folder / f"{name}.out").read_text(encoding="utf-8")
            if all(word in said for word in waits_for) and said.endswith("\n"):
                return process
            if process.poll() is not None or time.monotonic() > end:
                raise Lost(f"{name} did not start: {(self.folder / f'{name}.log').read_text()[-400:]}")
            time.sleep(0.02)
        return process

    def start_display(self):
        if not self.headless:
            self.env = {}
            return
        # The server looks for a free number itself and says which once it listens.
        self.start("xvfb", "Xvfb", "-displayfd", "1", "-screen", "0", "3000x1920x24", "-nolisten", "tcp", "-noreset",
                   waits_for=["\n"])
        number = (self.folder / "xvfb.out").read_text(encoding="utf-8").strip()
        self.env = {"DISPLAY": f":{number}", "SDL_VIDEODRIVER": "x11", "SDL_AUDIODRIVER": "dummy"}
        os.environ.update(self.env)

    def change_town(self):
        self.town_data = self.folder / "data"
        shutil.copytree(ROOT / "assets/demo/townhall", self.town_data)
        files = [self.town_data / "requests.json", self.town_data / "forms.json"]
        matters = [json.loads(file.read_text(encoding="utf-8")) for file in files]
        self.town_change(*matters)
        for file, matter in zip(files, matters, strict=True):
            file.write_text(json.dumps(matter), encoding="utf-8")

    def start_town(self):
        self.start("townhall", self.bin / "inloop-townhall", "--data", self.town_data, "--dir", self.folder / "town",
                   "--port", self.town_port, "--audience", "stadhuis", "--transcript", self.folder / "town.jsonl",
                   "--keep", self.folder / "town.json", waits_for=["townhall: http"])
        said = (self.folder / "townhall.out").read_text(encoding="utf-8")
        self.town = said.split("townhall: ")[1].split()[0]
        self.town_port = self.town.rsplit(":", 1)[1]

    def hub_lines(self):
        town = self.town
        return [
            f"data.dir = {self.folder}/hub",
            f"portal.url = {town}/inloop/v1", "portal.token = voorbeeld-portal",
            f"portal.jwks = {self.folder}/town/portal.jwks",
            f"klantinteracties.url = {town}/klantinteracties/api/v1", "klantinteracties.token = voorbeeld-klant",
            f"brp.url = {town}/haalcentraal/api/brp", "brp.key = voorbeeld-brp",
            f"taken.url = {town}/taken/api/v1", "taken.token = voorbeeld-taken",
            f"zaken.url = {town}/zaken/api/v1", "zaken.client_id = inloop", "zaken.secret = voorbeeld-zaken",
            f"objecten.url = {town}/objecten/api/v2", "objecten.token = voorbeeld-objecten",
            f"objecten.type = {town}/objecttypes/api/v2/objecttypes/5f0b6a1c-9a5e-4d0b-8a35-6a2b1a2f7c10",
            f"mijntaken.url = {town}/mijntaken/v1", "mijntaken.token = voorbeeld-mijntaken",
            f"open_forms.url = {town}/openforms", "open_forms.token = voorbeeld-formulieren",
            "hub.public_port = 0", f"strings.dir = {self.bin}/strings",
            f"theme.file = {ROOT}/assets/themes/denhaag.tokens.json",
            f"documenten.url = {town}/documenten/api/v1", "documenten.client_id = inloop",
            "documenten.secret = voorbeeld-documenten", "documenten.organisation = 123456782",
            f"documenten.type = {town}/catalogi/api/v1/informatieobjecttypen/b1b0f3a2-6f0a-4c36-9d0c-6d4d3e1f9a10",
        ]

    def start_hub(self):
        self.hub_conf = self.folder / "hub.conf"
        self.hub_conf.write_text("\n".join([self.hub_base(), *self.hub_lines(), *self.hub_more, ""]), encoding="utf-8")
        self.run_hub(self.hub_env)
        self.staff_pin = self.hub_task("staff-add", "--id", self.staff_id, "--name", self.staff_name)["pin"]

    def hub_base(self):
        return (ROOT / "assets/config/hub.conf").read_text(encoding="utf-8")

    def run_hub(self, env=None):
        """Starts the hub, or starts it again: then on the ports its devices know."""
        self.hub = self.start("hub", self.bin / "inloop-hub", "--config", self.hub_conf, env=env,
                              waits_for=["port ", "enrolment "])
        words = dict(line.split() for line in (self.folder / "hub.out").read_text(encoding="utf-8").splitlines())
        self.hub_port, self.enrolment_port = words["port"], words["enrolment"]
        self.public_port = words.get("public")  # where phones bring documents, when the hub has that
        with self.hub_conf.open("a", encoding="utf-8") as conf:
            if not self.has_ports:
                conf.write(f"hub.port = {self.hub_port}\nhub.enrolment_port = {self.enrolment_port}\n")
                self.has_ports = True

    def kill(self, name):
        """As a power cut would: nothing is flushed, nobody is told."""
        process = next(process for process in self.running if process.name == name)
        process.kill()
        process.wait()
        self.running.remove(process)

    def kill_hub(self):
        self.kill("hub")

    def hub_task_text(self, *words):
        done = subprocess.run([self.bin / "inloop-hub", "--config", self.hub_conf, *words], capture_output=True,
                              text=True, check=False, cwd=ROOT)
        if done.returncode != 0:
            raise Lost(f"inloop-hub {words[0]}: {done.stderr}")
        return done.stdout

    def hub_task(self, *words):
        return dict(line.split(" ", 1) for line in self.hub_task_text(*words).splitlines() if " " in line)

    def enrol(self, device, role, desk):
        code = self.hub_task("enrol-code", "--device", device, "--role", role, *(["--desk", desk] if desk else []))
        self.enrolment_codes.append(code["code"])
        done = subprocess.run([self.bin / "inloop-technician", "enrol", "--hub-url",
                               f"https://127.0.0.1:{self.enrolment_port}", "--device", device, "--code", code["code"],
                               "--fingerprint", code["fingerprint"], "--out", self.folder / device],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Lost(f"{device} could not enrol: {done.stderr}")

    def device_lines(self, device):
        home = self.folder / device
        return [f"hub.url = https://127.0.0.1:{self.hub_port}", "hub.location = stadhuis", f"hub.ca = {home}/ca.pem",
                f"device.certificate = {home}/device.pem", f"device.key = {home}/device.key"]

    def start_screen(self, name):
        panel = PANELS[name]
        device = {"kiosk": "kiosk-1", "counter": "counter-3", "display": "display-1"}.get(name)
        lines = [f"window.width_px = {panel['width_px']}", f"window.height_px = {panel['height_px']}",
                 f"window.px_per_mm_x100 = {panel['px_per_mm_x100']}", f"strings.dir = {self.bin}/strings",
                 "assets.dir = assets", "theme.file = assets/themes/denhaag.tokens.json", "language = nl"]
        if not self.headless:
            scale = desk_scale()
            lines += [f"window.scale_percent = {scale}", f"window.x_px = {panel['at'][0] * scale // 100}",
                      f"window.y_px = {panel['at'][1] * scale // 100}"]
        lines += self.device_lines(device) if device else []
        lines += {
            "kiosk": self.cables + (self.cards.kiosk_lines() if self.cards else []),
            "counter": ["counter.desk = 3"],
            "display": ["language.second = en"],
            "pocket": self.pocket_lines(),
        }[name]
        conf = self.folder / f"{name}.conf"
        conf.write_text("\n".join(lines) + "\n", encoding="utf-8")
        tree = self.folder / f"{name}.tree.json"
        (self.folder / "spool").mkdir(exist_ok=True)
        self.start(name, self.bin / f"inloop-{name}", "--config", conf, env={**self.env, "INLOOP_TREE_FILE": str(tree)})
        if self.headless:
            self.screens[name] = Screen(f"Inloop {name}", tree, panel["at"])

    # --- using

    def ask_town(self, method, path, body=None, token=None):
        headers = {"Content-Type": "application/json", **({"Authorization": token} if token else {})}
        asked = urllib.request.Request(self.town + path, method=method, headers=headers,
                                       data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(asked, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def hold_under_scanner(self, resident, kind):
        self.hold_text(self.ask_town("POST", "/demo/tokens", {"resident": resident, "kind": kind})["code"])

    def identify(self, resident, birth_date):
        """On the kiosk, up to what is open."""
        kiosk = self.screens["kiosk"]
        self.hold_under_scanner(resident, "live")
        kiosk.see("birth_date")
        for digit in birth_date:
            kiosk.click(f"key.{digit}")
        kiosk.click("key.next")
        kiosk.see("request.0")

    def hold_from_pocket(self, resident, kind):
        """The same by the program of `make run`; gives what it says when it cannot."""
        conf = self.folder / "pocket.conf"
        conf.write_text("\n".join(self.pocket_lines()) + "\n", encoding="utf-8")
        done = subprocess.run([self.bin / "inloop-pocket", "--config", conf, "--hold", resident, kind],
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False, cwd=ROOT)
        return "" if done.returncode == 0 else done.stderr or "failed"

    def pocket_lines(self):
        lines = [f"pocket.townhall = {self.town}", f"pocket.socket = {self.folder}/scanner.sock"]
        if self.cards is not None:
            lines += [f"pocket.cards = {self.cards.folder}", f"pocket.card_desk = {self.cards.address}",
                      f"pocket.chip = {self.cards.program}"]
        return lines

    def hold_text(self, text):
        self.hold_bytes(text.encode())

    def hold_bytes(self, words):
        """What the pocket does: two bytes of length and the text, into the kiosk's scanner."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(self.folder / "scanner.sock"))
            line.sendall(len(words).to_bytes(2, "big") + words)

    def slip(self):
        path = self.folder / "spool/slip.png"
        end = time.monotonic() + PATIENCE_S
        while not path.exists():
            if time.monotonic() > end:
                raise Lost("no slip was printed")
            time.sleep(0.02)
        return path

    def contact(self):
        """The contact as the municipality received it, once it stands in the register."""
        path = self.folder / "town.jsonl"
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for line in path.read_text(encoding="utf-8").splitlines():
                asked = json.loads(line)
                if asked["path"].endswith("/maak-klantcontact") and asked["status"] == 201:
                    return asked
            time.sleep(0.05)
        raise Lost("the contact did not reach the register")

    def draft_of(self, resident):
        """How the form that a resident began at home stands in the municipality's Open Forms."""
        link = self.ask_town("POST", "/demo/tokens", {"resident": resident, "kind": "draft"})["code"]
        return next(form for form in self.ask_town("GET", "/demo/forms") if form["link"] == link)

    def kept(self, kind, uuid):
        """A task or a submission as the town has it on its disk, whether it runs or not; before anything of the
        town was changed there is none."""
        kept = self.folder / "town.json"
        all_of_them = json.loads(kept.read_text(encoding="utf-8"))[kind] if kept.exists() else []
        return next((each for each in all_of_them if each["uuid"] == uuid), {})

    def finished_task(self):
        """The id of the task that the municipality was told is done; told once."""
        town = [json.loads(line) for line in (self.folder / "town.jsonl").read_text(encoding="utf-8").splitlines()]
        done = [line["path"].rsplit("/", 1)[1] for line in town
                if line["method"] == "PATCH" and line["status"] == 200 and "formuliertaken" in line["path"]
                and line["request_body"].get("status") == "uitgevoerd"]
        if len(done) != 1:
            raise Lost(f"{len(done)} tasks were told to be done")
        return done[0]

    def transcript(self, number, code, called, asked):
        """What was promised, what the counter saw, what the register received: to be held together."""
        town = [json.loads(line) for line in (self.folder / "town.jsonl").read_text(encoding="utf-8").splitlines()]
        contact = asked["request_body"]
        thing = contact.get("onderwerpobject") or {}
        request_id = (thing.get("onderwerpobjectidentificator") or {}).get("objectId", "")
        listed = [answer for line in town if line["status"] == 200 and "externetaken" in line["path"]
                  for answer in (line["response_body"] or {}).get("results", []) if answer.get("uuid") == request_id]
        missing = [node["name"] for node in called if node["id"].startswith("context.missing") and node["name"]]
        assurance = next((node["name"] for node in called if node["id"] == "context.assurance"), "")
        due = next((node["name"] for node in called if node["id"] == "context.due"), "")
        return {"ticket": {"number": number, "due": due, "code": code},
                "request": {"id": request_id, "source": "taken" if listed else "",
                            "title": listed[0]["titel"] if listed else ""},
                "counter_saw": {"request_id": request_id, "assurance": assurance, "missing": missing},
                "contact": contact}

    def ask_store(self, sql, *values):
        """What the hub has on its disk, whether it runs or not."""
        store = sqlite3.connect(f"file:{self.folder}/hub/hub.db?mode=ro", uri=True)
        try:
            return store.execute(sql, values).fetchall()
        finally:
            store.close()

    def say_logs(self):
        for process in self.running:
            words = (self.folder / f"{process.name}.log").read_text(encoding="utf-8", errors="replace")
            if words:
                print(f"--- {process.name}\n{words[-1500:]}", file=sys.stderr)

