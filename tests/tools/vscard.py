# SPDX-License-Identifier: EUPL-1.2
#
# Between a virtual card that speaks the vpcd protocol and the reader that QEMU emulates: what lies
# on the desk's reader elsewhere lies in the guest's USB reader here. A card that goes away is taken
# out of the reader.
import contextlib
import select
import socket
import struct
import threading
import time

LOOK_S = 0.05

INIT, ERROR, READER_ADD, ATR, CARD_REMOVE, APDU = 1, 2, 3, 5, 6, 7
ASK_ATR, POWER_ON = b"\4", b"\1"
ANY_READER = 0xFFFFFFFF


def take(line, count):
    got = b""
    while len(got) < count:
        more = line.recv(count - len(got))
        if not more:
            raise EOFError
        got += more
    return got


class Bridge:
    """`qemu` is the path of the socket behind ccid-card-passthru; cards connect to 127.0.0.1:`port`."""

    def __init__(self, qemu):
        self.qemu = qemu
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.card = None
        self.answers_count = 0
        self.cut_after = None  # so many answers; then the card is pulled
        self.reader = None
        self.plug_in()
        threading.Thread(target=self.accept, daemon=True).start()

    def plug_in(self):
        """A line to the reader's card slot, also after the reader was unplugged."""
        if self.reader is not None:
            self.reader.close()
        self.reader = socket.socket(socket.AF_UNIX)
        self.reader.connect(str(self.qemu))
        self.tell(INIT, b"VSCD" + struct.pack(">II", 2, 0))
        self.tell(READER_ADD, b"reader\0")
        threading.Thread(target=self.serve, args=(self.reader,), daemon=True).start()
        with self.lock:
            if self.card is not None:
                self.insert()

    def tell(self, kind, words=b""):
        reader = ANY_READER if kind == READER_ADD else 0
        self.reader.sendall(struct.pack(">III", kind, reader, len(words)) + words)

    def accept(self):
        while True:
            try:
                card, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.card = card
                self.answers_count = 0
                self.insert()
            self.watch(card)

    def watch(self, card):
        """A card that hangs up between two commands was taken away."""
        while self.card is card:
            time.sleep(LOOK_S)
            with self.lock:
                if self.card is card and select.select([card], [], [], 0)[0]:
                    self.take_out()

    def insert(self):
        self.say(POWER_ON)
        self.tell(ATR, self.ask(ASK_ATR))

    def say(self, words):
        self.card.sendall(struct.pack(">H", len(words)) + words)

    def ask(self, words):
        self.say(words)
        return take(self.card, struct.unpack(">H", take(self.card, 2))[0])

    def serve(self, reader):
        with contextlib.suppress(OSError, EOFError):
            while True:
                kind, _, length = struct.unpack(">III", take(reader, 12))
                words = take(reader, length)
                if kind == APDU:
                    self.pass_on(words)

    def pass_on(self, words):
        with self.lock:
            try:
                if self.card is None or self.answers_count == self.cut_after:
                    raise EOFError
                answer = self.ask(words)
                self.answers_count += 1
                self.tell(APDU, answer)
            except (OSError, EOFError):
                self.take_out()

    def take_out(self):
        if self.card is not None:
            self.card.close()
        self.card = None
        self.cut_after = None
        with contextlib.suppress(OSError):
            self.tell(CARD_REMOVE)

    def lift(self):
        with self.lock:
            self.take_out()

    def close(self):
        for line in (self.listener, self.card, self.reader):
            if line is not None:
                line.close()
