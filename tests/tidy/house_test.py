# SPDX-License-Identifier: EUPL-1.2
#
# The rules of the house that a formatter cannot check: who may include whom, which file alone may
# know an outside library, function lengths, braces, headers, phrases in every language. Prints
# every offence as file:line and fails on any.
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("INLOOP_ROOT", pathlib.Path(__file__).parents[2]))
FIRMWARE = ROOT / "firmware"

ROWS = {"base": 0, "core": 1, "forms": 1, "ui": 1, "ports": 2, "link": 2, "drivers": 3, "adapters": 3, "fill": 3, "update": 3,
        "apps": 4, "demo": 4}

# Outside library -> what its headers look like -> the one file or one small folder that knows it.
LIBRARIES = {
    "jansson": (r"jansson\.h", ["base/json.c"]),
    "mbedtls": (r"mbedtls/", ["link/tls", "link/crypto", "drivers/document/curve.c", "drivers/document/cipher.c", "drivers/document/rsa.c"]),
    "libevent": (r"event2/|event\.h", ["link/"]),
    "sqlite": (r"sqlite3\.h", ["adapters/store_sqlite"]),
    "SDL": (r"SDL", ["ui/"]),
    "libdrm": (r"xf86drm|libdrm|drm", ["ui/kms.c"]),
    "fribidi": (r"fribidi", ["ui/"]),
    "unibreak": (r"linebreak\.h|unibreak", ["ui/"]),
    "hyphen": (r"hyphen\.h", ["ui/"]),
    "libusb": (r"libusb", ["drivers/usb"]),
    "openssl": (r"openssl/", ["demo/chip/"]),
    "qrencode": (r"qrencode\.h", ["drivers/qr.c"]),
}

FUNCTION_LINES_MAX = 60
# Functions that are longer than the limit. This list may only shrink.
LONG_FUNCTIONS = set()

# Words that belong to the place where the project is written, never into it.
FOREIGN_PATHS = re.compile(r"/work/|/root/|/home/[a-z]")

offences = []


def offend(path, line, words):
    offences.append(f"{path.relative_to(ROOT)}:{line}: {words}")


def home(path):
    """The folder that counts for the include rule: apps/kiosk, demo/pocket, drivers/document are rooms of their own."""
    parts = path.relative_to(FIRMWARE).parts
    return "/".join(parts[:2]) if parts[0] in ("apps", "demo") or len(parts) > 2 else parts[0]


def check_includes(path, lines):
    own = home(path)
    own_row = ROWS[own.split("/")[0]]
    name = str(path.relative_to(FIRMWARE))
    for number, line in enumerate(lines, 1):
        quoted = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if quoted:
            target = FIRMWARE / quoted.group(1)
            if not target.exists():
                offend(path, number, f"includes {quoted.group(1)}: no such file below firmware/")
                continue
            other = home(target)
            if other != own and ROWS[other.split("/")[0]] >= own_row:
                offend(path, number, f"{own} may not include {quoted.group(1)}")
        angled = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if angled:
            for library, (pattern, allowed) in LIBRARIES.items():
                if re.match(pattern, angled.group(1)) and not any(name.startswith(a) for a in allowed):
                    offend(path, number, f"only {', '.join(allowed)} may know {library}")


def check_header(path, lines):
    if not lines or lines[0].strip() != "// SPDX-License-Identifier: EUPL-1.2":
        offend(path, 1, "first line must be the SPDX licence line")
    elif len(lines) < 3 or lines[1].strip() != "//" or not lines[2].startswith("// "):
        offend(path, 2, "the licence line is followed by what the file owns")


def check_functions(path, lines):
    start = None
    head = ""
    for number, line in enumerate(lines, 1):
        if re.match(r"^[A-Za-z_].*\)$|^[A-Za-z_][^;{=]*\($|^ .*\)$", line):
            head = line
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            length = number - start - 1
            name = re.search(r"(\w+)\(", head)
            label = f"{path.relative_to(ROOT)}:{name.group(1) if name else '?'}"
            if length > FUNCTION_LINES_MAX and label not in LONG_FUNCTIONS:
                offend(path, start, f"{length} lines in one function, {FUNCTION_LINES_MAX} are allowed")
            start = None


def check_style(path, lines):
    for number, line in enumerate(lines, 1):
        if re.match(r"\s*typedef\s+(struct|enum|union)\b(?!.*\(\*)", line):
            offend(path, number, "typedef of a struct, enum or union")
        if re.match(r"\s*(if|for|while) \(.*\)$", line) or re.match(r"\s*else$", line):
            following = lines[number].strip() if number < len(lines) else ""
            if following and not following.endswith("{") and "{" not in following \
                    and not lines[number - 1].rstrip().endswith("\\"):
                offend(path, number, "a branch without braces")
        if re.match(r"\s*(if|for|while) \(.*\)\s+[^{&|(].*;$", line) and "while (" not in line.split("}")[0][:0]:
            if not re.match(r"\s*for \(.*;.*;.*\)\s*\{", line) and not line.rstrip().endswith("{") \
                    and re.match(r"\s*(if|while) \([^()]*(\([^()]*\)[^()]*)*\) [^{].*;$", line):
                offend(path, number, "a branch without braces")
        if re.search(r"\b(TODO|FIXME|XXX)\b", line):
            offend(path, number, "an unfinished remark")
        if FOREIGN_PATHS.search(line):
            offend(path, number, "names a path of one machine")


def check_phrases():
    keys = {}
    for language in ("nl", "en", "ar"):
        path = ROOT / "assets/strings" / f"{language}.po"
        text = path.read_text(encoding="utf-8")
        entries = {}
        for block in re.split(r"\n\s*\n", text):
            key = re.search(r'^msgid "(.+)"$', block, re.M)
            if not key:
                continue
            said = re.findall(r'^msgstr(?:\[\d\])? "(.*)"((?:\n".*")*)', block, re.M)
            entries[key.group(1)] = all(first or rest for first, rest in said) and bool(said)
            if re.search(r"^#,.*fuzzy", block, re.M):
                offend(path, 1, f"{key.group(1)} is marked fuzzy")
        for key, is_said in entries.items():
            if not is_said:
                offend(path, 1, f"{key} has no words")
        keys[language] = set(entries)
    every = set().union(*keys.values())
    for language, has in keys.items():
        for key in sorted(every - has):
            offend(ROOT / "assets/strings" / f"{language}.po", 1, f"{key} is missing")
    return every


def check_used_phrases(every):
    """A key that stands in C as a whole string must exist; one that nothing names is dead."""
    sources = "\n".join(p.read_text(encoding="utf-8") for p in FIRMWARE.rglob("*.c"))
    named = set(re.findall(r'"([a-z_]+(?:\.[a-z0-9_]+)+)"', sources))
    made = set(re.findall(r'"([a-z_.]+\.)%[su]"', sources))  # "message.%s", "common.month.%u"
    prefixes = {key.split(".")[0] for key in every}
    for key in sorted(every):
        is_made = any(key.startswith(stem) for stem in made)
        if key not in named and key.removesuffix(".so") not in named and not is_made:
            offend(ROOT / "assets/strings/nl.po", 1, f"{key} is used nowhere")
    return prefixes


def check_dead_files():
    """Every header is included by somebody; every asset of ours is named by something."""
    included = set()
    for path in list(FIRMWARE.rglob("*.[ch]")) + list((ROOT / "tests").rglob("*.[ch]")):
        included.update(re.findall(r'#\s*include\s+"([^"]+)"', path.read_text(encoding="utf-8")))
    for path in FIRMWARE.rglob("*.h"):
        if str(path.relative_to(FIRMWARE)) not in included:
            offend(path, 1, "nobody includes this header")


def check_fuzz_targets():
    """TRUST.md names a fuzz target for every parser: each is there, with something in its corpus."""
    path = ROOT / "TRUST.md"
    rows = [(number, line.strip("|\n ").split("|")) for number, line in
            enumerate(path.read_text(encoding="utf-8").split("\n"), 1) if line.startswith("|")]
    start = next((number for number, cells in rows if cells[-1].strip() == "fuzz target"), None)
    if start is None:
        offend(path, 1, "the table of fuzz targets is gone")
        return
    following = {number: cells for number, cells in rows}
    number = start + 2
    while number in following:
        _, parser, targets = following[number]
        cell = parser if targets.strip() == "the same names" else targets
        for name in re.findall(r"`([^`]+)`", cell):
            name = name.split("/")[-1]
            if not (ROOT / f"tests/fuzz/{name}_fuzz.c").exists():
                offend(path, number, f"{name}: no such fuzz target")
            elif not any((ROOT / "tests/fuzz/corpus" / name).glob("*")):
                offend(path, number, f"{name}: no corpus")
        number += 1


def check_top_level():
    allowed = {"firmware", "assets", "board", "tests", "toolchain.cmake", "Makefile", "README.md", "LICENSE",
               "CHANGELOG.md", "publiccode.yml", "DESIGN.md", "SPEC.md", "TRUST.md", ".gitignore",
               ".clang-format", ".clang-tidy", ".ci"}
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True, check=True)
    for name in sorted({line.split("/")[0] for line in listed.stdout.splitlines()} - allowed):
        offend(ROOT / name, 1, "does not belong at the top level")


def main():
    for path in sorted(list(FIRMWARE.rglob("*.[ch]")) + list((ROOT / "tests").rglob("*.[ch]"))):
        lines = path.read_text(encoding="utf-8").split("\n")
        if lines and lines[-1] == "":
            lines.pop()
        check_header(path, lines)
        check_functions(path, lines)
        check_style(path, lines)
        if path.is_relative_to(FIRMWARE):
            check_includes(path, lines)
    check_used_phrases(check_phrases())
    check_dead_files()
    check_fuzz_targets()
    check_top_level()
    for offence in offences:
        print(offence)
    print(f"{len(offences)} offences")
    return 1 if offences else 0


sys.exit(main())
