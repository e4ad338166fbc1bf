# SPDX-License-Identifier: EUPL-1.2
#
# A town hall of four guests from one image, from the first power-on to a slip and a call, then what may
# go wrong: updates, power cuts, strangers on the wire and on the bus. run.py <build folder>
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/journey"), str(ROOT / "tests/tools")]
import boot  # noqa: E402
import harden  # noqa: E402
import power  # noqa: E402
import secure_boot  # noqa: E402
import update  # noqa: E402
import visit  # noqa: E402
from guests import Hall  # noqa: E402
from story import Stories  # noqa: E402

BOARD = "qemu-x86_64"


def main():
    build = pathlib.Path(sys.argv[1]).resolve()
    image = build / "image" / BOARD
    folder = build / "image" / "guests"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1 << 32))
    print(f"seed {seed}", flush=True)
    chance = random.Random(seed)
    measured = {"seed": seed, "image_bytes": (image / "inloop.efi").stat().st_size}
    stories = Stories()
    stories.tell("the root holds what its list names, and nothing anybody could misuse", check_root, image)
    rehearsed = Rehearsal(build, folder / "rehearsal")
    with Hall(build, image, folder) as hall:
        boot.tell(stories, hall, measured)
        sheets, number = rehearsed.wait()
        visit.tell(stories, hall, sheets, number)
        harden.tell(stories, hall)
        locked = threading.Thread(target=secure_boot.tell, args=(stories, image, folder / "secure-boot"))
        locked.start()  # while others wait for watchdogs
        update.tell(stories, hall, measured)
        locked.join()
        power.tell(stories, hall, chance, int(os.environ.get("CUTS") or 4), measured)
    (build / "image" / "measured.json").write_text(json.dumps(measured, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(measured))
    return stories.close()


def check_root(image):
    done = subprocess.run([sys.executable, ROOT / "tests/image/root_check.py", image], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


class Rehearsal:
    """Runs beside the first boots."""

    def __init__(self, build, folder):
        folder.mkdir(parents=True)
        self.failure = None
        self.thread = threading.Thread(target=self.run, args=(build, folder))
        self.thread.start()

    def run(self, build, folder):
        import rehearsal
        try:
            self.result = rehearsal.rehearse(build, folder)
        except BaseException as failure:
            self.failure = failure

    def wait(self):
        self.thread.join()
        if self.failure is not None:
            raise self.failure
        return self.result


if __name__ == "__main__":
    started = time.monotonic()
    result = main()
    print(f"{time.monotonic() - started:.0f} s")
    sys.exit(result)
