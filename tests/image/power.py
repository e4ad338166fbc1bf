# SPDX-License-Identifier: EUPL-1.2
#
# The plug is pulled, at moments nobody chose: while people take tickets, and while an update is written.
# Whatever was answered is there afterwards, no number twice, and the machine starts.
import contextlib
import http.client
import threading
import time

from guests import ENDS_WITHIN_S, NAMES
from machine import Lost, wait_for
from update import ensure_clients, issue, queue, roll_out, state

AWAKE_S = (0.2, 6.0)  # how long tickets are issued before the plug is pulled
UPDATE_S = (0.5, 40.0)  # likewise of an update, from its order on
BETWEEN_S = 0.3  # several people at one kiosk
TOLD_MAX = 512  # of whom waits, in one answer of the hub (assets/api/hub-1.yaml)
PATIENCE_S = 5  # with a hub that may be off already


def tell(stories, hall, chance, cuts, measured):
    """Half of the cuts each, at least one."""
    hub_cuts = max(1, cuts - cuts // 2)
    stories.tell(f"{hub_cuts} power cuts while tickets are issued lose none and give no number twice", cut_hub, hall, chance,
                 hub_cuts, measured, needs=["technician"])
    stories.tell(f"{cuts // 2} power cuts in the middle of an update, and it starts each time", cut_update, hall, chance,
                 cuts // 2, measured, needs=["kiosk", "versions"])


def cut_hub(hall, chance, cuts, measured):
    ensure_clients(hall)
    hub = hall.machines["hub"]
    told = {}
    with contextlib.ExitStack() as still:
        for machine in hall.machines.values():  # an emulated hub starts sooner alone
            if machine is not hub and machine.process is not None:
                still.enter_context(machine.stands_still())
        cut_hub_alone(hall, hub, chance, cuts, told)
    measured["cuts_while_issuing"] = cuts
    measured["tickets_answered"] = len(told)


def cut_hub_alone(hall, hub, chance, cuts, told):
    for _ in range(cuts):
        is_over = threading.Event()
        worker = threading.Thread(target=take_tickets, args=(hall, told, is_over))
        worker.start()
        time.sleep(chance.uniform(*AWAKE_S))
        hub.cut_power()
        is_over.set()
        hub.power_on()
        worker.join()
        hall.wait_until_up()
        there = wait_for(lambda: read_queue(hall), "the hub does not say who waits")
        numbers = [number for number, _ in there]
        assert len(numbers) == len(set(numbers)), f"a number twice: {numbers}"
        by_id = {identity: number for number, identity in there}
        assert len(there) < TOLD_MAX, "more people wait than the hub tells a counter: fewer cuts, please"
        lost = {identity: number for identity, number in told.items() if by_id.get(identity) != number}
        assert not lost, f"answered and lost: {lost}"


def read_queue(hall):
    try:
        return queue(hall)
    except (Lost, OSError, http.client.HTTPException):
        return None


def take_tickets(hall, told, is_over):
    """One after another; only what was answered counts."""
    while not is_over.wait(BETWEEN_S):
        try:
            ticket = issue(hall, patience_s=PATIENCE_S)
        except (Lost, OSError, http.client.HTTPException):
            continue
        told[ticket["id"]] = ticket["number"]


def cut_update(hall, chance, cuts, measured):
    """An update that came to its end between two cuts is followed by the next. One whose every try was cut
    short has fallen back, and stopped its rollout by that."""
    kiosk, name = hall.machines["kiosk"], NAMES["kiosk"]
    version = None

    def end():
        """How the update ended, or None."""
        now, told, _ = state(hall, name)
        if now == "fell_back" and told == version:
            return now
        return now if now in ("blessed", "none") and hall.device(name).get("version") == version else None

    for _ in range(cuts):
        wait_for(lambda: state(hall, name)[0] is not None, "the kiosk says nothing", look_s=1)
        ended = version and end()
        if ended in ("blessed", "none"):
            hall.cli("rollout", "stop", f"{hall.versions.board}-{version}")  # the hub keeps so many bundles, no more
        if version is None or ended:
            version = roll_out(hall, name)
        time.sleep(chance.uniform(*UPDATE_S))
        kiosk.cut_power()
        kiosk.power_on()
        kiosk.wait_for_words("inloop: role: kiosk starts", ENDS_WITHIN_S)
    if cuts:
        wait_for(end, lambda: f"after {cuts} cuts the update does not come to its end: {state(hall, name)}", 600, look_s=1)
    measured["cuts_while_updating"] = cuts
