# SPDX-License-Identifier: EUPL-1.2
#
# Pictures of screens: read as QEMU dumps them (PPM), written as PNG, held against each other.
import pathlib
import struct
import subprocess
import zlib


class Picture:
    """Rows of red, green and blue."""

    def __init__(self, width, height, dots):
        self.width = width
        self.height = height
        self.dots = dots

    @classmethod
    def of_ppm(cls, path):
        raw = pathlib.Path(path).read_bytes()
        head = raw.split(b"\n", 3)
        if head[0] != b"P6" or head[2] != b"255":
            raise ValueError("not a picture of QEMU's")
        width, height = (int(word) for word in head[1].split())
        return cls(width, height, raw[len(raw) - width * height * 3:])

    @classmethod
    def of_png(cls, path):
        """Any PNG, by way of netpbm."""
        raw = subprocess.run(["pngtopnm", str(path)], capture_output=True, check=True).stdout
        kind, size, _, rest = raw.split(b"\n", 3)
        width, height = (int(word) for word in size.split())
        if kind == b"P5":
            rest = bytes(byte for each in rest for byte in (each, each, each))
        return cls(width, height, rest)

    def save(self, path):
        pathlib.Path(path).write_bytes(png(self.width, self.height, 2, b"".join(
            b"\0" + self.dots[y * self.width * 3:(y + 1) * self.width * 3] for y in range(self.height))))

    def cut(self, x, y, width, height):
        rows = [self.dots[((y + row) * self.width + x) * 3:((y + row) * self.width + x + width) * 3] for row in range(height)]
        return Picture(width, height, b"".join(rows))

    def colours_count(self):
        return len({self.dots[at:at + 3] for at in range(0, len(self.dots), 3 * 7)})

    def unlike(self, other, step=1, differs_by=64):
        """What part of the dots differ clearly, of every `step`th in both directions."""
        if (self.width, self.height) != (other.width, other.height):
            return 1.0
        bad = count = 0
        for y in range(0, self.height, step):
            start = y * self.width * 3
            mine = self.dots[start:start + self.width * 3]
            theirs = other.dots[start:start + self.width * 3]
            if mine == theirs:
                count += -(-self.width // step)
                continue
            for colours in zip(mine[::3 * step], mine[1::3 * step], mine[2::3 * step],
                               theirs[::3 * step], theirs[1::3 * step], theirs[2::3 * step], strict=True):
                r, g, b, r2, g2, b2 = colours
                bad += abs(r - r2) > differs_by or abs(g - g2) > differs_by or abs(b - b2) > differs_by
                count += 1
        return bad / count


def png(width, height, colour_type, rows, bits=8):
    """`rows`: each with its filter byte before it."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)) +
            chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


def codes(path):
    """What a camera reads of a picture: every QR code in it."""
    told = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(path)],
                          capture_output=True, text=True, check=False).stdout
    return told.splitlines()  # base45 has a space
