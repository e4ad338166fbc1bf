# SPDX-License-Identifier: EUPL-1.2
#
# A machine of files round the real agent: a folder as boot partition with a boot loader that counts
# as systemd-boot does, a role program's health as the test says it, and a hub that answers as told.
import hashlib
import http.server
import json
import os
import pathlib
import re
import subprocess
import threading

from hall import wait_for

BIN = pathlib.Path(os.environ["INLOOP_BUILD"])
ALWAYS = ("00:00", "00:00")


def technician(*words, check=True):
    done = subprocess.run([BIN / "inloop-technician", *map(str, words)], capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, done.stderr
    return done


class Bundles:
    """Keys and bundles, made with the program that makes them."""

    def __init__(self, folder):
        self.folder = folder
        technician("bundle", "key", folder / "update.pem")
        technician("bundle", "key", folder / "stranger.pem")
        (folder / "uki").write_bytes(os.urandom(700_000))
        self.one_at_a_time = threading.Lock()

    def make(self, version, board="test-board", town="*", minimum="1", key="update"):
        out = self.folder / f"{version}-{board}-{key}.bundle"
        with self.one_at_a_time:
            technician("bundle", "make", "--key", self.folder / f"{key}.pem", "--version", version, "--board", board,
                       "--minimum", minimum, "--town", town, "--out", out, f"uki={self.folder / 'uki'}")
            return out.read_bytes()


class Hub:
    """Answers reports with the order it was given, and hands out a bundle with the faults it was given."""

    def __init__(self):
        self.reports = []
        self.logs = []
        self.ranges = []  # of each fetch
        self.run = None
        self.bundle = b""
        self.wants_log = False
        self.now = "2026-11-27T12:00:00Z"
        self.cut_at = []  # the answer's line is cut after so many bytes, once each
        self.takes_ranges = True
        self.is_silent = False
        hub = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                hub.post(self)

            def do_GET(self):
                hub.get(self)

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request, client_address):
                pass  # an agent that is killed, or wants no more, hangs up

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def order(self, version, bundle, window=ALWAYS, **lies):
        self.bundle = bundle
        self.run = {"bundle": f"test-board-{version}", "version": version, "bytes": len(bundle),
                    "sha256": hashlib.sha256(bundle).hexdigest(), "from": window[0], "to": window[1], **lies}

    def post(self, handler):
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        assert re.fullmatch(r"[0-9a-f-]{36}", handler.headers["Idempotency-Key"])
        if self.is_silent:
            self.answer(handler, 503, b"{}")
        elif handler.path.endswith("/devices/health"):
            self.reports.append(body)
            wants_log, self.wants_log = self.wants_log, False
            self.answer(handler, 200, json.dumps({"run": self.run, "wants_log": wants_log, "now": self.now}).encode())
        else:
            self.logs.append(body["log"])
            self.answer(handler, 200, b"{}")

    def get(self, handler):
        asked = handler.headers.get("Range")
        self.ranges.append(asked)
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.takes_ranges else 0
        if handler.path != f"/v1/locations/hall/bundles/{self.run and self.run['bundle']}" or start > len(self.bundle):
            self.answer(handler, 404, b"{}")
            return
        handler.send_response(206 if start else 200)
        handler.send_header("Content-Length", str(len(self.bundle) - start))
        if start:
            handler.send_header("Content-Range", f"bytes {start}-{len(self.bundle) - 1}/{len(self.bundle)}")
        handler.end_headers()
        cut = self.cut_at.pop(0) if self.cut_at else None
        handler.wfile.write(self.bundle[start:] if cut is None else self.bundle[start:start + cut])
        if cut is not None:
            handler.close_connection = True

    @staticmethod
    def answer(handler, status, body):
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Machine:
    def __init__(self, folder, url, version="1.2", board="test-board", more=None):
        self.folder = folder
        self.url = url
        self.board = board
        self.more = more or {}  # of its configuration
        self.slots = folder / "esp/EFI/Linux"
        self.run = folder / "run"
        self.boots = 0
        self.trial_s = 120  # a slow machine may take long to come up well
        self.agent = None
        self.slots.mkdir(parents=True)
        (self.run / "log").mkdir(parents=True)
        (folder / "sysfs").mkdir(exist_ok=True)
        (self.slots / f"inloop_{version}.efi").write_bytes(b"works")
        self.health_is(None)

    def names(self):
        return sorted(path.name for path in self.slots.iterdir())

    def health_is(self, health):
        """What the program that serves says from now on; None: it says nothing."""
        self.health = health
        self.write_health()

    def write_health(self):
        path = self.run / "health"
        path.unlink(missing_ok=True)
        if self.health is not None:
            lines = {"role": "kiosk", "is_drawn": 1, "is_connected": 1, "is_busy": 0, "at": "2026-11-27T12:00:00Z", "scanner": "ok",
                     "printer": "low", **self.health}
            new = self.run / "health.new"
            new.write_text("".join(f"{key} = {value}\n" for key, value in lines.items()), encoding="utf-8")
            new.rename(path)

    def pick(self):
        """As systemd-boot does: the newest with tries left, else the newest that is kept; a try is counted in its name."""
        found = []
        for name in self.names():
            match = re.fullmatch(r"inloop_([0-9.]+)(?:\+(\d+)(?:-(\d+))?)?\.efi", name)
            if match and match[2] != "0":
                found.append(([int(number) for number in match[1].split(".")], match))
        match = max(found, key=lambda entry: entry[0])[1]
        if match[2]:
            (self.slots / match[0]).rename(self.slots / f"inloop_{match[1]}+{int(match[2]) - 1}-{int(match[3] or 0) + 1}.efi")
        return match[1]

    def boot(self, starts=True):
        """Gives the version that was started; without its agent when it never comes that far."""
        self.stop()
        self.boots += 1
        self.slots.chmod(0o700)
        version = self.pick()
        self.slots.chmod(0o500)
        (self.folder / "esp/restarted").unlink(missing_ok=True)
        if starts:
            self.start(version)
        return version

    def start(self, version):
        for name in ("health", "update", "usb"):
            (self.run / name).unlink(missing_ok=True)
        self.write_health()
        (self.folder / "image.conf").write_text(f"version = {version}\nboard = {self.board}\n", encoding="utf-8")
        conf = {"hub.url": self.url, "hub.location": "hall", "town": "denhaag", "update.esp": f"{self.folder}/esp",
                "update.dir": f"{self.folder}/data", "update.keys": f"{self.folder.parent}/update.pub.pem",
                "image.file": f"{self.folder}/image.conf", "run.dir": self.run, "usb.sysfs": f"{self.folder}/sysfs",
                "update.report_s": 1, "update.trial_s": self.trial_s, "machine.boot": f"boot-{self.boots}",
                "timezone": "Europe/Amsterdam", **self.more}
        lines = "".join(f"{key} = {value}\n" for key, value in conf.items())
        (self.folder / "role.conf").write_text(lines, encoding="utf-8")
        (self.folder / "role.conf").chmod(0o640)
        with (self.run / "log/agent.log").open("a", encoding="utf-8") as log:
            self.agent = subprocess.Popen([BIN / "inloop-technician", "agent", "--config", self.folder / "role.conf"], stderr=log)

    def stop(self):
        if self.agent is not None:
            self.agent.terminate()
            code = self.agent.wait(60)
            assert code in (0, -15), self.log()  # perhaps before it listens
        self.agent = None

    def kill(self):
        """The power fails."""
        self.agent.kill()
        self.agent.wait()
        self.agent = None

    def has_fetched(self):
        path = self.folder / "data/next.bundle"
        return path.stat().st_size if path.exists() else 0

    def log(self):
        return (self.run / "log/agent.log").read_text(encoding="utf-8")

    def restarts(self):
        """Waits until the machine wants to start again."""
        wait_for(lambda: (self.folder / "esp/restarted").exists() and self.agent.poll() is not None, "no restart")
        assert self.agent.wait() == 0, self.log()
        self.agent = None

    def update(self):
        """What the technician's screen reads."""
        path = self.run / "update"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return {key.strip(): value.strip() for key, _, value in (line.partition("=") for line in lines)}

    def is_at(self, state, reason=None):
        def there():
            update = self.update()
            return update.get("state") == state and (reason is None or reason in update["reason"])
        try:
            wait_for(there, state)
        except TimeoutError as err:
            raise AssertionError(f"{self.update()}, not {state} {reason or ''}\n{self.log()}") from err


def descriptors(vendor, product, interfaces, device_class=0):
    """A USB device's own words: its descriptor and one configuration with these (class, subclass, protocol)."""
    device = bytes([18, 1, 0, 2, device_class, 0, 0, 64]) + vendor.to_bytes(2, "little") + product.to_bytes(2, "little") + \
        bytes([0, 1, 0, 0, 0, 1])
    body = b"".join(bytes([9, 4, at, 0, 1, *kind, 0]) + bytes([7, 5, 0x81 + at, 3, 8, 0, 10]) for at, kind in enumerate(interfaces))
    return device + bytes([9, 2]) + (9 + len(body)).to_bytes(2, "little") + bytes([len(interfaces), 1, 0, 0x80, 50]) + body
