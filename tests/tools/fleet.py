# SPDX-License-Identifier: EUPL-1.2
#
# A hall whose hub takes updates, what an agent says of a device that runs well, and a bundle on its
# way to the hub.
import uuid

import bundle
from desk import Desk

BOARD = "qemu-x86_64"
HEALTH = {"printer_ok": True, "paper_low": False, "scanner_ok": True, "refused_keyboard": False}


class FleetDesk(Desk):
    """With a key whose bundles the hub believes."""

    def start_hub(self):
        self.key, public = bundle.key_pair(self.folder, "update")
        self.hub_more += [f"update.keys = {public}", "hub.town = voorbeeldstad", "version = 1.0.0"]
        super().start_hub()


def report_of(**more):
    return {**HEALTH, "version": "1.0.0", "board": BOARD, "uptime_s": 60, "is_drawn": True, "is_connected": True,
            "is_busy": False, "parts": {"scanner": "ok", "card": "unused", "printer": "ok"}, "update": {"state": "none"},
            **more}


def send_bytes(device, data, key=None, is_wrong=False):
    """A bundle, good or not; the hub's answer."""
    path = device.prefix + "/bundles"
    headers = {"Content-Type": "application/octet-stream", "Idempotency-Key": key or str(uuid.uuid4())}
    device.connect()
    device.line.request("POST", path, data, headers)
    device.sent = {"method": "POST", "path": path, "request_headers": headers, "request_body": "bytes"}
    return device.receive(is_wrong)
