# SPDX-License-Identifier: EUPL-1.2
#
# What strangers try: every door of the wire, every key chord that opens something on other machines, and
# what is plugged in by somebody who has no business there.
import time

from guests import ADDRESSES, ENROLMENT_PORT, HUB_PORT, NAMES, PUBLIC_PORT
from machine import wait_for
from switch import Stranger

DOORS = {"hub": {HUB_PORT, ENROLMENT_PORT, PUBLIC_PORT}, "kiosk": set(), "counter": set(), "display": set()}  # SPEC.md, "The device"
DATAGRAMS = {"hub": {123}, "kiosk": set()}  # the hub's clock
ASKED = (53, 67, 68, 69, 111, 123, 137, 161, 514, 546, 631, 1900, 5353, 5355)
CHORDS = ([("ctrl", "alt", "delete")] + [("ctrl", "alt", f"f{number}") for number in range(1, 13)] +
          [("alt", "sysrq", letter) for letter in "bceihlmnoprstuw"] +
          [("alt", f"f{number}") for number in range(1, 7)] + [("alt", "left"), ("alt", "right"), ("alt", "tab")] +
          [("ctrl", letter) for letter in "czdqsr"] + [("ctrl", "backslash"), ("ctrl", "alt", "backspace"), ("ctrl", "esc"),
           ("alt", "f4"), ("meta_l",), ("meta_l", "r"), ("ctrl", "shift", "t"), ("shift", "pgup"), ("menu",), ("f1",), ("f12",), ("esc",)])
STRANGERS = {
    "usb-storage": ("46f4:0001", {"driver": "usb-storage", "drive": "stick"}),
    "usb-kbd": ("0627:0001", {"driver": "usb-kbd"}),
    "usb-net": ("0525:a4a2", {"driver": "usb-net", "netdev": "foreign"}),
}


def tell(stories, hall):
    for role in ("hub", "kiosk"):
        stories.tell(f"of the {role}'s 65535 ports only the documented ones open", knock, hall, role, needs=[role])
    stories.tell("no key chord reaches anything but the kiosk itself", press_chords, hall, needs=["kiosk"])
    for kind in STRANGERS:
        stories.tell(f"an unknown {kind} is refused and reported", plug_stranger, hall, kind, needs=["kiosk"])


def knock(hall, role):
    stranger = Stranger(hall.switch)
    try:
        is_open, silent = stranger.open_ports(ADDRESSES[role])
        assert is_open == DOORS[role], f"open are {sorted(is_open)}"
        assert not silent, f"{len(silent)} ports say nothing: {sorted(silent)[:5]}"
        answering = stranger.open_datagram_ports(ADDRESSES[role], ASKED, 20)
        assert answering <= DATAGRAMS[role], f"datagrams are taken at {sorted(answering)}"
    finally:
        stranger.close()


def press_chords(hall):
    """The kiosk goes on as it was: no restart, no program ended, the same picture afterwards."""
    kiosk = hall.machines["kiosk"]
    before, resets = kiosk.said(), kiosk.resets_count()
    seen = kiosk.look()
    for chord in CHORDS:
        kiosk.press(*chord)
    wait_for(lambda: kiosk.look().unlike(seen, 6) < 0.03, "another picture than before", 120, look_s=1)
    assert kiosk.resets_count() == resets, "a chord started the machine again"
    after = kiosk.said()[len(before):]
    assert "ended" not in after and "sysrq" not in after.lower(), f"a chord did something: {after}"
    at = hall.device(NAMES["kiosk"]).get("last_seen_at")
    wait_for(lambda: hall.device(NAMES["kiosk"]).get("last_seen_at") != at, "the kiosk reports no more", look_s=1)


def plug_stranger(hall, kind):
    kiosk = hall.machines["kiosk"]
    usb, words = STRANGERS[kind]
    if "drive" in words:
        path = kiosk.folder / "stick.img"
        path.write_bytes(b"\0" * (1 << 20))
        kiosk.ask("blockdev-add", **{"node-name": "stick", "driver": "raw", "file": {"driver": "file", "filename": str(path)}})
    if "netdev" in words:
        kiosk.ask("netdev_add", type="user", id="foreign", restrict=True)
    kiosk.ask("device_add", id="stranger", bus="usb.0", **words)
    try:
        wait_for(lambda: any(each["usb"] == usb for each in hall.device(NAMES["kiosk"]).get("usb_refused", [])),
                 lambda: f"{usb} is not reported: {hall.device(NAMES['kiosk']).get('usb_refused')}", look_s=1)
        if kind == "usb-kbd":
            resets = kiosk.resets_count()
            kiosk.press("ctrl", "alt", "delete")
            time.sleep(1)
            assert kiosk.resets_count() == resets
    finally:
        kiosk.ask("device_del", id="stranger")
