# SPDX-License-Identifier: EUPL-1.2
#
# A disk image beside its block map (bmap 2.0, as bmaptool makes it) and the map's signature. Every
# block is held against the map before the first one is written: bmaptool finds out while it writes.
import hashlib
import os
import pathlib
import re
import subprocess
import xml.etree.ElementTree as tree

CHUNK_BYTES = 1024 * 1024
MAP_BYTES_MAX = 8 * 1024 * 1024


class Broken(Exception):
    """The image, its map or the signature is not what it should be."""


class Image:
    """FILE.img or FILE.img.zst, with FILE.img.bmap and FILE.img.sig beside it."""

    def __init__(self, path, keys):
        self.path = pathlib.Path(path)
        if not self.path.is_file():
            raise Broken(f"{path}: no such image; make image builds one")
        self.is_packed = self.path.suffix == ".zst"
        plain = self.path.with_suffix("") if self.is_packed else self.path
        bmap = pathlib.Path(f"{plain}.bmap")
        if not bmap.is_file():
            raise Broken(f"{bmap}: the image has no block map")
        check_signature(bmap, pathlib.Path(f"{plain}.sig"), keys)
        self.read_map(bmap)

    def read_map(self, path):
        words = path.read_bytes()
        if len(words) > MAP_BYTES_MAX:
            raise Broken(f"{path}: too long for a block map")
        try:
            root = tree.fromstring(words)
            numbers = [int(root.findtext(name, "")) for name in ("ImageSize", "BlockSize", "BlocksCount", "MappedBlocksCount")]
            version = root.get("version", "")
            kind = root.findtext("ChecksumType", "").strip()
            own = root.findtext("BmapFileChecksum", "").strip()
            told = [(re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", one.text or ""), one.get("chksum", ""))
                    for one in root.iterfind("BlockMap/Range")]
        except (tree.ParseError, ValueError) as error:
            raise Broken(f"{path}: not a block map ({error})") from error
        self.size, self.block_bytes, blocks_count, mapped_count = numbers
        if version.split(".")[0] != "2" or kind != "sha256":
            raise Broken(f"{path}: a block map of version {version or '?'} with {kind or 'no'} checksums is not known here")
        zeroed = words.replace(own.encode(), b"0" * 64) if len(own) == 64 else words
        if hashlib.sha256(zeroed).hexdigest() != own:
            raise Broken(f"{path}: its own checksum does not hold")
        self.ranges = []
        behind = 0
        for match, checksum in told:
            first = int(match[1]) if match else -1
            last = int(match[2] or match[1]) if match else -1
            if first < behind or last < first or last >= blocks_count or not re.fullmatch("[0-9a-f]{64}", checksum):
                raise Broken(f"{path}: a range is out of order, too far or without a checksum")
            self.ranges.append((first * self.block_bytes, min((last + 1) * self.block_bytes, self.size), checksum))
            behind = last + 1
        if self.block_bytes < 512 or -(-self.size // self.block_bytes) != blocks_count or not self.ranges \
                or sum(-(-(end - start) // self.block_bytes) for start, end, _ in self.ranges) != mapped_count:
            raise Broken(f"{path}: its sizes do not agree")
        self.mapped_bytes = sum(end - start for start, end, _ in self.ranges)

    def chunks(self):
        """(offset, bytes) of everything mapped, in order; Broken as soon as a range differs from the map."""
        source = Source(self.path, self.is_packed)
        try:
            for start, end, checksum in self.ranges:
                source.skip_to(start)
                told = hashlib.sha256()
                while start < end:
                    chunk = source.read(min(CHUNK_BYTES - start % CHUNK_BYTES, end - start))
                    told.update(chunk)
                    yield start, chunk
                    start += len(chunk)
                if told.hexdigest() != checksum:
                    raise Broken(f"{self.path}: is damaged before byte {end}: a checksum of its block map does not hold")
        finally:
            source.close()


class Source:
    """The image's bytes, forwards only."""

    def __init__(self, path, is_packed):
        self.path = path
        self.at = 0
        self.process = None
        if is_packed:
            self.process = subprocess.Popen(["zstd", "-dcq", path], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.file = self.process.stdout
        else:
            self.file = open(path, "rb")

    def skip_to(self, offset):
        if self.process is None:
            self.file.seek(offset)
        while self.process is not None and self.at < offset:
            self.read(min(CHUNK_BYTES, offset - self.at))
        self.at = offset

    def read(self, count):
        chunk = self.file.read(count)
        if len(chunk) != count:
            raise Broken(f"{self.path}: is damaged or cut off behind byte {self.at + len(chunk)}")
        self.at += count
        return chunk

    def close(self):
        self.file.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def check_signature(path, signature, keys):
    """The map's signature (ECDSA P-256 over SHA-256, DER) by one of the public keys in the file `keys`."""
    if not signature.is_file():
        raise Broken(f"{signature}: the image is not signed")
    if not os.path.isfile(keys):
        raise Broken(f"{keys}: no public key to hold the image against")
    words = pathlib.Path(keys).read_text(encoding="ascii", errors="replace")
    for key in re.findall("-----BEGIN PUBLIC KEY-----.*?-----END PUBLIC KEY-----\n?", words, re.S):
        done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", "/dev/stdin", "-signature", signature, path],
                              input=key, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
    raise Broken(f"{path}: not signed by a key of {keys}")
