# SPDX-License-Identifier: EUPL-1.2
#
# USB devices played for a guest: this end of QEMU's usb-redir (usbredir protocol 0.7), where the
# device would be. Connecting is plugging in, closing is pulling out. A scanner as HID POS wants it and
# a receipt printer that keeps what is printed; both know nothing of the firmware's own encoders.
import contextlib
import socket
import struct
import threading
import time

from picture import png
from wire import take

HELLO, CONNECT, RESET, INTERFACES, ENDPOINTS = 0, 1, 3, 4, 5
SET_CONFIGURATION, GET_CONFIGURATION, CONFIGURATION = 6, 7, 8
SET_ALT, GET_ALT, ALT = 9, 10, 11
CANCEL = 21
CONTROL, BULK = 100, 101
CAPABILITIES = 1 << 1 | 1 << 4 | 1 << 5 | 1 << 6  # version, packet sizes, wide ids and lengths: xHCI wants all
BULK_HEAD = "<BBHIH"  # endpoint, status, length, stream, the length's upper half
DONE, CANCELLED, STALL = 0, 1, 4
FULL_SPEED = 1
GET_DESCRIPTOR, IN, CLASS = 6, 0x80, 0x20
DEVICE, CONFIG, STRING, HID_REPORT = 1, 2, 3, 0x22
LISTEN_S = 120


class Device:
    """`endpoints`: (address, kind as in its descriptor, packet size). What hangs on the bus is told by
    subclasses: `control`, `wrote`."""

    vendor, product, names = 0, 0, ("", "Voorbeeld", "Voorbeeld", "1")
    kind = (0, 0, 0)  # class, subclass, protocol of the one interface
    endpoints = ()
    extra = b""  # descriptors of the class, behind the interface

    def __init__(self, path):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(str(path))
        self.lock = threading.Lock()
        self.is_configured = threading.Event()
        self.is_read = threading.Event()  # somebody in the guest listens to it
        self.asked_in = []  # reads that wait for something to say
        self.to_say = []
        self.has_wide_ids = False
        self.tell(HELLO, 0, b"Inloop guest device".ljust(64, b"\0") + struct.pack("<I", CAPABILITIES), is_narrow=True)
        threading.Thread(target=self.serve, daemon=True).start()

    def close(self):
        with contextlib.suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)
        self.line.close()

    # --- the protocol

    def tell(self, kind, number, words=b"", is_narrow=False):
        wide = self.has_wide_ids and not is_narrow
        with self.lock:
            self.line.sendall(struct.pack("<IIQ" if wide else "<III", kind, len(words), number) + words)

    def serve(self):
        with contextlib.suppress(OSError, EOFError):
            while True:
                kind, length = struct.unpack("<II", take(self.line, 8))
                wide = self.has_wide_ids
                number = struct.unpack("<Q" if wide else "<I", take(self.line, 8 if wide else 4))[0]
                self.obey(kind, number, take(self.line, length))

    def obey(self, kind, number, words):
        if kind == HELLO:
            capabilities = struct.unpack("<I", words[64:68])[0] if len(words) >= 68 else 0
            self.has_wide_ids = bool(capabilities & CAPABILITIES & 1 << 5)
            self.introduce()
        elif kind == SET_CONFIGURATION:
            self.is_configured.set()
            self.tell(CONFIGURATION, number, bytes([DONE, words[0]]))
        elif kind == GET_CONFIGURATION:
            self.tell(CONFIGURATION, number, bytes([DONE, 1]))
        elif kind == SET_ALT:
            self.tell(ALT, number, bytes([DONE, words[0], words[1]]))
        elif kind == GET_ALT:
            self.tell(ALT, number, bytes([DONE, words[0], 0]))
        elif kind == CONTROL:
            self.take_control(number, words)
        elif kind == BULK:
            self.take_bulk(number, words)
        elif kind == CANCEL:
            self.take_back(number)

    def introduce(self):
        """Every endpoint is told as bulk, whatever its descriptor says to the guest: then QEMU asks for
        each packet when the guest does. Interrupt packets it would keep one of, and drop the others."""
        rows = {field: bytearray(32) for field in ("kind", "interval", "interface")}
        rows["kind"][:] = b"\xff" * 32
        rows["kind"][0] = rows["kind"][16] = 0
        sizes = [0] * 32
        sizes[0] = sizes[16] = 64
        for address, _, size in self.endpoints:
            at = (address & 15) | (16 if address & IN else 0)
            rows["kind"][at], sizes[at] = 2, size
        self.tell(ENDPOINTS, 0, bytes(rows["kind"] + rows["interval"] + rows["interface"]) + struct.pack("<32H", *sizes))
        self.tell(INTERFACES, 0, struct.pack("<I", 1) + b"".join(
            bytes([value]).ljust(32, b"\0") for value in (0, *self.kind)))
        self.tell(CONNECT, 0, struct.pack("<BBBBHHH", FULL_SPEED, 0, 0, 0, self.vendor, self.product, 0x0100))

    def take_control(self, number, words):
        endpoint, request, kind, _, value, index, length = struct.unpack("<BBBBHHH", words[:10])
        if kind & IN:
            answer = self.describe(value >> 8, value & 255) if (kind, request) in ((0x80, GET_DESCRIPTOR), (0x81, GET_DESCRIPTOR)) \
                else self.control(kind, request, value)
        else:
            answer = None if self.control(kind, request, value) is None else b""
        status = STALL if answer is None else DONE
        answer = (answer or b"")[:length]
        told = length if not kind & IN and status == DONE else len(answer)
        self.tell(CONTROL, number, struct.pack("<BBBBHHH", endpoint, request, kind, status, value, index, told) + answer)

    def take_bulk(self, number, words):
        endpoint, _, length, stream, high = struct.unpack(BULK_HEAD, words[:10])
        if endpoint & IN:
            with self.lock:
                self.asked_in.append((number, endpoint, length | high << 16, stream))
            self.is_read.set()
            self.answer_reads()
            return
        self.wrote(words[10:])
        self.tell(BULK, number, struct.pack(BULK_HEAD, endpoint, DONE, length, stream, high))

    def take_back(self, number):
        with self.lock:
            waiting = [asked for asked in self.asked_in if asked[0] == number]
            self.asked_in = [asked for asked in self.asked_in if asked[0] != number]
        for _, endpoint, _, stream in waiting:
            self.tell(BULK, number, struct.pack(BULK_HEAD, endpoint, CANCELLED, 0, stream, 0))

    def say(self, words):
        """One packet into the guest, as soon as it reads."""
        with self.lock:
            self.to_say.append(words)
        self.answer_reads()

    def answer_reads(self):
        while True:
            with self.lock:
                if not self.asked_in or not self.to_say:
                    return
                number, endpoint, length, stream = self.asked_in.pop(0)
                words = self.to_say.pop(0)[:length]
            self.tell(BULK, number, struct.pack(BULK_HEAD, endpoint, DONE, len(words), stream, 0) + words)

    # --- what the device says of itself

    def describe(self, kind, index):
        if kind == DEVICE:
            return struct.pack("<BBHBBBBHHHBBBB", 18, DEVICE, 0x0110, 0, 0, 0, 64, self.vendor, self.product, 0x0100, 1, 2, 3, 1)
        if kind == CONFIG:
            body = struct.pack("<BBBBBBBBB", 9, 4, 0, 0, len(self.endpoints), *self.kind, 0) + self.extra
            for address, transfer, size in self.endpoints:
                body += struct.pack("<BBBBHB", 7, 5, address, transfer, size, 10 if transfer == 3 else 0)
            return struct.pack("<BBHBBBBB", 9, CONFIG, 9 + len(body), 1, 1, 0, 0x80, 50) + body
        if kind == STRING:
            if index == 0:
                return b"\x04\x03\x09\x04"
            name = self.names[index].encode("utf-16-le") if index < len(self.names) else b""
            return bytes([2 + len(name), STRING]) + name
        return self.control(0x81, GET_DESCRIPTOR, kind << 8 | index)

    def control(self, kind, request, value):
        """A request of the class; None: it does not know that."""
        return None

    def wrote(self, words):
        """What came on the bulk endpoint."""


class Scanner(Device):
    """A QR scanner in HID POS mode (HID Point of Sale usage tables, 1.02): one report holds 56 bytes."""

    vendor, product, names = 0x0C2E, 0x0907, ("", "Honeywell", "HID POS scanner", "S1")
    kind = (3, 0, 0)
    endpoints = ((0x81, 3, 64),)
    report_descriptor = bytes.fromhex(
        "05 8c 09 02 a1 01 85 02 09 12 a1 02 15 00 26 ff 00 75 08"  # the page, a scanner, report 2
        "a4 05 01 09 3b 95 01 81 02 b4"  # how many bytes
        "09 fb 09 fc 09 fd 95 03 81 02"  # the symbology's three
        "09 fe 95 38 81 02 95 02 81 03"  # the text, and two that mean nothing
        "09 ff 75 01 95 01 81 02 95 07 81 03 c0 c0")  # more follows
    extra = struct.pack("<BBHBBBH", 9, 0x21, 0x0111, 0, 1, HID_REPORT, len(report_descriptor))
    TEXT_BYTES = 56

    def control(self, kind, request, value):
        if request == GET_DESCRIPTOR and value >> 8 == HID_REPORT:
            return self.report_descriptor
        if request == GET_DESCRIPTOR and value >> 8 == 0x21:
            return self.extra
        return b"" if request in (0x0A, 0x0B) else None  # set idle, set protocol

    def scan(self, text):
        """Held under it; read once somebody listens."""
        if not self.is_read.wait(LISTEN_S):
            raise TimeoutError("nobody reads the scanner")
        words = text.encode()
        while True:
            part, words = words[:self.TEXT_BYTES], words[self.TEXT_BYTES:]
            self.say(bytes([2, len(part)]) + b"]Q1" + part.ljust(58, b"\0") + bytes([1 if words else 0]))
            if not words:
                return


class Printer(Device):
    """An ESC/POS receipt printer with a way back; `slips` are pictures (PNG), one a cut."""

    vendor, product, names = 0x04B8, 0x0E02, ("", "EPSON", "TM-T20III", "P1")
    kind = (7, 1, 2)
    endpoints = ((0x01, 2, 64), (0x82, 2, 64))
    identity = b"MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;"
    COMMANDS = ((b"\x10\x04", 3), (b"\x1b@", 2), (b"\x1dv0", 8), (b"\x1dV", 4), (b"\x1dr", 3))

    def __init__(self, path):
        self.slips = []
        self.strange = b""  # outside any command
        self.answers = {1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}  # all is well
        self.command = b""
        self.rows, self.row_bytes, self.raster_left = b"", 0, 0
        super().__init__(path)

    def control(self, kind, request, value):
        if kind == 0xA1 and request == 0:
            return struct.pack(">H", len(self.identity) + 2) + self.identity
        if kind == 0xA1 and request == 1:
            return b"\x18"
        return b"" if kind == 0x21 and request == 2 else None

    def wrote(self, words):
        while words:
            if self.raster_left:
                part, words = words[:self.raster_left], words[self.raster_left:]
                self.rows += part
                self.raster_left -= len(part)
                continue
            self.command += words[:1]
            words = words[1:]
            self.look_at_command()

    def look_at_command(self):
        for head, length in self.COMMANDS:
            if self.command[:len(head)] == head[:len(self.command)]:
                if len(self.command) == length:
                    command, self.command = self.command, b""
                    self.perform(command)
                return
        self.strange += self.command
        self.command = b""

    def perform(self, command):
        if command[0] == 0x10:
            self.say(bytes([self.answers.get(command[2], 0x12)]))
        elif command.startswith(b"\x1dv0"):
            self.row_bytes = command[4] + 256 * command[5]
            self.raster_left = self.row_bytes * (command[6] + 256 * command[7])
        elif command.startswith(b"\x1dV"):
            self.cut()
        elif command.startswith(b"\x1dr"):
            self.say(b"\0")

    def cut(self):
        if not self.rows:
            return
        margin = 32  # paper is wider than what is printed on it
        width = self.row_bytes * 8 + 2 * margin * 8
        height = len(self.rows) // self.row_bytes
        white = b"\xff" * (width // 8)
        rows = [white] * 32
        for y in range(height):
            dots = self.rows[y * self.row_bytes:(y + 1) * self.row_bytes]
            rows.append(b"\xff" * margin + bytes(~byte & 255 for byte in dots) + b"\xff" * margin)
        rows += [white] * 32
        self.slips.append(png(width, len(rows), 0, b"".join(b"\0" + row for row in rows), bits=1))
        self.rows = b""

    def slip(self, count, patience_s):
        """The `count`th slip, once it is cut off."""
        end = time.monotonic() + patience_s
        while len(self.slips) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"only {len(self.slips)} slips were printed")
            time.sleep(0.05)
        return self.slips[count - 1]
