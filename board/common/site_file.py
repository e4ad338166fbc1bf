# SPDX-License-Identifier: EUPL-1.2
#
# Reads a site.conf the way the devices do (firmware/base/config.c) and holds its keys and values
# against site.keys, so that a slip of the pen is found at the desk and not in the hall.
import fnmatch
import ipaddress
import pathlib
import re
import urllib.parse

KEYS = pathlib.Path(__file__).with_name("site.keys")
FILE_BYTES_MAX = 128 * 1024
ENTRIES_MAX = 512
KEY_BYTES_MAX = 63
VALUE_BYTES_MAX = 511


class Wrong(Exception):
    """Every line that is wrong, each on a line of its own."""


def known():
    rows = [line.split() for line in KEYS.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(rows)


def check(path):
    """The file's bytes; Wrong with everything that is wrong in it."""
    try:
        words = pathlib.Path(path).read_bytes()
        text = words.decode("utf-8")
    except OSError as error:
        raise Wrong(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise Wrong(f"{path}: line {words[:error.start].count(10) + 1}: not UTF-8 text") from error
    if len(words) > FILE_BYTES_MAX:
        raise Wrong(f"{path}: more than {FILE_BYTES_MAX} bytes")
    kinds = known()
    given = set()
    wrong = []
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip(" \t\r")
        if not line or line.startswith("#"):
            continue
        said = check_line(line, given, kinds)
        if said:
            wrong.append(f"{path}: line {number}: {said}")
    if wrong:
        raise Wrong("\n".join(wrong))
    return words


def check_line(line, given, kinds):
    """What is wrong with it, or nothing."""
    key, equals, value = (part.strip(" \t\r") for part in line.partition("="))
    if not equals:
        return "no '='"
    if not re.fullmatch("[a-z0-9._-]+", key) or len(key) > KEY_BYTES_MAX:
        return "not a key"
    if key in given:
        return f"{key} is given twice"
    given.add(key)
    if len(value.encode()) > VALUE_BYTES_MAX or len(given) > ENTRIES_MAX:
        return "too much"
    if "\0" in value:
        return "a NUL byte"
    kind = kinds.get(key) or next((kinds[one] for one in kinds if "*" in one and fnmatch.fnmatchcase(key, one)), None)
    if kind is None:
        return f"{key} is not a key that a device knows"
    return None if is_kind(value, kind) else f"{key} = {value}: wanted is {tell(kind)}"


def tell(kind):
    if re.fullmatch(r"\d+-\d+", kind):
        return f"a whole number in {kind}"
    return TELLS.get(kind) or "one of " + kind.replace("|", ", ")


USB = r"[0-9a-f]{4}:[0-9a-f]{4}(:[!-?A-~]{1,63})?(@[0-9]+-[0-9.]+)?"
TELLS = {
    "name": "lower-case letters, digits and '-'", "text": "some words", "zone": "a time zone as in Europe/Amsterdam",
    "network": "an address and its network, as in 192.0.2.10/24", "address": "an address, as in 192.0.2.1",
    "addresses": "addresses with a blank between", "url": "https:// and a host, without a '/' at the end",
    "sha256": "64 hexadecimal digits", "device": "a path below /dev", "matrix": "six numbers", "usb": "vid:pid[:serial][@port]",
    "usbs": "vid:pid, a blank between two",
}
PATTERNS = {
    "name": "[a-z0-9][a-z0-9-]{0,31}", "text": ".+", "zone": "[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}", "sha256": "[0-9a-f]{64}",
    "device": r"/dev/[A-Za-z0-9/._:-]+", "matrix": r"-?\d+(\.\d+)?( +-?\d+(\.\d+)?){5}", "usb": USB,
    "usbs": "[0-9a-f]{4}:[0-9a-f]{4}( +[0-9a-f]{4}:[0-9a-f]{4})*",
}


def is_kind(value, kind):
    if kind in PATTERNS:
        return re.fullmatch(PATTERNS[kind], value) is not None
    if re.fullmatch(r"\d+-\d+", kind):
        low, high = kind.split("-")
        return re.fullmatch(r"\d{1,9}", value) is not None and int(low) <= int(value) <= int(high)
    if kind == "url":
        return is_url(value)
    try:
        if kind == "network":
            return "/" in value and ipaddress.ip_interface(value) is not None
        if kind in ("address", "addresses"):
            return [ipaddress.ip_address(one) for one in value.split()] != [] and (kind == "addresses" or " " not in value)
    except ValueError:
        return False
    return value in kind.split("|")


def is_url(value):
    try:
        parts = urllib.parse.urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and parts.path == "" and parts.query == "" and port != 0
