# SPDX-License-Identifier: EUPL-1.2
#
# The hall's network for guests: a switch on one datagram socket of this machine, which learns who
# sits behind which port, and an uplink whose address is this machine itself. Nobody needs to be
# root. As a program: switch.py <folder>; it lives until its standard input ends.
import contextlib
import os
import pathlib
import random
import socket
import struct
import subprocess
import sys
import time

FRAME_BYTES_MAX = 65536
QUEUE_BYTES = 4 << 20
UPLINK = "10.77.0.2"  # reaches this machine's own ports
NETWORK = "10.77.0.0/24"
BROADCAST = b"\xff" * 6
SYN, RST, ACK = 2, 4, 16


def open_port(path):
    line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE_BYTES)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, QUEUE_BYTES)
    line.bind(str(path))
    return line


def serve(folder):
    """Passes frames on; a port that is not there any more is forgotten, as a cable pulled out."""
    line = open_port(folder / "switch")
    line.setblocking(False)
    ports, places = set(), {}
    import select
    while True:
        ready = select.select([line, sys.stdin], [], [])[0]
        if sys.stdin in ready:
            return
        for _ in range(256):
            try:
                frame, sender = line.recvfrom(FRAME_BYTES_MAX)
            except BlockingIOError:
                break
            ports.add(sender)
            places[frame[6:12]] = sender
            known = places.get(frame[:6])
            for port in [known] if known else [each for each in ports if each != sender]:
                try:
                    line.sendto(frame, port)
                except BlockingIOError:
                    pass  # a full queue loses frames, as a wire does
                except OSError:
                    ports.discard(port)
                    places = {address: place for address, place in places.items() if place != port}


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

    def netdev(self, name, identity):
        """QEMU's words for one more port."""
        port = self.folder / name
        port.unlink(missing_ok=True)
        return (f"dgram,id={identity},local.type=unix,local.path={port},"
                f"remote.type=unix,remote.path={self.folder / 'switch'}")

    def uplink(self, forwards=()):
        """A machine of nothing but its network card, which knows this machine as UPLINK."""
        rules = "".join(f",hostfwd=tcp:127.0.0.1:{here}-{address}:{there}" for here, address, there in forwards)
        self.uplinks.append(subprocess.Popen(
            ["qemu-system-x86_64", "-M", "none", "-nodefaults", "-display", "none", "-S",
             "-netdev", f"user,id=up,net={NETWORK},host={UPLINK},ipv6=off{rules}",
             "-netdev", self.netdev("uplink", "port"),
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
        self.line = open_port(switch.folder / "stranger")
        self.line.connect(str(switch.folder / "switch"))
        self.line.settimeout(0.2)
        self.hardware = b"\x02\x00\x00\x00\x00\x42"
        self.address = socket.inet_aton(address)
        self.source_port = random.randrange(20000, 60000)

    def frame(self, to, kind, words):
        self.line.send(to + self.hardware + struct.pack(">H", kind) + words)

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

    def hear(self):
        """What has come; our own address is told to who asks for it."""
        frames = []
        with contextlib.suppress(TimeoutError, BlockingIOError):
            while True:
                frame = self.line.recv(FRAME_BYTES_MAX)
                if frame[12:14] == b"\x08\x06" and frame[20:22] == b"\0\1" and frame[38:42] == self.address:
                    self.say_arp(frame[6:12], 2, frame[22:28], frame[28:32])
                else:
                    frames.append(frame)
                if len(frames) >= 512:
                    return frames
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
        self.line.settimeout(wait_s)
        frames = self.hear()
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
            frames = self.hear() if len(frames) >= 512 else []

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
            self.line.settimeout(1)
            for frame in self.hear():
                if frame[12:14] == b"\x08\x00" and frame[23] == 1 and frame[26:30] == there and frame[34:36] == b"\3\3":
                    waiting.discard(struct.unpack(">H", frame[64:66])[0])
        return waiting

    def close(self):
        self.line.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        serve(pathlib.Path(sys.argv[1]))
    os._exit(0)
