# SPDX-License-Identifier: EUPL-1.2
#
# What stands in the memory of a running program: every page it has of every readable and writable
# mapping, as root sees it through /proc. The sanitizer's own map of memory (terabytes, no contents)
# is left out.
import array
import mmap
import re

# The town bears the name of one of its residents; its own name is no secret.
NOT_BEFORE = b"(?!stad)"
CHUNK_BYTES = 4 << 20
# Only the address sanitizer maps pieces this large; it keeps marks about memory there, no bytes of it.
SHADOW_BYTES = 64 << 30


def mappings(pid):
    """(start, end, name) of what can be read and written."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as lines:
        for line in lines:
            words = line.split(maxsplit=5)
            start, end = (int(part, 16) for part in words[0].split("-"))
            if words[1].startswith("rw") and end - start < SHADOW_BYTES:
                yield start, end, words[5].strip() if len(words) > 5 else "anonymous"


def runs(pid, start, end):
    """(start, end) of the pages that are there, in memory or in swap, at most CHUNK_BYTES together."""
    pages = array.array("Q")
    with open(f"/proc/{pid}/pagemap", "rb", buffering=0) as pagemap:
        pagemap.seek(start // mmap.PAGESIZE * pages.itemsize)
        pages.frombytes(pagemap.read((end - start) // mmap.PAGESIZE * pages.itemsize))
    if len(pages) != (end - start) // mmap.PAGESIZE:
        raise OSError(f"{start:x}: which pages are there cannot be read")
    first = None
    for index, page in enumerate(pages):
        at = start + index * mmap.PAGESIZE
        is_there = page >> 62 != 0
        if first is not None and (not is_there or at - first >= CHUNK_BYTES):
            yield first, at
            first = None
        if is_there and first is None:
            first = at
    if first is not None:
        yield first, end


class Words:
    """Many words at once, in bytes of any origin; a word may be bytes itself."""

    def __init__(self, words):
        needles = {word if isinstance(word, bytes) else word.encode() for word in words}
        self.needles = sorted(needles, key=len, reverse=True)
        self.longest = len(self.needles[0])
        self.pattern = re.compile(b"(?:" + b"|".join(re.escape(needle) for needle in self.needles) + b")" + NOT_BEFORE)

    def hits(self, held):
        # One quick look a word is faster than the pattern, and nearly always enough.
        return self.pattern.finditer(held) if any(needle in held for needle in self.needles) else ()


def find(pid, words):
    """The words found in the memory of a process: {word: [where, with what stands round it]}."""
    found = {}
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for start, end, name in mappings(pid):
            for at, until in runs(pid, start, end):
                try:
                    memory.seek(at)
                    piece = memory.read(min(until + words.longest, end) - at)
                except OSError:
                    continue  # a page that went away, or a device's
                for hit in words.hits(piece):
                    near = piece[max(0, hit.start() - 40):hit.end() + 40]
                    word = hit.group().decode(errors="replace")
                    found.setdefault(word, []).append(f"{name} {at + hit.start():x} {near!r}")
    return found
