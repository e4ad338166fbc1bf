# SPDX-License-Identifier: EUPL-1.2
#
# The image of qemu-x86_64 beside a kiosk of Debian and Chromium (peer_kiosk.py), in the same machine,
# one after the other in the same run: size, time from power to the first picture, memory used; and
# of ours where the time and the bytes go. Writes build/bench-image.json. image.py <build folder>
import collections
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tests/tools"))
import peer_kiosk  # noqa: E402
from machine import Machine, wait_for  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
OUT = BUILD / "bench-image"
CACHE = pathlib.Path(os.environ.get("INLOOP_CACHE", BUILD / "cache"))
ROUNDS = int(os.environ.get("ROUNDS", "3"))
MEMORY_MB = 2048  # what Chromium wants; the same for both
PATIENCE_S = 1200
MARKS = {"firmware": "BdsDxe: starting", "configured": "inloop: boot: configured", "role": "inloop: role: "}
results = []


def add(name, unit, ours, peers=None, p50=None, p99=None):
    row = {"name": name, "unit": unit, "ours": ours, "peers": peers or {}, "p50_ms": p50, "p99_ms": p99}
    results.append(row)
    print(json.dumps(row), flush=True)


def mb(path):
    return round(pathlib.Path(path).stat().st_size / 1e6, 1)


def is_drawn(picture):
    """Paper, and a field of one colour on it: not the black before, not the white of a browser that loads."""
    dots = [picture.dots[at:at + 3] for at in range(0, len(picture.dots) - 2, 3 * 997)]
    light = sum(min(dot) > 225 for dot in dots)
    coloured = collections.Counter(dot for dot in dots if max(dot) - min(dot) > 40)
    return light > len(dots) * 0.3 and coloured.total() > 0 and coloured.most_common(1)[0][1] > len(dots) * 0.08


class Pc(Machine):
    """Two processors, for nothing runs beside it, and without AVX: emulating that is slow, and Chromium would use it."""

    def words(self, variables):
        words = super().words(variables)
        words[words.index("-cpu") + 1] = "Nehalem"
        words[words.index("-smp") + 1] = "2"
        return words


class Boot:
    """One power-on from cold to the first picture, and the memory that is in use then."""

    def __init__(self, image, name):
        folder = OUT / name
        folder.mkdir(parents=True, exist_ok=True)
        disk = folder / "disk.qcow2"
        disk.unlink(missing_ok=True)
        subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-b", image, "-F", "raw", disk], check=True)
        self.marks = {}
        self.machine = Pc(folder, name, disk, role="kiosk", memory_mb=MEMORY_MB,
                               more=["-device", "virtio-balloon-pci,id=balloon"])
        self.machine.power_on()
        try:
            self.drawn_s = self.wait_for_picture(folder)
            self.ram_mb = self.settled_ram()
        finally:
            self.machine.cut_power()

    def now(self):
        return round(time.monotonic() - self.machine.started_at, 2)

    def wait_for_picture(self, folder):
        def look():
            said = self.machine.said()
            for name, mark in MARKS.items():
                if mark in said:
                    self.marks.setdefault(name, self.now())
            picture = self.machine.look()
            if not is_drawn(picture):
                return None
            picture.save(folder / "first.png")
            return self.now()

        return wait_for(look, f"{self.machine.name}: no picture", PATIENCE_S)

    def settled_ram(self):
        """What is not available, once it has stopped growing; told by the guest's own balloon driver."""
        place = "/machine/peripheral/balloon"
        self.machine.ask("qom-set", path=place, property="guest-stats-polling-interval", value=1)
        seen = []

        def is_settled():
            told = self.machine.ask("qom-get", path=place, property="guest-stats")
            used = (told["stats"]["stat-total-memory"] - told["stats"]["stat-available-memory"]) / 1e6
            if told["last-update"] and (not seen or seen[-1][0] != told["last-update"]) and used > 0:
                seen.append((told["last-update"], used))
            return len(seen) >= 10 and max(u for _, u in seen[-5:]) - min(u for _, u in seen[-5:]) < 5

        wait_for(is_settled, "the memory in use never settles", PATIENCE_S, look_s=1)
        return round(seen[-1][1], 1)

    def kernel_clock(self, mark):
        """Seconds of the guest's own clock at a line of its log."""
        found = re.search(r"\[ *(\d+\.\d+)\] " + re.escape(mark), self.machine.said())
        return float(found[1]) if found else None


def median_of(boots, key):
    return round(statistics.median(getattr(boot, key) for boot in boots), 1)


def stages(boots):
    """Firmware; the loader with the kernel's unpacking; kernel and first scripts; the role to its picture."""
    rows = {"firmware": [], "loader": [], "kernel_and_init": [], "role_to_frame": []}
    for boot in boots:
        clock = boot.kernel_clock(MARKS["configured"])
        rows["firmware"].append(boot.marks["firmware"])
        rows["loader"].append(boot.marks["configured"] - clock - boot.marks["firmware"])
        rows["kernel_and_init"].append(clock)
        rows["role_to_frame"].append(boot.drawn_s - boot.marks["configured"])
    return {name: round(statistics.median(values), 2) for name, values in rows.items()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    CACHE.mkdir(parents=True, exist_ok=True)
    board = BUILD / "image/qemu-x86_64"
    subprocess.run(["zstd", "-q", "-3", "-T0", "-f", board / "disk.img", "-o", OUT / "ours.img.zst"], check=True)
    peer = peer_kiosk.make(CACHE, OUT, ROOT / "tests/bench/page.html")

    sizes = json.loads((board / "sizes.json").read_text(encoding="utf-8"))
    add("image.size", "MB to download", mb(OUT / "ours.img.zst"), {"debian_chromium": mb(f"{peer}.zst")})
    for part, count in {**sizes["unpacked"], **{f"packed_{k}": v for k, v in sizes["packed"].items()}}.items():
        add(f"image.size.{part}", "MB", round(count / 1e6, 2))

    ours = [Boot(board / "disk.img", "ours") for _ in range(ROUNDS)]
    peers = [Boot(peer, "peer") for _ in range(ROUNDS)]
    add("image.boot_to_first_frame", "s", median_of(ours, "drawn_s"), {"debian_chromium": median_of(peers, "drawn_s")})
    for name, seconds in stages(ours).items():
        add(f"image.boot.{name}", "s", seconds)
    add("image.ram", "MB in use", median_of(ours, "ram_mb"), {"debian_chromium": median_of(peers, "ram_mb")})
    measured = BUILD / "image/measured.json"  # by make test-image: there are a hub and an update
    if measured.exists():
        told = json.loads(measured.read_text(encoding="utf-8"))
        add("image.boot.hub_serves", "s from power-on, the first boot of a hub's box", told.get("hub_up_s"))
        add("image.update", "s from the order to the new version blessed", told.get("update_s"))
    (BUILD / "bench-image.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(BUILD / "bench-image.json")


main()
