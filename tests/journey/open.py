# SPDX-License-Identifier: EUPL-1.2
#
# The whole hall in windows on this desk: hub, fictional municipality, kiosk, counter, display and
# the residents' pockets. Ctrl-C stops everything.
import pathlib
import signal
import sys

from desk import Desk


def stop(_signal, _frame):
    raise KeyboardInterrupt


def main():
    # However we are told to stop, what we started stops with us.
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    build = pathlib.Path(sys.argv[1]).resolve()
    with Desk(build, build / "desk", headless=False, screens=("kiosk", "counter", "display", "pocket"),
              has_cards=True) as desk:
        print(f"Sign in at the counter as {desk.staff_id} with PIN {desk.staff_pin}.")
        print("Click a phone or a letter in the pocket to hold it under the kiosk's scanner, a card to lay it on the "
              "reader. Ctrl-C stops all.")
        try:
            signal.pause()
        except KeyboardInterrupt:
            print()
    return 0


sys.exit(main())
