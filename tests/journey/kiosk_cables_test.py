# SPDX-License-Identifier: EUPL-1.2
#
# A kiosk without the desk's stand-ins, on a machine where nothing is plugged in: it opens, says that
# it has no scanner, and serves. A device that is named wrongly in the configuration stops it at once,
# with words.
import os
import pathlib
import subprocess
import sys

from desk import Desk
from screen import Lost

NO_SCANNER = "De scanner doet het niet"
BUILD = pathlib.Path(os.environ["INLOOP_BUILD"])


def main():
    with Desk(BUILD, BUILD / "kiosk-cables", headless=True, screens=(), devices=[("kiosk-1", "kiosk", "")]) as desk:
        desk.cables = []
        desk.start_screen("kiosk")
        kiosk = desk.screens["kiosk"]
        kiosk.see(lambda node: node["name"] == NO_SCANNER, NO_SCANNER)
        log = (desk.folder / "kiosk.log").read_text(encoding="utf-8")
        if "scanner: none is plugged in" not in log:
            raise Lost(f"the kiosk does not say what it misses: {log}")
        kiosk.click("no_code")
        kiosk.see(lambda node: node["id"].startswith("subject"), "the subjects")

        conf = desk.folder / "wrong.conf"
        conf.write_text((desk.folder / "kiosk.conf").read_text(encoding="utf-8") + "printer.usb = the one on the left\n",
                        encoding="utf-8")
        done = subprocess.run([desk.bin / "inloop-kiosk", "--config", conf], capture_output=True, text=True, check=False,
                              timeout=60)
        if done.returncode == 0 or "printer.usb: begins with vendor and product" not in done.stderr:
            raise Lost(f"a wrong printer.usb: {done.returncode} {done.stderr}")
    print("a kiosk without cables serves; a wrong one is named")
    return 0


try:
    sys.exit(main())
except Lost as lost:
    print(lost, file=sys.stderr)
    sys.exit(1)
