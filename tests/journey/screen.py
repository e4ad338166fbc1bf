# SPDX-License-Identifier: EUPL-1.2
#
# Eyes and hands for tests that use real windows: finds a program's window, reads the tree it
# exports, clicks the middle of a node, types, and takes a picture.
import json
import pathlib
import struct
import subprocess
import time
import zlib

PATIENCE_S = 15
# The toolkit drops a second tap within half a second (a shaking hand is no second wish), so the
# tour taps at a person's pace; keys of a keypad may follow faster.
PACE_S = 0.6


class Lost(Exception):
    """What should have appeared did not."""


def run(*words):
    return subprocess.run(words, capture_output=True, check=True)


class Screen:
    """One program's window, put at `at`. `tree` is the file it exports its tree to."""

    def __init__(self, title, tree, at=None):
        self.title = title
        self.tree = pathlib.Path(tree)
        self.tapped_at = 0.0
        self.tapped = ""
        if at is not None:
            self.window = self._find()
            run("xdotool", "windowmove", self.window, str(at[0]), str(at[1]))

    def _find(self):
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            found = subprocess.run(["xdotool", "search", "--name", f"^{self.title}$"], capture_output=True,
                                   text=True, check=False).stdout.split()
            if found:
                return found[0]
            time.sleep(0.05)
        raise Lost(f"no window called {self.title}")

    def nodes(self):
        try:
            return json.loads(self.tree.read_text(encoding="utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return []

    def see(self, wanted, what=None):
        """Waits until a node is there: by id, or by a function of the node."""
        matches = wanted if callable(wanted) else lambda node: node["id"] == wanted
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            for node in self.nodes():
                if matches(node):
                    return node
            time.sleep(0.02)
        shown = ", ".join(node["id"] for node in self.nodes())
        raise Lost(f"{self.title}: {what or wanted} did not appear; there is: {shown}")

    def has(self, wanted):
        return any(node["id"] == wanted for node in self.nodes())

    def click(self, wanted):
        node = self.see(wanted)
        is_typing = wanted.startswith("key.") and self.tapped.startswith("key.")
        while not is_typing and time.monotonic() - self.tapped_at < PACE_S:
            time.sleep(0.02)
        x = int(node["x"] + node["width"] / 2)
        y = int(node["y"] + node["height"] / 2)
        self.tap(x, y)
        self.tapped_at = time.monotonic()  # when it is done: a busy machine is slow to start the tool
        self.tapped = wanted

    def tap(self, x, y):
        run("xdotool", "mousemove", "--window", self.window, str(x), str(y), "click", "1")

    def draw(self, points):
        """With the finger, from one point in the window to the next."""
        moves = [["mousemove", "--window", self.window, str(x), str(y)] for x, y in points]
        run("xdotool", *moves[0], "mousedown", "1", *[word for move in moves[1:] for word in move], "mouseup", "1")
        self.tapped_at = time.monotonic()
        self.tapped = ""

    def press(self, *keys):
        run("xdotool", "windowfocus", "--sync", self.window)
        run("xdotool", "key", "--window", self.window, *keys)

    def type(self, words):
        run("xdotool", "windowfocus", "--sync", self.window)
        run("xdotool", "type", "--window", self.window, "--delay", "15", words)

    def read_code(self, wanted, path):
        """What a camera before the screen reads of that node; the picture stays in `path`."""
        self.see(wanted)
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            self.picture(path)
            told = subprocess.run(["zbarimg", "--quiet", "--raw", str(path)], capture_output=True, text=True,
                                  check=False).stdout.strip()
            if told:
                return told
        raise Lost(f"{self.title}: no code can be read from {wanted}")

    def picture(self, path):
        pathlib.Path(path).write_bytes(png_of_rgb(*self.rgb()))

    def rgb(self):
        return rgb_of_xwd(run("xwd", "-silent", "-id", self.window).stdout)


def rgb_of_xwd(raw):
    """An X window dump (version 7, 24 or 32 bits a pixel): width, height and the pixels, three bytes each."""
    header = struct.unpack(">25I", raw[:100])
    size, width, height, bits, line, colours = header[0], header[4], header[5], header[11], header[12], header[19]
    if bits not in (24, 32):  # xwd packs pixels when windows of several visuals lie over each other
        raise ValueError(f"{bits} bits a pixel")
    step = bits // 8
    start = size + colours * 12
    pixels = bytearray()
    for y in range(height):
        row = raw[start + y * line:start + y * line + width * step]
        rgb = bytearray(width * 3)
        rgb[0::3] = row[2::step]
        rgb[1::3] = row[1::step]
        rgb[2::3] = row[0::step]
        pixels += rgb
    return width, height, bytes(pixels)


def png_of_rgb(width, height, pixels):
    rows = b"".join(b"\0" + pixels[y * width * 3:(y + 1) * width * 3] for y in range(height))

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b""))
