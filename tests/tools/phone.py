# SPDX-License-Identifier: EUPL-1.2
#
# A visitor's own telephone, as far as the hub can tell: what it asks and sends, what its page says,
# and a thousand of them at once.
import asyncio
import html.parser
import http.client
import pathlib
import ssl
import uuid

from device import Events

CROWD = 1000
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
PDF = b"%PDF-1.7\n"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1"


class WithoutQuarantine:
    """Of a desk whose hub's memory is measured: what the sanitizer keeps of freed memory is not the hub's."""

    def run_hub(self, env=None):
        super().run_hub({**env, "ASAN_OPTIONS": env["ASAN_OPTIONS"] + ":quarantine_size_mb=8"})


class Page(html.parser.HTMLParser):
    """What a screen reader would find."""

    def __init__(self, words):
        super().__init__()
        self.tags = []
        self.text = {}
        self.open = []
        self.feed(words)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, f"{tag} closes something else"

    def handle_data(self, data):
        if self.open and data.strip():
            self.text.setdefault(self.open[-1], []).append(data.strip())

    def only(self, tag):
        found = [attrs for name, attrs in self.tags if name == tag]
        assert len(found) == 1, (tag, self.tags)
        return found[0]

    def with_id(self, name):
        return next((attrs for _, attrs in self.tags if attrs.get("id") == name), None)


class Phone:
    """A visitor's own telephone, anywhere in the world."""

    def __init__(self, hall, address="127.0.0.1"):
        self.desk = hall.desk
        self.address = address
        self.tls = ssl.create_default_context(cafile=str(hall.desk.folder / "kiosk-1/ca.pem"))

    def line(self):
        line = http.client.HTTPSConnection("127.0.0.1", int(self.desk.public_port), context=self.tls, timeout=60,
                                           source_address=(self.address, 0))
        line.connect()
        return line

    def ask(self, method, path, body=None, headers=None):
        line = self.line()
        line.request(method, path, body, headers or {})
        answer = line.getresponse()
        words = answer.read().decode()
        line.close()
        return answer.status, words, answer.headers

    def bring(self, path, content, name="akte.jpg", kind="image/jpeg"):
        body, headers = multipart(content, name, kind)
        return self.ask("POST", path, body, headers)


def multipart(content, name, kind, field="file"):
    edge = "----" + uuid.uuid4().hex
    head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n' \
           f"Content-Type: {kind}\r\n\r\n"
    return head.encode() + content + f"\r\n--{edge}--\r\n".encode(), \
        {"Content-Type": f"multipart/form-data; boundary={edge}"}


def address_for(hall, form, key="akte", item=None, device="kiosk-1"):
    wish = {"key": key} if item is None else {"key": key, "item": item}
    told = hall.post(device, f"/forms/{form['id']}/uploads", wish, 201)
    start = f"https://127.0.0.1:{hall.desk.public_port}"
    assert told["url"].startswith(start + "/u/") and len(told["url"]) == len(start) + 3 + 22, told
    assert told["expires_at"], told
    return told["url"][len(start):]


def news(events, count):
    told = []
    while len(told) < count:
        event = events.next()
        if event is not None and event[1] == "upload":
            told.append(event[2]["upload"])
    return told


def watch(hall, *names):
    state = hall.get("kiosk-1", "/state")
    return [Events(hall.devices[name], state["seq"]) for name in names]


def is_dead(answer):
    return answer[0] == 404 and "Deze code werkt niet meer" in answer[1]


async def crowd(hall, paths, large, small):
    """All connect at the same time; 0: the line was cut before an answer, as for a second one on an address in use."""
    tls = Phone(hall).tls

    async def one(index):
        body, headers = large if index < 4 * len(paths) else small
        head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": len(body)}.items())
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", int(hall.desk.public_port), ssl=tls,
                                                           ssl_handshake_timeout=240)
            writer.write(f"POST {paths[index % len(paths)]} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode())
            for at in range(0, len(body), 65536):
                writer.write(body[at:at + 65536])
                await writer.drain()
            return int((await reader.readline()).split()[1])
        except (OSError, IndexError, ssl.SSLError):
            return 0
        finally:
            if "writer" in locals():
                writer.close()

    return await asyncio.gather(*(one(index) for index in range(CROWD)))


def peak_bytes(hall):
    status = pathlib.Path(f"/proc/{hall.desk.hub.pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmHWM:")[1].split()[0]) * 1024
