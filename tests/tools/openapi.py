#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
#
# Holds recorded HTTP conversations to an OpenAPI 3.0 or 3.1 document:
#   openapi.py check SPEC.yaml TRANSCRIPT.jsonl
# One conversation a line: {"method", "path", "query"?, "request_headers"?, "request_body"?,
# "status", "response_headers"?, "response_body"?}. The path includes the prefix of the document's
# `servers`; the query is a text, an object (a list for a repeated name) or a list of pairs; bodies
# are parsed JSON, or a text where the content is not JSON. A response_body that is left out is not
# checked. Exit: 0 all hold, 1 violations (each printed with line and JSON pointer), 2 nothing to
# check or no such document.
import json
import pathlib
import re
import sys
from urllib.parse import parse_qsl, unquote, urlsplit

import jsonschema
import yaml
from jsonschema.exceptions import best_match

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
# The document says so (OpenAPI 3.x, Parameter Object): these are no parameters even when listed.
IGNORED_HEADERS = ("accept", "content-type", "authorization")
DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
FORMATS = {
    "date": rf"{DATE}",
    "date-time": rf"{DATE}[Tt]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)",
    "uuid": r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}",
    "duration": r"P(?=.)(\d+[YMWD])*(T(?=.)(\d+(\.\d+)?[HMS])+)?",
    "email": r"[^@\s]+@[^@\s]+",
    # Django services say "no link" with the empty text in a field of this format.
    "uri": r"|[A-Za-z][A-Za-z0-9+.-]*:\S+",
    "urn": r"|urn:[A-Za-z0-9][A-Za-z0-9-]*:\S+",
}


class YamlLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML 1.2's JSON types: dates stay texts, and only true and false are booleans."""


YamlLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers
            if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in YamlLoader.yaml_implicit_resolvers.items()
}
YamlLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(true|True|TRUE|false|False|FALSE)$"),
                                 list("tTfF"))


class Unusable(Exception):
    """The document or the transcript cannot be used at all."""


FORMAT_CHECKER = jsonschema.FormatChecker(formats=())
for format_name, format_pattern in FORMATS.items():
    FORMAT_CHECKER.checks(format_name)(
        lambda value, pattern=re.compile(format_pattern): not isinstance(value, str) or
        pattern.fullmatch(value) is not None)


class Document:
    def __init__(self, path):
        try:
            self.root = yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), Loader=YamlLoader)
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise Unusable(f"{path}: {error}") from error
        if not isinstance(self.root, dict) or not re.match(r"3\.[01]\.", str(self.root.get("openapi"))):
            raise Unusable(f"{path}: is not OpenAPI 3.0 or 3.1")
        self.is_30 = str(self.root["openapi"]).startswith("3.0.")
        self.components = {}
        self.validators = {}
        self.judges = {mode: self.judge(mode) for mode in ("request", "response")}

    def at(self, ref):
        if not isinstance(ref, str) or not ref.startswith("#/"):
            raise Unusable(f"{ref}: only references inside the document are known")
        value = self.root
        for step in ref[2:].split("/"):
            step = unquote(step).replace("~1", "/").replace("~0", "~")
            try:
                value = value[int(step)] if isinstance(value, list) else value[step]
            except (KeyError, IndexError, ValueError, TypeError):
                raise Unusable(f"{ref}: refers to nothing") from None
        return value

    def resolved(self, value):
        seen = set()
        while isinstance(value, dict) and "$ref" in value:
            if value["$ref"] in seen:
                raise Unusable(f"{value['$ref']}: refers to itself")
            seen.add(value["$ref"])
            value = self.at(value["$ref"])
        return value

    # Schemas become JSON Schema 2020-12. `mode` is "request" or "response": what is read-only need
    # not be sent, what is write-only need not be answered.

    def component(self, ref, mode, is_plain):
        if not isinstance(ref, str) or not ref.startswith("#"):
            return True  # a schema on another site: nothing to hold anyone to
        key = (ref, mode, is_plain)
        if key not in self.components:
            self.components[key] = self.schema(self.at(ref), mode, is_plain)
        return self.components[key]

    def schema(self, source, mode, is_plain=False):
        """`is_plain`: without its discriminator, as a variant's base that must not choose again."""
        if isinstance(source, bool):
            return source
        if not isinstance(source, dict):
            raise Unusable(f"a schema is no object: {source!r}")
        made = {key: value for key, value in source.items()
                if key not in ("$ref", "discriminator", "nullable", "example", "examples", "xml", "externalDocs")}
        if "$ref" in source:
            # In 3.0 nothing beside a reference counts; in 3.1 all of it does.
            made = {} if self.is_30 else made
            made["x-follow"] = [source["$ref"], is_plain]
        for key in ("properties", "patternProperties", "$defs", "dependentSchemas"):
            if isinstance(made.get(key), dict):
                made[key] = {name: self.schema(child, mode) for name, child in made[key].items()}
        for key in ("items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else",
                    "unevaluatedItems", "unevaluatedProperties"):
            if isinstance(made.get(key), (dict, bool)):
                made[key] = self.schema(made[key], mode)
        for key in ("oneOf", "anyOf", "prefixItems"):
            if key in made:
                made[key] = [self.schema(child, mode) for child in made[key]]
        if "allOf" in made:
            made["allOf"] = [self.schema(child, mode, is_plain=True) for child in made["allOf"]]
        self.require(made, source, mode)
        self.modernise(made)
        if "discriminator" in source and not is_plain:
            self.discriminate(made, source)
        return self.nullable(made) if source.get("nullable") is True and self.is_30 else made

    def require(self, made, source, mode):
        hidden = "readOnly" if mode == "request" else "writeOnly"
        if isinstance(made.get("required"), list):
            properties = source.get("properties", {})
            made["required"] = [name for name in made["required"]
                                if not self.is_marked(properties.get(name), hidden)]

    def is_marked(self, source, mark):
        if not isinstance(source, dict):
            return False
        parts = [source, self.resolved(source)] + [self.resolved(part) for part in source.get("allOf", ())]
        return any(isinstance(part, dict) and part.get(mark) is True for part in parts)

    def modernise(self, made):
        for limit, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
            if isinstance(made.get(exclusive), bool):
                if made.pop(exclusive) and limit in made:
                    made[exclusive] = made.pop(limit)
        if "pattern" in made:
            try:
                re.compile(made["pattern"])
            except re.error:
                del made["pattern"]  # a dialect that this tool does not speak proves nothing

    @staticmethod
    def nullable(made):
        if isinstance(made.get("type"), str) and not {"x-follow", "allOf", "anyOf", "oneOf", "not"} & set(made):
            made["type"] = [made["type"], "null"]
            if "enum" in made and None not in made["enum"]:
                made["enum"] = made["enum"] + [None]
            return made
        return {"anyOf": [{"type": "null"}, made]}

    def discriminate(self, made, source):
        discriminator = source["discriminator"]
        name = discriminator["propertyName"]
        variants = source.get("oneOf", source.get("anyOf", ()))
        refs = [variant["$ref"] for variant in variants if "$ref" in variant]
        mapping = {ref.rsplit("/", 1)[-1]: ref for ref in refs}
        for value, ref in (discriminator.get("mapping") or {}).items():
            mapping[value] = ref if "/" in ref or "#" in ref else f"#/components/schemas/{ref}"
        if not mapping:
            return
        # The value chooses one variant; trying them all would blame the visitor for the wrong one.
        made.pop("oneOf", None)
        made.pop("anyOf", None)
        chosen = [{"if": {"type": "object", "properties": {name: {"const": value}}, "required": [name]},
                   "then": {"x-follow": [ref, False]}} for value, ref in mapping.items()]
        known = {"type": "object", "properties": {name: {"enum": list(mapping)}}, "required": [name]}
        # A base names only some of its variants; whatever else its name is, it must be a schema.
        if not variants:
            known["properties"][name]["enum"] += list(self.root.get("components", {}).get("schemas", {}))
        made["allOf"] = made.get("allOf", []) + [known] + chosen

    def judge(self, mode):
        """The kind of validator that follows references into this document."""
        def follow(validator, where, instance, _schema):
            ref, is_plain = where
            yield from validator.descend(instance, self.component(ref, mode, is_plain))
        return jsonschema.validators.extend(jsonschema.Draft202012Validator, {"x-follow": follow})

    def errors(self, source, mode, instance):
        key = (id(source), mode)  # the document keeps every source alive
        if key not in self.validators:
            self.validators[key] = self.judges[mode](self.schema(source, mode), format_checker=FORMAT_CHECKER)
        seen = set()  # a variant and its base may say the same
        for error in self.validators[key].iter_errors(instance):
            deepest = best_match([error])
            said = (pointer(deepest.absolute_path), deepest.message)
            if said not in seen:
                seen.add(said)
                yield said

    # Paths and operations.

    def operation(self, method, path):
        """The best template, its operation and the values in the path; None where there is none."""
        found = []
        for template, item in self.root.get("paths", {}).items():
            item = self.resolved(item)
            names = re.findall(r"{([^}]+)}", template)
            pattern = "".join("([^/]+)" if part.startswith("{") else re.escape(part)
                              for part in re.split(r"({[^}]+})", template))
            operation = item.get(method)
            servers = (operation or {}).get("servers") or item.get("servers") or self.root.get("servers")
            for prefix in prefixes(servers):
                match = re.fullmatch(re.escape(prefix) + pattern, path)
                if match:
                    found.append((len(names), template, item, dict(zip(names, map(unquote, match.groups())))))
        if not found:
            return None
        _, template, item, values = min(found, key=lambda each: each[0])
        return template, item, item.get(method), values

    def parameters(self, item, operation):
        merged = {}
        for source in list(item.get("parameters", ())) + list(operation.get("parameters", ())):
            parameter = self.resolved(source)
            merged[(parameter["in"], parameter["name"])] = parameter
        return merged


def prefixes(servers):
    for server in servers or [{"url": "/"}]:
        url = server.get("url", "/")
        for name, variable in (server.get("variables") or {}).items():
            url = url.replace("{" + name + "}", str(variable.get("default", "")))
        yield urlsplit(url).path.rstrip("/")


def pointer(path):
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def query_pairs(query):
    if query is None:
        return []
    if isinstance(query, str):
        return parse_qsl(query.lstrip("?"), keep_blank_values=True)
    if isinstance(query, dict):
        query = [(name, value) for name, values in query.items()
                 for value in (values if isinstance(values, list) else [values])]
    if not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in query):
        raise ValueError("query must be a text, an object or pairs")
    return [(str(name), text_of(value)) for name, value in query]


def text_of(value):
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def typed(text, kind):
    """A text of a URL as the JSON value its schema speaks of; the text itself where it is none."""
    kinds = kind if isinstance(kind, list) else [kind]
    if "integer" in kinds and re.fullmatch(r"-?\d+", text):
        return int(text)
    if "number" in kinds and re.fullmatch(r"-?\d+(\.\d+)?([eE][+-]?\d+)?", text):
        return float(text)
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    return text


class Check:
    """One line of a transcript against the document; collects what is wrong with it."""

    def __init__(self, document, entry):
        self.document = document
        self.entry = entry
        self.violations = []

    def wrong(self, where, words):
        self.violations.append((where, words))

    def run(self):
        entry = self.entry
        if not isinstance(entry, dict):
            return self.wrong("", "a line must be an object")
        for name, kind in (("method", str), ("path", str), ("status", int)):
            if not isinstance(entry.get(name), kind) or isinstance(entry.get(name), bool):
                self.wrong("/" + name, "is missing or of another type")
        if self.violations:
            return None
        path, _, inline_query = entry["path"].partition("?")
        found = self.document.operation(entry["method"].lower(), path)
        if found is None:
            return self.wrong("/path", f"{path}: no path of the document")
        template, item, operation, values = found
        if operation is None or entry["method"].lower() not in METHODS:
            return self.wrong("/method", f"{template} knows no {entry['method']}")
        self.parameters(self.document.parameters(item, operation), values, inline_query)
        self.request(operation)
        self.response(operation)
        return None

    def parameters(self, parameters, values, inline_query):
        for name, value in values.items():
            if ("path", name) in parameters:
                self.value(parameters["path", name], [value], f"/path/{{{name}}}")
        try:
            pairs = query_pairs(self.entry.get("query")) + query_pairs(inline_query)
        except ValueError as error:
            return self.wrong("/query", str(error))
        given = {}
        for name, value in pairs:
            name = name if ("query", name) in parameters else name.split("[", 1)[0]
            given.setdefault(name, []).append(value)
        for name, texts in given.items():
            if ("query", name) not in parameters:
                self.wrong(f"/query/{name}", "no such query parameter")
            else:
                self.value(parameters["query", name], texts, f"/query/{name}")
        for (place, name), parameter in parameters.items():
            if place == "query" and parameter.get("required") and name not in given:
                self.wrong(f"/query/{name}", "is required")
        return self.headers(parameters)

    def headers(self, parameters):
        if not isinstance(self.entry.get("request_headers"), dict):
            return
        given = {name.lower(): text_of(value) for name, value in self.entry["request_headers"].items()}
        for (place, name), parameter in parameters.items():
            if place != "header" or name.lower() in IGNORED_HEADERS:
                continue
            if name.lower() in given:
                self.value(parameter, [given[name.lower()]], f"/request_headers/{name}")
            elif parameter.get("required"):
                self.wrong(f"/request_headers/{name}", "is required")

    def value(self, parameter, texts, where):
        if "content" in parameter or parameter.get("style") == "deepObject":
            return  # serialised in ways that nobody here uses
        schema = parameter.setdefault("schema", {})
        shape = self.document.resolved(schema)
        kind = shape.get("type")
        if kind == "array" or isinstance(kind, list) and "array" in kind:
            # A list is told either way by real services: repeated names, or commas.
            explodes = parameter.get("explode", parameter["in"] == "query")
            parts = texts if explodes and len(texts) > 1 else ",".join(texts).split(",")
            items = self.document.resolved(shape.get("items", {}))
            instance = [typed(part, items.get("type")) for part in parts]
        elif len(texts) > 1:
            return self.wrong(where, "is given more than once")
        else:
            instance = typed(texts[0], kind)
        for at, words in self.document.errors(schema, "request", instance):
            self.wrong(where + at, words)
        return None

    def request(self, operation):
        body = self.document.resolved(operation.get("requestBody"))
        given = self.entry.get("request_body")
        if body is None:
            if given is not None:
                self.wrong("/request_body", "this operation takes no body")
        elif given is None:
            if body.get("required"):
                self.wrong("/request_body", "is required")
        else:
            self.body(body.get("content", {}), given, "request")

    def response(self, operation):
        responses = operation.get("responses", {})
        by_code = {str(code).upper(): answer for code, answer in responses.items()}
        status = str(self.entry["status"])
        answer = by_code.get(status, by_code.get(status[:1] + "XX", by_code.get("DEFAULT")))
        if answer is None:
            return self.wrong("/status", f"{status} is no answer of this operation")
        content = self.document.resolved(answer).get("content") or {}
        given = self.entry.get("response_body")
        if given is None and ("response_body" not in self.entry or not content):
            return None
        if not content:
            return self.wrong("/response_body", f"{status} has no body")
        return self.body(content, given, "response")

    def body(self, content, given, mode):
        headers = self.entry.get(f"{mode}_headers")
        headers = headers if isinstance(headers, dict) else {}
        said = next((text_of(value) for name, value in headers.items() if name.lower() == "content-type"), None)
        offered = {media_type(name): media for name, media in content.items()}
        where = f"/{mode}_body"
        if said is not None and not any(media_matches(name, media_type(said)) for name in offered):
            return self.wrong(f"/{mode}_headers/Content-Type", f"{said}: none of {', '.join(offered)}")
        fitting = [(name, media) for name, media in offered.items()
                   if said is None or media_matches(name, media_type(said))]
        # Several kinds of content for one text: without a header, one that holds is enough.
        best = None
        for name, media in fitting:
            schema = media.get("schema") if isinstance(media, dict) else None
            if schema is None or (not is_json(name) and isinstance(given, str)):
                return None
            errors = list(self.document.errors(schema, mode, given))
            if not errors:
                return None
            best = errors if best is None else min(best, errors, key=len)
        for at, words in best or ():
            self.wrong(where + at, words)
        return None


def media_type(text):
    return text.split(";", 1)[0].strip().lower()


def media_matches(offered, said):
    return offered in (said, "*/*") or (offered.endswith("/*") and said.startswith(offered[:-1]))


def is_json(name):
    return name in ("application/json", "*/*") or name.endswith("+json")


def check(spec, transcript):
    document = Document(spec)
    try:
        lines = pathlib.Path(transcript).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"{transcript}: {error}") from error
    checked = 0
    violations = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        checked += 1
        try:
            entry = json.loads(line)
        except json.JSONDecodeError as error:
            print(f"{transcript}:{number}: is no JSON: {error}")
            violations += 1
            continue
        held = Check(document, entry)
        held.run()
        label = f"{entry.get('method')} {entry.get('path')}" if isinstance(entry, dict) else "?"
        for where, words in held.violations:
            print(f"{transcript}:{number}: {label}: {where or '/'}: {words[:400]}")
        violations += len(held.violations)
    if checked == 0:
        raise Unusable(f"{transcript}: holds no conversation, so nothing was checked")
    print(f"{checked} conversations, {violations} violations")
    return 1 if violations else 0


def main(arguments):
    if len(arguments) != 4 or arguments[1] != "check":
        print("usage: openapi.py check SPEC.yaml TRANSCRIPT.jsonl", file=sys.stderr)
        return 2
    try:
        return check(arguments[2], arguments[3])
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv))
