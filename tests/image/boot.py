# SPDX-License-Identifier: EUPL-1.2
#
# From power-on to the first picture, and to enrolled devices: the hub shows the first technician's code,
# its own tool makes codes for the others.
from guests import NAMES
from machine import wait_for

TO_WORK = (540, 825)  # of the page that says it is enrolled, 1080 by 1920
MARKS = {"firmware": "BdsDxe: starting", "configured": "inloop: boot: configured", "role": "inloop: role: "}


def tell(stories, hall, measured):
    stories.tell("a bare machine draws its first picture", first_picture, hall, measured, gives="hub")
    stories.tell("the hub's screen shows the first technician's code, and it works", enrol_technician, hall,
                 needs=["hub"], gives="technician")
    stories.tell("somebody may sit behind a counter", add_staff, hall, needs=["technician"], gives="staff")
    for role in ("kiosk", "counter", "display"):
        stories.tell(f"a {role} is enrolled by its code under a scanner", enrol, hall, role, needs=["technician"],
                     gives=role)


def first_picture(hall, measured):
    hub = hall.make("hub")
    hub.power_on()
    times = {}

    def is_drawn():
        said = hub.said()
        for name, mark in MARKS.items():
            if mark in said:
                times.setdefault(name, round(hub.now(), 1))
        return "role" in times and is_picture(hub.look())

    wait_for(is_drawn, lambda: f"no picture: {hub.said()[-1500:]}", look_s=0.1)
    times["drawn"] = round(hub.now(), 1)
    hub.picture(hub.folder / "first.png")
    measured["boot_s"] = times
    hall.wait_until_up()
    measured["hub_up_s"] = round(hub.now(), 1)


def is_picture(picture):
    """Not the firmware's words on black: many colours, and a ground that is not black."""
    return picture.colours_count() > 32 and picture.dots[:3] != b"\0\0\0"


def enrol_technician(hall):
    hall.become_technician(hall.see_code(hall.machines["hub"]))
    assert hall.device("hub"), "the hub does not know its own box"


def add_staff(hall):
    hall.pin = hall.ask("POST", "/staff", {"id": "s3", "name": "M. de Wit"})["pin"]


def enrol(hall, role):
    machine = hall.make(role)
    machine.power_on()
    machine.wait_for_words("inloop: late: all modules loaded")
    code = hall.code_for(role)["qr"]
    machine.plug_scanner().scan(code)
    wait_for(lambda: hall.device(NAMES[role]), f"the hub did not enrol {NAMES[role]}", look_s=1)
    if role == "kiosk":
        wait_for(lambda: is_at_work(machine, role), "nobody gets from the page that says so to work", look_s=1)
    else:
        machine.cut_power()  # what is enrolled begins its work by itself
        machine.power_on()
        machine.wait_for_words(f"inloop: role: {role} starts")
    wait_for(lambda: hall.device(NAMES[role]).get("is_up"), f"{NAMES[role]} does not report", look_s=1)


def is_at_work(machine, role):
    """As soon as the button is there a touch starts the work; before that it touches nothing."""
    if f"inloop: role: {role} starts" in machine.said():
        return True
    machine.tap(*TO_WORK)
    return False
