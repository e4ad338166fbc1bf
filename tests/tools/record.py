# SPDX-License-Identifier: EUPL-1.2
#
# What was said to the hub and what it answered, held to its contract afterwards.
import json
import re
import threading

from openapi import Check, Document


class Record:
    def __init__(self, document):
        self.document = Document(document)
        self.lines = []
        self.lock = threading.Lock()

    def add(self, line, is_wrong=False):
        """`is_wrong`: the request broke the contract on purpose; only its answer is held to it."""
        with self.lock:
            self.lines.append((line, is_wrong))

    def operations(self):
        """(operationId, method, path template, operation) of all the document offers."""
        for template, item in self.document.root["paths"].items():
            for method, operation in item.items():
                if isinstance(operation, dict) and "operationId" in operation:
                    yield operation["operationId"], method.upper(), template, operation

    def operation_of(self, line):
        found = self.document.operation(line["method"].lower(), line["path"].partition("?")[0])
        return found[2] if found else None

    def seen(self):
        """How often each (operationId, answer of the document) was there."""
        counts = {}
        for line, _ in self.lines:
            operation = self.operation_of(line)
            if operation is not None:
                status = str(line["status"])
                answer = status if status in operation["responses"] else "default"
                counts[operation["operationId"], answer] = counts.get((operation["operationId"], answer), 0) + 1
        return counts

    def problems(self):
        """Every (status, code) that was told."""
        return {(line["status"], line["response_body"]["code"]) for line, _ in self.lines if line["status"] >= 400}

    def problem_table(self):
        """The (status, code) pairs of the table in the document's own words."""
        words = self.document.at("#/components/schemas/Problem")["properties"]["code"]["description"]
        return {(int(status), code.strip())
                for row in re.findall(r"^\| ([\d, ]+) \| ([a-z_, ]+) \|", words, re.MULTILINE)
                for status in row[0].split(",") for code in row[1].split(",")}

    def event_errors(self, name, data):
        return list(self.document.errors(self.document.root["paths"]["/v1/locations/{location}/events"]["get"]
                                         ["x-events"][name], "response", data))

    def violations(self):
        found = []
        for line, is_wrong in self.lines:
            check = Check(self.document, line)
            operation = self.operation_of(line)
            if not is_wrong:
                check.run()
            elif operation is not None:
                check.response(operation)
            problem = line["status"] >= 400
            if problem and not line["response_headers"].get("Content-Type", "").startswith("application/problem+json"):
                check.wrong("/response_headers", "a refusal that is no problem document")
            if problem:
                schema = self.document.at("#/components/schemas/Problem")
                for where, words in self.document.errors(schema, "response", line["response_body"]):
                    check.wrong("/response_body" + where, words)
                if line["response_body"].get("status") != line["status"]:
                    check.wrong("/response_body/status", "is not the status of the answer")
            if is_wrong and not problem:
                check.wrong("/status", "a request against the contract was granted")
            found += [f"{line['method']} {line['path']} {line['status']}: {where}: {words[:300]}"
                      f" {json.dumps(line.get('request_body'))[:200]}" for where, words in check.violations]
        return found
