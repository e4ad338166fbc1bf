# SPDX-License-Identifier: EUPL-1.2
#
# Every figure beside its peer in the same run; writes build/bench.json. run.py <build folder>
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/journey"))
import codes  # noqa: E402
from desk import Desk  # noqa: E402

BUILD = pathlib.Path(sys.argv[1]).resolve()
OUT = BUILD / "bench"
DESKS = 32  # as many as a hall may have
ROUNDS = int(os.environ.get("ROUNDS", "3"))
results = []


def run(*words, env=None):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, check=False,
                          env={**os.environ, **(env or {})})
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]}: {done.stderr[-400:]}")
    return done.stdout


def add(name, unit, ours, peers=None, p50=None, p99=None):
    row = {"name": name, "unit": unit, "ours": ours, "peers": peers or {}, "p50_ms": p50, "p99_ms": p99}
    results.append(row)
    print(json.dumps(row), flush=True)


def median(rows, key):
    return statistics.median(row[key] for row in rows)


def compile_tools():
    OUT.mkdir(parents=True, exist_ok=True)
    flags = ["cc", "-O2", "-D_GNU_SOURCE"]
    run(*flags, "-o", OUT / "sqlite_loop", ROOT / "tests/bench/sqlite_loop.c", "-lsqlite3", "-lpthread")
    run(*flags, "-o", OUT / "first_frame", ROOT / "tests/bench/first_frame.c", "-lX11")
    run(*flags, "-shared", "-fPIC", "-o", OUT / "slow_fsync.so", ROOT / "tests/bench/slow_fsync.c", "-ldl")


def hub_conf_lines():
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    lines = ["location = stadhuis", "town = Gemeente Voorbeeldstad", "services = " + " ".join(f"s{c.lower()}" for c in letters)]
    lines += [f"service.s{c.lower()}.letter = {c}" for c in letters]
    lines += [f"counter.{n}.services = *" for n in range(1, DESKS + 1)]
    return lines


def bench_hub(slow_ms=0):
    """Fresh hub per figure: numbers are unique for a day and run out at 24 x 999."""
    def fresh(desks):
        class Fresh(Desk):
            def hub_base(self):
                return "\n".join(hub_conf_lines())

        devices = [("kiosk-1", "kiosk", ""), ("display-1", "display", "")]
        devices += [(f"counter-{n}", "counter", str(n)) for n in range(1, desks + 1)]
        desk = Fresh(BUILD, OUT / "desk", headless=False, screens=(), devices=devices)
        if slow_ms:
            desk.hub_env = {"LD_PRELOAD": str(OUT / "slow_fsync.so"), "SLOW_FSYNC_MS": str(slow_ms)}
        return desk

    def load(desk, mode, count, amount, *more):
        folder = desk.folder / ("counter" if mode == "next" else "kiosk-1")
        return json.loads(run(BUILD / "release/tests/hub_bench", f"https://127.0.0.1:{desk.hub_port}", "stadhuis",
                              folder, mode, count, amount, *more))

    return fresh, load


def sign_in(desk, n):
    home = desk.folder / f"counter-{n}"
    pin = desk.hub_task("staff-add", "--id", f"s{n}", "--name", f"Staff {n}")["pin"]
    run("curl", "-sf", "--cacert", home / "ca.pem", "--cert", home / "device.pem", "--key", home / "device.key",
        "-H", f"Idempotency-Key: bench-sign-in-{n}-0000", "-d",
        json.dumps({"is_open": True, "is_paused": False, "staff": f"s{n}", "pin": pin}),
        f"https://127.0.0.1:{desk.hub_port}/v1/locations/stadhuis/counters/{n}/session")


def bare(mode, count, env=None):
    with tempfile.TemporaryDirectory(dir=OUT) as folder:
        return json.loads(run(OUT / "sqlite_loop", folder, mode, count, 1.5, env=env))


class Redis:
    SCRIPT = {"issue": "local n=redis.call('INCR','c') redis.call('HSET','t'..n,'body',ARGV[1]) "
                       "redis.call('RPUSH','q',n) return n",
              "next": "local n=redis.call('LPOP','q') if n then redis.call('HSET','t'..n,'called',1) end return n"}

    def __enter__(self):
        self.folder = tempfile.mkdtemp(dir=OUT)
        self.socket = f"{self.folder}/redis.sock"
        self.process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", self.socket, "--dir", self.folder,
                                         "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
                                        stdout=subprocess.DEVNULL)
        while not os.path.exists(self.socket):
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def load(self, mode, count):
        amount = 4000 if count == 1 else 30000
        words = run("redis-benchmark", "-s", self.socket, "-c", count, "-n", amount, "--csv", "EVAL", self.SCRIPT[mode],
                    0, "x" * 170).strip().splitlines()[-1]
        return float(words.split('","')[1])


def bench_issue_and_next():
    fresh, load = bench_hub()
    for count, amount in ((1, 4000), (8, 12000), (64, 20000)):
        ours, loop, redis = [], [], []
        for _ in range(ROUNDS):
            with fresh(0) as desk:
                ours.append(load(desk, "issue", count, amount))
            loop.append(bare("issue", count))
            with Redis() as peer:
                redis.append(peer.load("issue", count))
        add(f"hub.issue.{count}", "tickets/s", median(ours, "per_s"),
            {"sqlite_loop": median(loop, "per_s"), "redis": statistics.median(redis)}, median(ours, "p50_ms"),
            median(ours, "p99_ms"))
    # A hall has at most 32 desks.
    for count, waiting, amount in ((1, 3000, 500), (8, 12000, 3000), (32, 16000, 4000)):
        ours, loop, redis = [], [], []
        for _ in range(ROUNDS):
            with fresh(count) as desk:
                load(desk, "issue", 8, waiting)
                for n in range(1, count + 1):
                    sign_in(desk, n)
                ours.append(load(desk, "next", count, amount))
            loop.append(bare("next", count))
            with Redis() as peer:
                peer.load("issue", 8)
                redis.append(peer.load("next", count))
        add(f"hub.next.{count}", "calls/s, each with arriving and finishing between", median(ours, "per_s"),
            {"sqlite_loop": median(loop, "per_s"), "redis": statistics.median(redis)}, median(ours, "p50_ms"),
            median(ours, "p99_ms"))


def bench_slow_disk():
    env = {"LD_PRELOAD": str(OUT / "slow_fsync.so"), "SLOW_FSYNC_MS": "10"}
    fresh, load = bench_hub(slow_ms=10)
    with fresh(0) as desk:
        ours = load(desk, "issue", 8, 1500)
    add("hub.issue.8.fsync_10ms", "tickets/s", ours["per_s"], {"sqlite_loop": bare("issue", 8, env)["per_s"]},
        ours["p50_ms"], ours["p99_ms"])


def bench_stream():
    fresh, load = bench_hub()
    with fresh(0) as desk:
        ours = load(desk, "stream", 200, 200)
    add("stream.last_of_200", "ms", ours["p50_ms"], {"limit": 100}, ours["p50_ms"], ours["p99_ms"])


def first_frame(env, idle, x, *program):
    """Looks at a pixel of the field: our window is centred on the screen, Chromium's stands at its edge."""
    return json.loads(run(OUT / "first_frame", x, 16, "1e6c35", idle, *program, env=env))


def bench_screen():
    with Desk(BUILD, OUT / "screen", headless=True, screens=()) as desk:
        panel = ["window.width_px = 1080", "window.height_px = 1920", f"strings.dir = {BUILD}/release/strings",
                 "theme.file = assets/themes/denhaag.tokens.json",
                 f"scanner.socket = {desk.folder}/scanner.sock", f"printer.spool = {desk.folder}/spool"]
        conf = desk.folder / "kiosk.conf"
        conf.write_text("\n".join(panel + desk.device_lines("kiosk-1")) + "\n", encoding="utf-8")
        os.chdir(ROOT)
        env = desk.env
        ours = [first_frame(env, 0, 1500, BUILD / "release/inloop-kiosk", "--config", conf) for _ in range(2 * ROUNDS)]
        idle = first_frame(env, 20, 1500, BUILD / "release/inloop-kiosk", "--config", conf)
        peers = []
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory(dir=OUT) as profile:
                peers.append(first_frame(env, 10 if not peers else 0, 20, "chromium", "--kiosk", "--no-sandbox", "--disable-gpu",
                                         "--no-first-run", "--disable-background-networking", "--disable-component-update",
                                         "--disable-sync", "--disable-quic", "--window-size=1080,1920",
                                         "--window-position=0,0", f"--user-data-dir={profile}",
                                         f"file://{ROOT}/tests/bench/page.html"))
    add("kiosk.first_frame", "ms", median(ours, "first_frame_ms"), {"chromium": median(peers, "first_frame_ms")})
    add("kiosk.pss", "MB", round(idle["pss_kb"] / 1024, 1), {"chromium": round(peers[0]["pss_kb"] / 1024, 1)})
    add("kiosk.idle_wakeups", "per second", idle["wakeups_per_s"], {"chromium": peers[0]["wakeups_per_s"]})


def bench_bad_codes():
    """From a bad code at the scanner to the page that says so; the slowest counts."""
    with Desk(BUILD, OUT / "codes", headless=True, screens=("kiosk",)) as desk:
        desk.screens["kiosk"].see("scan")
        took = []
        for _, code, phrase in codes.bad_tokens(desk) + codes.other_codes():
            took.append(codes.answer(desk, code, phrase)[2])
            codes.back_to_welcome(desk)
    took.sort()
    add("kiosk.bad_code", "ms, slowest", round(took[-1], 1), {"limit": 300}, round(statistics.median(took), 1),
        round(took[-1], 1))


def bench_card():
    """From the card that is laid down to the list on the screen, without the typing and the card's own time."""
    took = []
    with Desk(BUILD, OUT / "card", headless=True, screens=("kiosk",), has_cards=True) as desk:
        kiosk = desk.screens["kiosk"]
        for who in ("nadia", "sanne") * ROUNDS:
            kiosk.see("card")
            began = time.monotonic()
            desk.cards.lay(who)
            kiosk.see("code")
            asked = time.monotonic()
            for digit in desk.cards.words(who)["can"]:
                kiosk.click(f"key.{digit}")
            typed = time.monotonic()
            kiosk.click("key.next")
            kiosk.see("request.0")
            ended = time.monotonic()
            own_ms = int(desk.cards.lift().split(" ms of its own")[0].split()[-1])
            took.append((ended - typed + asked - began) * 1000 - own_ms)
            kiosk.see("locked")
            kiosk.click("bar.stop")
    add("identify.to_list", "ms, without the card's own", round(statistics.median(took)), {"limit": 1000},
        round(statistics.median(took), 1), round(max(took), 1))


def main():
    compile_tools()
    bench_issue_and_next()
    bench_slow_disk()
    bench_stream()
    bench_screen()
    bench_bad_codes()
    bench_card()
    samples = ROOT.parent / "shared/specs/samples"
    env = {"INLOOP_BUILD": str(BUILD / "release")}
    for words in (["redraw_bench"], ["forms_bench", samples], ["document_bench"]):
        for row in json.loads(run(BUILD / "release/tests" / words[0], *words[1:], env=env)):
            add(row["name"], row["unit"], row["ours"], row["peers"])
    (BUILD / "bench.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(BUILD / "bench.json")


main()
