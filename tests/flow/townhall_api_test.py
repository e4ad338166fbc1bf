#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# Every request our adapters send and every answer the fictional town gives is held to the official
# OpenAPI documents: runs the flows of the back offices and of the forms with a transcript, then
# checks it per API.
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(os.environ.get("INLOOP_ROOT", "."))
BUILD = pathlib.Path(os.environ.get("INLOOP_BUILD", "build"))
SPECS = pathlib.Path(os.environ.get("INLOOP_SHARED", "../shared")) / "specs"
APIS = {
    "portal": ROOT / "assets/api/portal-1.yaml",
    "klantinteracties": SPECS / "klantinteracties-0.9.0.yaml",
    "brp": SPECS / "brp-personen-2.7.0.yaml",
    "taken": SPECS / "vtb-taken-0.1.0.yaml",
    "zaken": SPECS / "zaken-1.5.1.yaml",
    "open_forms": SPECS / "open-forms-4.0.0-beta.0.yaml",
    "documenten": SPECS / "documenten-1.4.2.yaml",
    "objecten": SPECS / "objecten-2.7.0.yaml",
    "mijntaken": SPECS / "mijntaken-0.1.0.yaml",
}
# What must have been said at least once, or the check proves nothing.
NEEDED = {
    "portal": {200, 403, 404, 410, 422},
    "klantinteracties": {200, 201},
    "brp": {200, 400},
    "taken": {200},
    "zaken": {200},
    "open_forms": {200, 400},
    "documenten": {200, 201},
    "objecten": {200},
    "mijntaken": {200},
}
# Refusals their documents do not describe at every operation that gives them.
UNDESCRIBED = {("taken", 400), ("taken", 404), ("open_forms", 403), ("open_forms", 404)}
# What of our own side must have been sent at least once.
SENT = {("taken", "GET"), ("taken", "PATCH"), ("open_forms", "GET"), ("open_forms", "PUT"), ("open_forms", "POST"),
        ("documenten", "POST"), ("documenten", "PUT"), ("objecten", "POST"), ("mijntaken", "POST")}
# The two registers that take a person's number in an address and offer nothing else (TRUST.md).
NUMBERED = {"taken", "klantinteracties"}
# Asked by party: these never learn the number at all.
UNNUMBERED = {"mijntaken", "open_forms"}
FLOWS = ("flow_backoffice_townhall_test", "flow_forms_source_test")


def usable(schema):
    """The document without what no checker can follow: a schema on another site, and `oneOf` where
    a discriminator chooses and the variants share their fields, so that more than one fits."""
    if isinstance(schema, list):
        return [usable(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str) and not schema["$ref"].startswith("#"):
        return {}
    made = {key: usable(value) for key, value in schema.items()}
    if "discriminator" in made and "oneOf" in made:
        made["anyOf"] = made.pop("oneOf")
    return made


class Loader(yaml.SafeLoader):
    """Dates stay texts."""


Loader.yaml_implicit_resolvers = {
    first: [each for each in rules if each[0] != "tag:yaml.org,2002:timestamp"]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def check(api, lines, folder):
    said = folder / f"{api}.jsonl"
    said.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    document = folder / f"{api}.json"
    with open(APIS[api], encoding="utf-8") as source:
        document.write_text(json.dumps(usable(yaml.load(source, Loader=Loader))), encoding="utf-8")
    missing = NEEDED[api] - {line["status"] for line in lines}
    if missing:
        print(f"{api}: never answered {sorted(missing)}")
        return False
    tool = ROOT / "tests/tools/openapi.py"
    return subprocess.run(["/usr/bin/python3", tool, "check", document, said], check=False).returncode == 0


def names_nobody(lines):
    """A person's number in an address stands in every log on the way."""
    residents = json.loads((ROOT / "assets/demo/townhall/residents.json").read_text(encoding="utf-8"))["residents"]
    numbers = [resident["bsn"] for resident in residents]
    told = {line["api"] for line in lines
            if any(number in f"{line['path']}?{line['query']}" for number in numbers)} - NUMBERED
    told |= {line["api"] for line in lines if line["api"] in UNNUMBERED
             and any(number in json.dumps(line["request_body"]) for number in numbers)}
    if told:
        print(f"a person's number was told to {sorted(told)}")
    return not told


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        transcript = folder / "transcript.jsonl"
        for name in FLOWS:
            flow = subprocess.run([BUILD / "tests" / name], check=False, stdout=subprocess.DEVNULL,
                                  env=os.environ | {"INLOOP_TRANSCRIPT": str(transcript)})
            if flow.returncode != 0:
                print(f"{name} itself failed")
                return 1
        lines = [json.loads(line) for line in transcript.read_text(encoding="utf-8").splitlines()]
        unsent = SENT - {(line["api"], line["method"]) for line in lines}
        if unsent:
            print(f"never sent: {sorted(unsent)}")
            return 1
        if not names_nobody(lines):
            return 1
        lines = [line for line in lines if (line["api"], line["status"]) not in UNDESCRIBED]
        results = [check(api, [line for line in lines if line["api"] == api], folder) for api in APIS]
        return 0 if all(results) else 1


sys.exit(main())
