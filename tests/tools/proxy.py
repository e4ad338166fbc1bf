# SPDX-License-Identifier: EUPL-1.2
#
# A wire between the hub and the municipality that can be bad: it passes on, or does to one part of
# the addresses what a broken network and a broken server do.
import contextlib
import http.client
import socket
import threading
from urllib.parse import urlsplit

WRONG = {
    "error": (500, "text/html", b"<html><body>Something went wrong</body></html>"),
    "page": (200, "text/html", b"<html><body>Sorry, maintenance</body></html>"),
    "garbage": (200, "application/json", b'{"results": [{"uuid": "\xff\xfe'),
    "missing": (404, "text/plain", b"404 page not found"),
    "busy": (429, "application/json", b'{"status": 429}'),
    "locked": (401, "application/json", b'{"status": 401}'),
    "empty": (200, "application/json", b""),
    "deep": (200, "application/json", b"[" * 30000),
}
CUT = ("closed", "silent", "truncated", "endless", "lost")
KINDS = (*CUT, *WRONG)


class Proxy:
    """`is_front`: whoever asks knows its address alone, as with a proxy before a real server."""

    def __init__(self, upstream, is_front=False):
        self.upstream = urlsplit(upstream)
        self.is_front = is_front
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.bad = {}  # beginning of a path, or of method and path -> kind
        self.passed = []  # (method, path, body) of what reached the other side
        self.held = threading.Event()  # with "held": it was done upstream and not told
        self.open = set()
        self.lock = threading.Lock()
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        self.listener.close()
        self.heal()

    def heal(self):
        self.bad = {}
        with self.lock:
            for line in self.open:
                with contextlib.suppress(OSError):  # the hub was faster
                    line.shutdown(socket.SHUT_RDWR)  # closing alone wakes nobody who reads from it
            self.open.clear()

    def accept(self):
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(line,), daemon=True).start()

    def serve(self, line):
        try:
            request = self.read(line)
            if request is None:
                return
            asked = (request[1], f"{request[0]} {request[1]}")
            kind = next((self.bad[start] for start in self.bad if any(words.startswith(start) for words in asked)), None)
            if kind is not None and self.is_bad(line, kind, request):
                return
            self.passed.append((request[0], request[1], request[3]))
            reply, body = self.ask(request)
            if kind == "held":
                self.held.set()
                self.wait(line)
            elif kind != "lost":
                # Cookies and where a redirect leads come along; how it came does not.
                told = [each for each in reply.getheaders() if each[0].title() not in ("Connection", "Content-Length",
                                                                                       "Transfer-Encoding")]
                if self.is_front:
                    there, here = self.upstream.geturl(), self.url
                    told = [(name, value.replace(there, here)) for name, value in told]
                    body = body.replace(there.encode(), here.encode())
                self.say(line, reply.status, told, body)
        except OSError:
            pass  # the hub hung up, or the town is gone
        finally:
            line.close()

    def read(self, line):
        """One request: (method, path, headers, body)."""
        words = b""
        while b"\r\n\r\n" not in words:
            more = line.recv(65536)
            if not more:
                return None
            words += more
        head, body = words.split(b"\r\n\r\n", 1)
        first, *rest = head.decode().split("\r\n")
        headers = dict(each.split(": ", 1) for each in rest)
        while len(body) < int(headers.get("Content-Length", 0)):
            body += line.recv(65536)
        return first.split()[0], first.split()[1], headers, body

    def ask(self, request):
        method, path, headers, body = request
        town = http.client.HTTPConnection(self.upstream.hostname, self.upstream.port, timeout=60)
        town.request(method, path, body or None, {name: headers[name] for name in headers if name != "Connection"})
        reply = town.getresponse()
        answer = reply.read()
        town.close()
        return reply, answer

    @staticmethod
    def say(line, status, headers, body):
        told = "".join(f"{name}: {value}\r\n" for name, value in headers)
        line.sendall(f"HTTP/1.1 {status} X\r\n{told}Content-Length: {len(body)}\r\n"
                     "Connection: close\r\n\r\n".encode() + body)

    def wait(self, line):
        """Says nothing until the other side hangs up or the wire is healed."""
        with self.lock:
            self.open.add(line)
        line.settimeout(120)
        while line.recv(1024):
            pass

    def is_bad(self, line, kind, request):
        """True when that was all; False when the request is still to be passed on."""
        if kind in WRONG:
            status, content, body = WRONG[kind]
            self.say(line, status, [("Content-Type", content)], body)
        elif kind == "silent":
            self.wait(line)
        elif kind == "truncated":
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"a\": ")
        elif kind == "endless":
            line.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n[")
            while True:
                line.sendall(b'"more and more", ' * 1000)
        return kind not in ("held", "lost")
