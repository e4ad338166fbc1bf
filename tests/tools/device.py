# SPDX-License-Identifier: EUPL-1.2
#
# A device of the hall as the contract sees it: one certificate, one line to the hub, and commands
# that are asked again under the same key until they are answered.
import contextlib
import http.client
import json
import os
import pathlib
import signal
import ssl
import tempfile
import threading
import time
import uuid

from desk import Desk

PATIENCE_S = 60


def document(surname, given, birth_date, is_name_cut=False, **checks):
    """What a kiosk says of an identity card, all of it verified unless `checks` say otherwise."""
    zone = {"kind": "I", "issuer": "NLD", "surname": surname, "given": given, "is_name_cut": is_name_cut,
            "checks": {"access": "pace", "is_genuine": True, "not_cloned": "chip", **checks}}
    return {"document": {**zone, **({"birth_date": birth_date} if birth_date else {})}, "language": "nl"}


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        is_json = headers.get("Content-Type", "").endswith("json")
        self.body = json.loads(body) if is_json else body.decode()


class Line:
    """One line to a port of the hub: `send`, then `receive`; or `ask`, both in one."""

    def __init__(self, port, tls, record=None):
        self.port = port  # asked anew for each connection: the hub may have moved
        self.tls = tls
        self.record = record  # of every conversation, or None
        self.line = None
        self.sent = None

    def connect(self):
        if self.line is None:
            self.line = http.client.HTTPSConnection("127.0.0.1", int(self.port()), context=self.tls, timeout=30)
            self.line.connect()

    def close(self):
        if self.line is not None:
            self.line.close()
        self.line = None

    def send(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        words = body if body is None or isinstance(body, str) else json.dumps(body)
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        try:
            self.connect()
            self.line.request(method, path, words, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self.sent = {"method": method, "path": path, "request_headers": headers, "request_body": body}

    def receive(self, is_wrong=False):
        try:
            reply = self.line.getresponse()
            answer = Answer(reply.status, reply.headers, reply.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if self.record is not None:
            self.record.add({**self.sent, "status": answer.status, "response_headers": dict(answer.headers),
                             "response_body": answer.body}, is_wrong)
        return answer


    def receive_bytes(self, status):
        """An answer that is no JSON and no text."""
        reply = self.line.getresponse()
        body = reply.read()
        if self.record is not None:
            self.record.add({**self.sent, "status": reply.status, "response_headers": dict(reply.headers),
                             "response_body": "bytes"})
        if reply.status != status:
            raise AssertionError((reply.status, body[:200]))
        return body


class Device(Line):
    def __init__(self, desk, name, location="stadhuis", record=None):
        super().__init__(lambda: desk.hub_port, client_tls(desk, name), record)
        self.name = name
        self.desk = desk
        self.prefix = f"/v1/locations/{location}"

    def send_command(self, method, path, body=None, key=None):
        """A path with the version in it, or of no location, stands as it is."""
        path = path if path.startswith("/v1/") or path == "/metrics" else self.prefix + path
        self.send(method, path, body, {"Idempotency-Key": key} if key else {})

    def ask(self, method, path, body=None, key=None, is_wrong=False):
        """One try; OSError or HTTPException when the line breaks, and then nobody knows. `is_wrong`:
        breaks the contract on purpose."""
        self.send_command(method, path, body, key)
        return self.receive(is_wrong)

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body, key=None):
        return self.ask("POST", path, body, key or str(uuid.uuid4()))

    def insist(self, path, body, is_up=None, key=None):
        """Asks until there is an answer, always under the same key. `is_up`: set while the hub runs."""
        key = key or str(uuid.uuid4())
        return self.until_answered(lambda: self.ask("POST", path, body, key), is_up)

    def read(self, path, is_up=None):
        return self.until_answered(lambda: self.get(path), is_up)

    def until_answered(self, ask, is_up):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and (is_up is None or is_up.wait(PATIENCE_S)):
            try:
                answer = ask()
            except (OSError, http.client.HTTPException):
                continue
            if answer.status != 503:
                return answer
        raise TimeoutError("the hub did not come back")


class Events:
    """The stream as a screen follows it: (sequence number, kind, data) one after another."""

    def __init__(self, device, start, headers=None):
        self.line = http.client.HTTPSConnection("127.0.0.1", int(device.desk.hub_port), context=device.tls,
                                                timeout=PATIENCE_S)
        path = device.prefix + "/events" + ("" if start is None else f"?from={start}")
        self.line.request("GET", path, headers=headers or {})
        self.reply = self.line.getresponse()
        self.status = self.reply.status
        self.beats_count = 0
        if self.status != 200:
            self.problem = json.loads(self.reply.read())
        if device.record is not None:
            device.record.add({"method": "GET", "path": path, "request_headers": headers or {}, "status": self.status,
                               "response_headers": dict(self.reply.headers),
                               "response_body": "" if self.status == 200 else self.problem})

    def next(self):
        """The next event, or None at a heartbeat. EOFError: the stream has ended."""
        fields = {}
        while True:
            line = self.reply.readline().decode()
            if line == "":
                raise EOFError("the stream has ended")
            if line.startswith(":"):
                self.beats_count += 1
            elif line == "\n":
                return (int(fields["id"]), fields["event"], json.loads(fields["data"])) if fields else None
            else:
                name, _, value = line.rstrip("\n").partition(": ")
                fields[name] = value

    def until(self, seq):
        """All events up to this number."""
        told = []
        while not told or told[-1][0] < seq:
            event = self.next()
            if event is not None:
                told.append(event)
        return told

    def close(self):
        self.reply.close()
        self.line.close()


def client_tls(desk, name):
    home = desk.folder / name
    tls = ssl.create_default_context(cafile=str(home / "ca.pem"))
    tls.verify_flags |= ssl.VERIFY_X509_STRICT  # as newer Pythons do of themselves
    tls.load_cert_chain(home / "device.pem", home / "device.key")
    return tls


@contextlib.contextmanager
def hall(devices, more=(), kind=Desk):
    """The municipality and the hub without screens, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, \
            kind(os.environ["INLOOP_BUILD"], pathlib.Path(folder) / "desk", headless=False, screens=(),
                 devices=devices, hub_more=more) as desk:
        try:
            yield desk
        except BaseException:
            desk.say_logs()
            raise


def at_once(desk, sends, lines):
    """Each line sends before the hub can read any of them; the answers of all."""
    for line in lines:
        line.connect()
    os.kill(desk.hub.pid, signal.SIGSTOP)
    try:
        for send in sends:
            send()
    finally:
        os.kill(desk.hub.pid, signal.SIGCONT)
    return [line.receive() for line in lines]


def eventually(check, what, patience_s=PATIENCE_S):
    """What `check` gives, as soon as that is true."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        found = check()
        if found:
            return found
        time.sleep(0.02)
    raise TimeoutError(what)


def sign_in(desk, device, number, staff):
    """Somebody new behind desk `number`; gives the PIN."""
    pin = desk.hub_task("staff-add", "--id", staff, "--name", f"Voorbeeld {number}")["pin"]
    answer = device.post(f"/counters/{number}/session", {"is_open": True, "is_paused": False, "staff": staff, "pin": pin})
    if answer.status != 200:
        raise AssertionError(f"sign in at {number}: {answer.status} {answer.body}")
    return pin


def together(*works):
    """Runs each on a thread of its own; raises the first failure after all have ended."""
    failures = []

    def run(work):
        try:
            work()
        except BaseException as failure:  # told below
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
