# SPDX-License-Identifier: EUPL-1.2
#
# The other end of tests/tools/fate.c: when the hub dies, and what time it is there.
import mmap
import os
import struct

BEFORE, HALFWAY, AFTER = range(3)
WORDS = "iiiiq"


class Fate:
    def __init__(self, path):
        path.write_bytes(bytes(struct.calcsize(WORDS)))
        with path.open("r+b") as file:
            self.memory = mmap.mmap(file.fileno(), 0)
        shim = os.path.join(os.environ["INLOOP_BUILD"], "tests", "fate.so")
        # The shim need not come behind the sanitizer's own library.
        self.env = {"LD_PRELOAD": shim, "FATE_FILE": str(path),
                    "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        self.ahead_ms = 0

    def set(self, dies_at, when, wait_ms=0):
        """The hub dies at its `dies_at`-th store write from now; 0: it lives."""
        struct.pack_into("iiii", self.memory, 0, 0, dies_at, when, wait_ms)

    def move_clock(self, ms):
        self.ahead_ms += ms
        struct.pack_into("q", self.memory, struct.calcsize("iiii"), self.ahead_ms)
