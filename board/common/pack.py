# SPDX-License-Identifier: EUPL-1.2
#
# Of a disk image, what its block map names, piece behind piece, and a map for the stick's installer
# (SPEC.md, "The installing stick"): pack.py IMAGE BMAP DISK MAP.
import sys
import xml.etree.ElementTree as tree

image, bmap, disk, map_ = sys.argv[1:]
root = tree.parse(bmap).getroot()
size, block = int(root.findtext("ImageSize")), int(root.findtext("BlockSize"))
lines = []
with open(image, "rb") as source, open(disk, "wb") as out:
    for one in root.iterfind("BlockMap/Range"):
        first, _, last = one.text.strip().partition("-")
        start = int(first) * block
        count = min((int(last or first) + 1) * block, size) - start
        lines.append(f"range.{len(lines) + 1} = {start} {count}\n")
        source.seek(start)
        out.write(source.read(count))
with open(map_, "w", encoding="ascii") as out:
    out.write(f"image.bytes = {size}\nranges = {len(lines)}\n" + "".join(lines))
