#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# Attacks on the hub's port, each refused as the contract says, while a kiosk issues and a counter
# calls all the time: none of their commands fails or waits long.
import contextlib
import os
import pathlib
import random
import socket
import ssl
import sys
import threading
import time
import warnings

ROOT = pathlib.Path(os.environ["INLOOP_ROOT"]).resolve()
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
from device import Device, eventually, hall, sign_in, together  # noqa: E402

DEVICES = [("kiosk-1", "kiosk", ""), ("counter-3", "counter", "3"), ("display-1", "display", "")]
WAIT_S_MAX = 10  # of a command of the others; milliseconds on a quiet machine
CUT_S_MAX = 60  # until a slow one is cut: the contract's four seconds, on a machine that is busy
IDLE_LINES = 300
IDLE_S = 60  # how long the hub keeps a silent line
STATE = "/v1/locations/stadhuis/state"
HEAD = f"GET {STATE} HTTP/1.1\r\nHost: hub\r\n"
POST = "POST /v1/locations/stadhuis/devices/health HTTP/1.1\r\nHost: hub\r\nIdempotency-Key: 0123456789abcdef\r\n"
SEED = 20261126


class Others:
    """The rest of the hall at work; counts what was done and how long the longest took."""

    def __init__(self, desk):
        self.kiosk = Device(desk, "kiosk-1")
        self.counter = Device(desk, "counter-3")
        self.is_over = threading.Event()
        self.waiting = threading.Semaphore(0)  # tickets that nobody called yet
        self.room = threading.Semaphore(3)  # for more of them
        self.done = {"issue": 0, "call": 0}
        self.longest_s = 0.0
        sign_in(desk, self.counter, 3, "s3")

    def ask(self, what, device, path, body, status):
        began = time.monotonic()
        answer = device.post(path, body)
        took = time.monotonic() - began
        assert answer.status == status, (path, answer.status, answer.body)
        assert took < WAIT_S_MAX, f"{path} took {took:.1f} s"
        self.longest_s = max(self.longest_s, took)
        self.done[what] += 1
        return answer.body["ticket"]["id"]

    def issue(self):
        body = {"language": "nl", "needs": [], "consent": {"person": False, "request": False, "others": False}}
        while not self.is_over.is_set():
            letter = "ABCDEF"[self.done["issue"] % 6]  # nobody works through a whole day's numbers
            self.ask("issue", self.kiosk, "/tickets", {"service": letter, **body}, 201)
            self.waiting.release()
            self.room.acquire(timeout=1)

    def serve(self):
        while not self.is_over.is_set():
            if not self.waiting.acquire(timeout=1):
                continue
            self.room.release()
            ticket = self.ask("call", self.counter, "/calls", {"kind": "next"}, 200)
            for step in ({"action": "arrived"}, {"action": "finish", "outcome": "done"}):
                self.ask("call", self.counter, f"/tickets/{ticket}/transitions", step, 200)

    def go_on(self):
        """Both have finished something more."""
        before = dict(self.done)
        eventually(lambda: self.is_over.is_set() or all(self.done[name] > before[name] for name in before),
                   "the others are held up")


class Attacker:
    def __init__(self, desk):
        self.port = int(desk.hub_port)
        self.device = Device(desk, "display-1")

    def plain(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=CUT_S_MAX)

    def secure(self):
        return self.device.tls.wrap_socket(self.plain(), server_hostname="127.0.0.1")

    def say(self, words):
        """What comes back for these bytes, until the line is closed: (status, head and body)."""
        with self.secure() as line:
            line.sendall(words if isinstance(words, bytes) else words.encode())
            return told(line)


def rest(line):
    words = b""
    try:
        while True:
            more = line.recv(65536)
            if not more:
                return words
            words += more
    except (ssl.SSLError, ConnectionError):
        return words  # cut without a goodbye is as good


def told(line):
    words = rest(line)
    return (int(words.split()[1]) if words.startswith(b"HTTP/1.1 ") else None), words


def refused(attacker, words, status, code):
    got, answer = attacker.say(words)
    assert got == status and code.encode() in answer and b"problem+json" in answer, (words[:80], got, answer[:300])
    assert answer.lower().count(b"\r\nconnection: close") == 1 and answer.count(b"HTTP/1.1 ") == 1, answer


def no_tls(attacker):
    for words in (HEAD.encode() + b"\r\n", b"GET / HTTP/1.0\r\n\r\n", b"\0" * 2000, random.Random(SEED).randbytes(4000),
                  b"\x16\x03\x01\xff\xff" + b"\1" * 300, b"\x15\x03\x03\0\2\2\x28", b"\x17\x03\x03\x40\x01"):
        with attacker.plain() as line:
            with contextlib.suppress(OSError):  # cut already is as good
                line.sendall(words)
                line.shutdown(socket.SHUT_WR)
            assert b"HTTP" not in rest(line), words


def old_tls(attacker):
    for version, is_good in ((ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True)):
        tls = ssl.create_default_context(cafile=str(attacker.device.desk.folder / "display-1/ca.pem"))
        tls.load_cert_chain(*[attacker.device.desk.folder / f"display-1/device.{end}" for end in ("pem", "key")])
        tls.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that this version is old is the point
            tls.minimum_version = tls.maximum_version = version
        try:
            with tls.wrap_socket(attacker.plain(), server_hostname="127.0.0.1") as line:
                assert is_good, f"spoke {line.version()}"
        except (ssl.SSLError, ConnectionError):
            assert not is_good, "TLS 1.2 was refused"


def garbage_records(attacker):
    """A good handshake, then bytes under TLS that never were encrypted."""
    chance = random.Random(SEED)
    for garbage in (b"\x17\x03\x03\0\x40" + chance.randbytes(64), chance.randbytes(500), HEAD.encode() + b"\r\n"):
        with attacker.secure() as line:
            with socket.socket(fileno=os.dup(line.fileno())) as below:
                below.settimeout(CUT_S_MAX)
                below.sendall(garbage)
                assert b"HTTP" not in rest(below)


def malformed(attacker):
    for words in ("GET\r\n\r\n", "\r\n\r\n", "get / HTTP/1.1\r\nHost: h\r\n\r\n", f"GET {STATE} HTTP/1.0\r\nHost: h\r\n\r\n",
                  f"GET {STATE} HTTP/2.0\r\nHost: h\r\n\r\n", "GET http://hub/ HTTP/1.1\r\nHost: h\r\n\r\n",
                  f"GET {STATE} HTTP/1.1\r\n\r\n", HEAD + "Host: two\r\n\r\n", HEAD + "X : blank\r\n\r\n",
                  HEAD + "X: 1\r\n folded\r\n\r\n", HEAD + "X: \0\r\n\r\n", HEAD + "X: a\nY: b\r\n\r\n",
                  POST + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
                  POST + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
                  POST + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", POST + "Content-Length: -2\r\n\r\n{}",
                  POST + "Content-Length: +2\r\n\r\n{}", POST + "Content-Length: 0x2\r\n\r\n{}",
                  POST + "Content-Length: 2, 2\r\n\r\n{}", POST + "Content-Length:\r\n\r\n{}",
                  POST + f"Content-Length: {2 ** 64 + 2}\r\n\r\n{{}}"):
        refused(attacker, words, 400, "bad_request")
    # Two answers to a smuggled second request: it is read as what it is, never as a part of the first.
    status, answer = attacker.say(POST + "Content-Length: 2\r\n\r\n{}" + HEAD + "Connection: close\r\n\r\n")
    assert status == 400 and answer.count(b"HTTP/1.1 ") == 2 and b"HTTP/1.1 200" in answer, answer[:300]


def oversized(attacker):
    refused(attacker, HEAD + "X: " + "y" * 9000 + "\r\n\r\n", 431, "too_big")
    refused(attacker, HEAD + "X: y\r\n" * 3000, 431, "too_big")
    refused(attacker, "G" * 20000, 431, "too_big")
    refused(attacker, POST + "Content-Length: 65537\r\n\r\n" + " " * 65537, 413, "too_big")
    refused(attacker, POST + "Content-Length: 1000000000000\r\n\r\n", 413, "too_big")
    status, _ = attacker.say(POST + "Connection: close\r\nContent-Length: 65536\r\n\r\n" + " " * 65536)
    assert status == 400, status  # as large as it may be, and no JSON


def half_closed(attacker):
    """Who stops talking after a whole request is answered; after half a one he is cut."""
    with attacker.secure() as line:
        line.sendall(HEAD.encode() + b"\r\n")
        with socket.socket(fileno=os.dup(line.fileno())) as below:
            below.shutdown(socket.SHUT_WR)
        began = time.monotonic()
        status, _ = told(line)
        assert status == 200 and time.monotonic() - began < IDLE_S / 2, (status, "held as if it would say more")
    with attacker.secure() as line:
        line.sendall(HEAD.encode())
        with socket.socket(fileno=os.dup(line.fileno())) as below:
            below.shutdown(socket.SHUT_WR)
        assert rest(line) == b""
    with attacker.secure() as line:
        line.sendall(POST.encode() + b"Content-Length: 50\r\n\r\n{")  # and goes away
    attacker.plain().close()


def drip(line, words):
    """A byte a second, until the other side has had enough."""
    line.settimeout(1)
    end = time.monotonic() + CUT_S_MAX
    for at in range(len(words)):
        try:
            line.sendall(words[at:at + 1])
            if line.recv(100) == b"":
                return
        except TimeoutError:
            pass  # nothing came: the next second's byte
        except (ssl.SSLError, ConnectionError):
            return
        assert time.monotonic() < end, "a slow one is never cut"
    raise AssertionError("a slow one was heard out")


def slow(attacker):
    words = (HEAD + "X: " + "y" * 200 + "\r\n\r\n").encode()
    body = POST.encode() + b"Content-Length: 100\r\n\r\n"

    def slow_body():
        with attacker.secure() as line:
            line.sendall(body)
            drip(line, b" " * 100)

    def slow_head():
        with attacker.secure() as line:
            drip(line, words)

    def slow_hello():
        with attacker.plain() as line:
            drip(line, b"\x16\x03\x01\0\xff" + b"\1" * 250)

    def silent():
        with attacker.plain() as line:
            assert line.recv(1) == b""

    together(slow_head, slow_body, slow_hello, silent)


def many_idle(attacker, others):
    lines = []
    try:
        for _ in range(IDLE_LINES):
            lines.append(attacker.secure())
        others.go_on()
        # All of them are lines, not corpses: each still gets its answer.
        for line in lines:
            line.sendall(HEAD.encode() + b"Connection: close\r\n\r\n")
        for line in lines:
            assert told(line)[0] == 200
        for line in lines:
            line.close()
        others.go_on()
    finally:
        for line in lines:
            line.close()


def attack(desk, attacker, others):
    try:
        for each in (no_tls, old_tls, garbage_records, malformed, oversized, half_closed, slow):
            others.go_on()
            each(attacker)
            others.go_on()
        many_idle(attacker, others)
        assert desk.hub.poll() is None
    finally:
        others.is_over.set()


def main():
    with hall(DEVICES) as desk:
        others = Others(desk)
        attacker = Attacker(desk)

        def guarded(work):
            def run():
                try:
                    work()
                finally:
                    others.is_over.set()
            return run

        together(guarded(lambda: attack(desk, attacker, others)), guarded(others.issue), guarded(others.serve))
        log = (desk.folder / "hub.log").read_text(encoding="utf-8")
    assert "Sanitizer" not in log, log
    print(f"{sum(others.done.values())} commands of the others, the longest {others.longest_s * 1000:.0f} ms")


main()
