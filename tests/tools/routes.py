# SPDX-License-Identifier: EUPL-1.2
#
# Who may ask what, as the hub's one table and its document say it: {(method, path): roles}, paths
# without the location and with "{}" for a part; a path of no location as it stands.
import re

from openapi import METHODS

PREFIX = "/v1/locations/{location}"


def table_of_hub(root):
    source = (root / "firmware/apps/hub/hub_routes.c").read_text(encoding="utf-8")
    names = dict(re.findall(r"#define (\w+)\s*\\\n\s*\((.*?)\)\n", source))
    table = "".join(re.findall(r"(?:hub|bare)_routes\[\] = \{(.*?)\n\};", source, re.S))
    for name, words in names.items():
        table = table.replace(name, words)
    return {(method, path): {role.lower() for role in re.findall(r"ROLE\(ROLE_(\w+)\)", roles)}
            for method, path, roles in re.findall(r'\{"(\w+)", "([^"]+)", (.*?), hub_\w+\}', table)}


def table_of_document(document):
    return {(method.upper(), re.sub(r"{[^}]+}", "{}", path.removeprefix(PREFIX))): set(operation["x-roles"])
            for path, item in document.root["paths"].items() if path.startswith(PREFIX) or path == "/metrics"
            for method, operation in item.items() if method in METHODS}
