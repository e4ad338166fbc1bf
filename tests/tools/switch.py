# SPDX-License-Identifier: EUPL-1.2
#
# The hall's network for guests: a switch on a socket of this machine, which learns who sits behind
# which port, and an uplink whose address is this machine itself. Nobody needs to be
# root. As a program: switch.py <folder>; it lives until its standard input ends.
import contextlib
import pathlib
import random
import select
import socket
import struct
import subprocess
import sys
import time

QUEUE_BYTES = 1 << 20
UPLINK = "10.77.0.2"  # reaches this machine's own ports
NETWORK = "10.77.0.0/24"
BROADCAST = b"\xff" * 6
SYN, RST, ACK = 2, 4, 16


class Port:
    """One cable: frames with their length before them, as QEMU's stream network has it."""

    def __init__(self, line):
        self.line = line
        self.inward = b""
        self.outward = bytearray()

    def frames(self):
        """What has come; EOFError when the cable was pulled out."""
        try:
            words = self.line.recv(QUEUE_BYTES)
        except BlockingIOError:
            return
        if not words:
            raise EOFError
        self.inward += words
        at = 0
        while len(self.inward) - at >= 4:
            length = struct.unpack_from(">I", self.inward, at)[0]
            if len(self.inward) - at - 4 < length:
                break
            yield self.inward[at + 4:at + 4 + length]
            at += 4 + length
        self.inward = self.inward[at:]

    def give(self, frame):
        if len(self.outward) < QUEUE_BYTES:  # a full queue loses frames, as a wire does
            self.outward += struct.pack(">I", len(frame)) + frame
            self.flush()

    def flush(self):
        with contextlib.suppress(BlockingIOError):
            while self.outward:
                del self.outward[:self.line.send(self.outward)]


def serve(folder):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(folder / "switch"))
    listener.listen()
    ports, places = {}, {}
    while True:
        busy = [line for line, port in ports.items() if port.outward]
        ready, writable, _ = select.select([listener, sys.stdin, *ports], busy, [])
        if sys.stdin in ready:
            return
        for line in writable:
            with contextlib.suppress(OSError):
                ports[line].flush()
        for line in ready:
            if line is listener:
                new = listener.accept()[0]
                new.setblocking(False)
                ports[new] = Port(new)
                continue
            try:
                for frame in ports[line].frames():
                    pass_on(frame, ports[line], ports, places)
            except (OSError, EOFError):
                port = ports.pop(line)
                places = {address: place for address, place in places.items() if place is not port}
                line.close()


def pass_on(frame, source, ports, places):
    """To whom it is for, once we have heard of them; else to everybody else."""
    places[frame[6:12]] = source
    known = places.get(frame[:6])
    for port in [known] if known else ports.values():
        if port is not source:
            with contextlib.suppress(OSError):
                port.give(frame)


class Switch:
    """Ports are files in `folder`. `forwards`: (port of this machine, address there, port there)."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.uplinks = []
        self.process = subprocess.Popen([sys.executable, __file__, str(self.folder)], stdin=subprocess.PIPE)
        end = time.monotonic() + 30
        while not (self.folder / "switch").exists():
            if time.monotonic() > end or self.process.poll() is not None:
                raise TimeoutError("the switch did not start")
            time.sleep(0.01)

    def netdev(self, identity):
        """QEMU's words for one more port."""
        return f"stream,id={identity},server=off,addr.type=unix,addr.path={self.folder / 'switch'}"

    def uplink(self, forwards=()):
        """A machine of nothing but its network card, which knows this machine as UPLINK."""
        rules = "".join(f",hostfwd=tcp:127.0.0.1:{here}-{address}:{there}" for here, address, there in forwards)
        self.uplinks.append(subprocess.Popen(
            ["qemu-system-x86_64", "-M", "none", "-nodefaults", "-display", "none",
             "-netdev", f"user,id=up,net={NETWORK},host={UPLINK},ipv6=off{rules}",
             "-netdev", self.netdev("port"),
             "-netdev", "hubport,id=a,hubid=0,netdev=up", "-netdev", "hubport,id=b,hubid=0,netdev=port"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=(self.folder / "uplink.log").open("wb")))

    def close(self):
        for process in self.uplinks:
            process.kill()
            process.wait()
        self.process.stdin.close()
        self.process.wait()


def free_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as line:
        return line.getsockname()[1]


def checksum(words):
    words += b"\0" * (len(words) % 2)
    total = sum(struct.unpack(f">{len(words) // 2}H", words))
    total = (total & 0xFFFF) + (total >> 16)
    return ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF


class Stranger:
    """Somebody else on the same wire, who knocks at every door; no network stack of any machine helps."""

    def __init__(self, switch, address="10.77.0.66"):
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(str(switch.folder / "switch"))
        self.line.setblocking(False)
        self.port = Port(self.line)
        self.hardware = b"\x02\x00\x00\x00\x00\x42"
        self.address = socket.inet_aton(address)
        self.source_port = random.randrange(20000, 60000)

    def frame(self, to, kind, words):
        self.port.give(to + self.hardware + struct.pack(">H", kind) + words)
        while self.port.outward:
            select.select([], [self.line], [])
            self.port.flush()

    def packet(self, to, address, protocol, words):
        head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(words), 0, 0, 64, protocol, 0, self.address, address)
        head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
        self.frame(to, 0x0800, head + words)

    def find(self, address, patience_s=30):
        """The hardware behind an address (RFC 826)."""
        wanted = socket.inet_aton(address)
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            self.say_arp(BROADCAST, 1, b"\0" * 6, wanted)
            for frame in self.hear():
                if frame[12:14] == b"\x08\x06" and frame[28:32] == wanted:
                    return frame[22:28]
        raise TimeoutError(f"nobody answers at {address}")

    def say_arp(self, to, operation, hardware, address):
        self.frame(to, 0x0806, struct.pack(">HHBBH6s4s6s4s", 1, 0x0800, 6, 4, operation, self.hardware, self.address,
                                           hardware, address))

    def hear(self, wait_s=0.2):
        """What has come; our own address is told to who asks for it."""
        frames = []
        while select.select([self.line], [], [], wait_s)[0]:
            for frame in self.port.frames():
                if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\1" and frame[38:42] == self.address:
                    self.say_arp(frame[6:12], 2, frame[22:28], frame[28:32])
                else:
                    frames.append(frame)
            if len(frames) >= 512:
                break
        return frames

    def syn(self, hardware, address, port):
        head = struct.pack(">HHIIBBHHH", self.source_port, port, port, 0, 0x50, SYN, 8192, 0, 0)
        false_head = self.address + address + struct.pack(">BBH", 0, 6, len(head))
        head = head[:16] + struct.pack(">H", checksum(false_head + head)) + head[18:]
        self.packet(hardware, address, 6, head)

    def open_ports(self, address, ports=range(1, 65536), patience_s=180):
        """Every TCP port that takes a connection. A port that never says anything counts as closed
        only after it was asked five times; how many were silent is told too."""
        hardware = self.find(address)
        there = socket.inet_aton(address)
        is_open, waiting, rounds = set(), set(ports), 0
        end = time.monotonic() + patience_s
        while waiting and rounds < 5:
            rounds += 1
            for count, port in enumerate(sorted(waiting)):
                self.syn(hardware, there, port)
                if count % 64 == 63:
                    self.take_answers(there, is_open, waiting, 0.002)
                if time.monotonic() > end:
                    raise TimeoutError(f"{len(waiting)} ports of {address} were not tried")
            self.take_answers(there, is_open, waiting, 1)
        return is_open, waiting

    def take_answers(self, there, is_open, waiting, wait_s):
        frames = self.hear(wait_s)
        while frames:
            for frame in frames:
                if frame[12:14] != b"\x08\x00" or frame[23] != 6 or frame[26:30] != there:
                    continue
                source, target = struct.unpack(">HH", frame[34:38])
                flags = frame[47]
                if target != self.source_port or source not in waiting:
                    continue
                if flags & RST:
                    waiting.discard(source)
                elif flags & SYN and flags & ACK:
                    waiting.discard(source)
                    is_open.add(source)
            frames = self.hear(0) if len(frames) >= 512 else []

    def open_datagram_ports(self, address, ports, patience_s=10):
        """UDP ports that are not refused (ICMP port unreachable, RFC 792); the kernel limits how many
        refusals it sends, so only those given are asked, again and again."""
        hardware = self.find(address)
        there = socket.inet_aton(address)
        waiting = set(ports)
        end = time.monotonic() + patience_s
        while waiting and time.monotonic() < end:
            for port in sorted(waiting):
                head = struct.pack(">HHHH", self.source_port, port, 12, 0) + b"ping"
                self.packet(hardware, there, 17, head)
            for frame in self.hear(1):
                if frame[12:14] == b"\x08\x00" and frame[23] == 1 and frame[26:30] == there and frame[34:36] == b"\3\3":
                    waiting.discard(struct.unpack(">H", frame[64:66])[0])
        return waiting

    def close(self):
        self.line.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve(pathlib.Path(sys.argv[1]))
