# SPDX-License-Identifier: EUPL-1.2
#
# Between a virtual card that speaks the vpcd protocol and the reader that QEMU emulates: what lies
# on the desk's reader elsewhere lies in the guest's USB reader here. That reader speaks T=0 only
# (ISO/IEC 7816-3 section 10), where what a card has to say to a command with data is fetched by a
# command of its own. A card that goes away is taken out of the reader.
import contextlib
import select
import socket
import struct
import threading
import time

from wire import take

LOOK_S = 0.05

INIT, READER_ADD, ATR, CARD_REMOVE, APDU = 1, 3, 5, 6, 7
ASK_ATR, POWER_ON = b"\4", b"\1"
GET_RESPONSE = b"\x00\xc0\x00\x00"
ANY_READER = 0xFFFFFFFF


class Bridge:
    """`slot` is the path of the socket behind ccid-card-passthru; cards connect to 127.0.0.1:`port`."""

    def __init__(self, slot):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.card = None
        self.answers_count = 0
        self.cut_after = None  # so many answers; then the card is pulled
        self.held = b""  # of an answer, until it is fetched
        self.reader = None
        self.plug_in(slot)
        threading.Thread(target=self.accept, daemon=True).start()

    def plug_in(self, slot):
        """A line to a reader's card slot, also of the next one after it was unplugged."""
        if self.reader is not None:
            self.reader.close()
        self.reader = socket.socket(socket.AF_UNIX)
        self.reader.connect(str(slot))
        # Each is answered, so the slot listens before a card goes in.
        self.tell(INIT, b"VSCD" + struct.pack(">II", 2, 0))
        self.hear(self.reader)
        self.tell(READER_ADD, b"reader\0")
        self.hear(self.reader)
        threading.Thread(target=self.serve, args=(self.reader,), daemon=True).start()
        with self.lock:
            if self.card is not None:
                self.insert()

    @staticmethod
    def hear(reader):
        kind, _, length = struct.unpack(">III", take(reader, 12))
        return kind, take(reader, length)

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
        try:
            self.say(POWER_ON)
            self.tell(ATR, self.ask(ASK_ATR))
        except (OSError, EOFError):  # lifted before it was seen
            self.take_out()

    def say(self, words):
        self.card.sendall(struct.pack(">H", len(words)) + words)

    def ask(self, words):
        self.say(words)
        return take(self.card, struct.unpack(">H", take(self.card, 2))[0])

    def serve(self, reader):
        with contextlib.suppress(OSError, EOFError):
            while True:
                kind, words = self.hear(reader)
                if kind == APDU:
                    self.pass_on(words)

    def pass_on(self, words):
        with self.lock:
            try:
                if self.card is None or self.answers_count == self.cut_after:
                    raise EOFError
                self.tell(APDU, self.answer(words))
            except (OSError, EOFError):
                self.take_out()

    def answer(self, words):
        if words.startswith(GET_RESPONSE):
            count = words[4] or 256
            answer, self.held = self.held[:count], self.held[count:]
        else:
            whole = self.ask(words)
            self.answers_count += 1
            if len(words) <= 5 or len(whole) == 2:
                return whole
            answer, self.held = b"", whole
        left = len(self.held) - 2
        return answer + (bytes([0x61, min(left, 256) & 0xFF]) if left > 0 else self.held)

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
