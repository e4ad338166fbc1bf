# SPDX-License-Identifier: EUPL-1.2
#
# A strict reader of Prometheus' text format 0.0.4: families announced by HELP and TYPE and told in
# one piece, names and labels well formed, no series twice, histograms cumulative and closed.
import math
import re

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"'
SAMPLE = re.compile(rf"({NAME})(?:\{{((?:{LABEL})(?:,{LABEL})*)\}})? (\S+)")
KINDS = ("counter", "gauge", "histogram", "summary", "untyped")
SUFFIXES = {"histogram": ("_bucket", "_sum", "_count")}


class Wrong(Exception):
    """Not the format."""


def parse(text):
    """{family: (kind, {(name, labels): value})}"""
    if not text.endswith("\n"):
        raise Wrong("does not end with a line feed")
    families, current, told = {}, None, set()
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name = re.fullmatch(rf"# HELP ({NAME}) (.+)", line)
            if name is None or name[1] in families:
                raise Wrong(line)
            current, families[name[1]] = name[1], None
        elif line.startswith("# TYPE "):
            kind = re.fullmatch(rf"# TYPE ({NAME}) (\w+)", line)
            if kind is None or kind[1] != current or families[current] is not None or kind[2] not in KINDS:
                raise Wrong(line)
            families[current] = (kind[2], {})
        else:
            sample = SAMPLE.fullmatch(line)
            if sample is None or current is None or families[current] is None:
                raise Wrong(line)
            kind, series = families[current]
            if sample[1] not in [current + end for end in SUFFIXES.get(kind, ("",))]:
                raise Wrong(f"{line}: not of {current}")
            labels = tuple(re.findall(LABEL, sample[2] or ""))
            if len({name for name, _ in labels}) != len(labels) or (sample[1], labels) in told:
                raise Wrong(f"{line}: twice")
            told.add((sample[1], labels))
            number = float(sample[len(sample.groups())])
            if kind == "counter" and not (sample[1].endswith("_total") and number >= 0):
                raise Wrong(f"{line}: no counter")
            series[sample[1], labels] = number
    for name, (kind, series) in families.items():
        if kind == "histogram":
            check_histogram(name, series)
    return families


def check_histogram(name, series):
    buckets = [(float(dict(labels)["le"]), value) for (each, labels), value in series.items() if each == name + "_bucket"]
    counts = [value for _, value in buckets]
    if buckets != sorted(buckets) or counts != sorted(counts) or not math.isinf(buckets[-1][0]):
        raise Wrong(f"{name}: its buckets do not add up")
    if series[name + "_count", ()] != counts[-1] or series[name + "_sum", ()] < 0:
        raise Wrong(f"{name}: its count is not its last bucket's")


def value(families, name, **labels):
    """Of the one series with these labels; others may stand beside them."""
    found = [number for (each, told), number in families[name][1].items()
             if each == name and labels.items() <= dict(told).items()]
    if len(found) != 1:
        raise Wrong(f"{name} {labels}: {len(found)} series")
    return found[0]
