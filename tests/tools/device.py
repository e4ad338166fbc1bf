# SPDX-License-Identifier: EUPL-1.2
#
# A device of the hall as the contract sees it: one certificate, one line to the hub, and commands
# that are asked again under the same key until they are answered.
import http.client
import json
import ssl
import threading
import time
import uuid

PATIENCE_S = 60


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = json.loads(body) if body else None


class Device:
    def __init__(self, desk, name, location="stadhuis"):
        home = desk.folder / name
        self.name = name
        self.desk = desk
        self.prefix = f"/v1/locations/{location}"
        self.tls = ssl.create_default_context(cafile=str(home / "ca.pem"))
        self.tls.load_cert_chain(home / "device.pem", home / "device.key")
        self.line = None

    def close(self):
        if self.line is not None:
            self.line.close()
        self.line = None

    def ask(self, method, path, body=None, key=None):
        """One try; OSError or HTTPException when the line breaks, and then nobody knows."""
        if self.line is None:
            self.line = http.client.HTTPSConnection("127.0.0.1", int(self.desk.hub_port), context=self.tls, timeout=30)
        headers = {"Idempotency-Key": key} if key else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            self.line.request(method, self.prefix + path, None if body is None else json.dumps(body), headers)
            reply = self.line.getresponse()
            return Answer(reply.status, reply.headers, reply.read())
        except (OSError, http.client.HTTPException):
            self.close()
            raise

    def get(self, path):
        return self.ask("GET", path)

    def post(self, path, body, key=None):
        return self.ask("POST", path, body, key or str(uuid.uuid4()))

    def insist(self, path, body, is_up=None):
        """Asks until there is an answer, always under the same key. `is_up`: set while the hub runs."""
        key = str(uuid.uuid4())
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end and (is_up is None or is_up.wait(PATIENCE_S)):
            try:
                answer = self.ask("POST", path, body, key)
            except (OSError, http.client.HTTPException):
                continue
            if answer.status != 503:
                return answer
        raise TimeoutError("the hub did not come back")


def sign_in(desk, device, number, staff):
    """Somebody new behind desk `number`."""
    pin = desk.hub_task("staff-add", "--id", staff, "--name", f"Voorbeeld {number}")["pin"]
    answer = device.post(f"/counters/{number}/session", {"is_open": True, "is_paused": False, "staff": staff, "pin": pin})
    if answer.status != 200:
        raise AssertionError(f"sign in at {number}: {answer.status} {answer.body}")


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
