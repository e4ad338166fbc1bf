# SPDX-License-Identifier: EUPL-1.2
#
# A bundle as SPEC.md describes it, made without a line of the firmware's: so that each can be wrong
# in its own way.
import hashlib
import subprocess

from est import shell

MAGIC = b"INLBNDL1"


def key_pair(folder, name):
    """A signing key and the file of its public half; gives both paths."""
    key, public = folder / f"{name}.key", folder / f"{name}.pub.pem"
    shell("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(key))
    public.write_bytes(shell("openssl", "ec", "-in", str(key), "-pubout"))
    return key, public


def manifest_of(payload, version, board="qemu-x86_64", minimum="1.0.0", town="*", **more):
    lines = {"version": version, "minimum": minimum, "board": board, "town": town, "made": "2026-11-27",
             "payloads": 1, "payload.1.name": "uki", "payload.1.bytes": len(payload),
             "payload.1.sha256": hashlib.sha256(payload).hexdigest(), **more}
    return "".join(f"{name} = {value}\n" for name, value in lines.items()).encode()


def sign(key, data):
    """r and s, 32 bytes each, out of OpenSSL's DER."""
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(key)], input=data, capture_output=True, check=True)
    der, numbers, at = done.stdout, [], 2
    for _ in range(2):
        length = der[at + 1]
        numbers.append(int.from_bytes(der[at + 2:at + 2 + length], "big").to_bytes(32, "big"))
        at += 2 + length
    return b"".join(numbers)


def bundle(key, payload, manifest):
    head = MAGIC + len(manifest).to_bytes(4, "big")
    return head + sign(key, head + manifest) + manifest + payload


def good(key, version, payload=b"uki" * 1000, **words):
    return bundle(key, payload, manifest_of(payload, version, **words))
