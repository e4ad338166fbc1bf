# SPDX-License-Identifier: EUPL-1.2
#
# Holds the hub's document to the programs: the same routes and roles as the hub's table, the same
# codes as link/api.h, and every message the C tests write fits its schema.
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("INLOOP_ROOT", pathlib.Path(__file__).parents[2]))
BUILD = pathlib.Path(os.environ.get("INLOOP_BUILD", ROOT / "build/release"))
sys.path.insert(0, str(ROOT / "tests/tools"))
import openapi  # noqa: E402
import routes  # noqa: E402
from routes import PREFIX  # noqa: E402

SCHEMAS = {
    "api_visit_open_write": "VisitOpen", "api_second_fact_write": "SecondFact", "api_visit_write": "Visit",
    "api_issue_write": "Issue", "api_ticket_write": "IssuedTicket", "api_print_write": "Print",
    "api_call_write": "Call", "api_transition_write": "Transition", "api_context_write": "Context",
    "api_why_write": "Why", "api_session_write": "Session", "api_counter_write": "Counter",
    "api_health_write": "Health", "api_report_write": "Health", "api_orders_write": "HealthAnswer",
    "api_state_write": "State", "api_person_write": "Person",
    "ticket": "EventTicket", "call": "EventCall", "counter": "EventCounter", "service": "EventService",
    "visit": "EventVisit", "day": "EventDay", "form": "EventForm",
    "upload": "EventUpload", "api_upload_open_write": "UploadOpen", "api_upload_write": "Upload",
    "api_uploads_write": "Uploads",
    "api_form_open_write": "FormOpen", "api_form_write": "Form", "api_form_answers_write": "FormAnswers",
    "api_form_saved_write": "FormSaved", "api_form_send_write": "FormSend", "api_form_sent_write": "FormSent",
    "api_form_pen_write": "FormPen", "api_begin_write": "Begin", "api_catalogue_write": "Catalogue",
}
MESSAGES = ("visit", "ticket", "state", "form", "upload", "catalogue", "fleet")  # tests/unit/api_<name>_test.c
NOT_TOLD = {"api_requests_write"}  # the hub's own, for its store


class Document(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = openapi.Document(ROOT / "assets/api/hub-1.yaml")

    def test_routes_and_roles_are_those_of_the_hubs_table(self):
        in_hub = routes.table_of_hub(ROOT)
        self.assertGreater(len(in_hub), 10)
        self.assertEqual(in_hub, routes.table_of_document(self.document))

    def test_codes_are_those_of_the_contract(self):
        header = (ROOT / "firmware/link/api.h").read_text(encoding="utf-8")
        words = re.search(r"Codes are stable words:(.*?)struct api_problem", header, re.S).group(1)
        told = set(self.document.at("#/components/schemas/Problem/properties/code/enum"))
        for code in re.findall(r"\b[a-z]+_[a-z_]+\b|\bfull\b|\bstorage\b|\bunauthorized\b|\bgone\b", words):
            if code not in ("hub_client",):
                self.assertIn(code, told)

    def test_every_code_the_hub_says_is_in_the_document(self):
        told = set(self.document.at("#/components/schemas/Problem/properties/code/enum"))
        said = set()
        for path in (ROOT / "firmware/apps/hub").glob("*.c"):
            source = path.read_text(encoding="utf-8")
            said |= set(re.findall(r"(?:hub_refuse|http_reply_problem|problem_new)\([^;]*?\b\d{3}, \"(\w+)\"", source))
            said |= set(re.findall(r'\{ERR_\w+, \d{3}, "(\w+)"\}', source))
        self.assertGreater(len(said), 10)
        self.assertEqual(said - told, set())

    def test_every_post_needs_a_key(self):
        for path, item in self.document.root["paths"].items():
            if "post" in item and path.startswith(PREFIX):
                named = {self.document.resolved(each)["name"] for each in item["post"]["parameters"]}
                self.assertIn("Idempotency-Key", named, path)

    def samples(self):
        """What the unit tests of the messages put on the line, each with the writer that made it."""
        with tempfile.TemporaryDirectory() as folder:
            samples = pathlib.Path(folder) / "samples.jsonl"
            for name in MESSAGES:
                subprocess.run([BUILD / f"tests/unit_api_{name}_test"], check=True, capture_output=True,
                               env=dict(os.environ, INLOOP_API_SAMPLES=str(samples)))
            return [json.loads(line) for line in samples.read_text(encoding="utf-8").splitlines()]

    def test_every_message_written_fits_its_schema(self):
        lines = self.samples()
        for line in lines:
            if line["writer"] in NOT_TOLD:
                continue
            schema = self.document.at("#/components/schemas/" + SCHEMAS[line["writer"]])
            errors = list(self.document.errors(schema, "response", line["json"]))
            self.assertEqual(errors, [], line["writer"])
        self.assertEqual({line["writer"] for line in lines} - NOT_TOLD, set(SCHEMAS))

    def test_document_and_structs_know_the_same_members(self):
        """A member that the C side writes and the document does not name would go unseen."""
        lines = self.samples()
        written = {}
        for line in lines:
            if line["writer"] not in NOT_TOLD:
                self.collect(SCHEMAS[line["writer"]], line["json"], written)
        for name, members in written.items():
            self.assertEqual(members, set(self.document.at(f"#/components/schemas/{name}/properties")), name)

    def collect(self, name, value, written):
        schema = self.document.at(f"#/components/schemas/{name}")
        written.setdefault(name, set()).update(value)
        for member, child in value.items():
            source = schema.get("properties", {}).get(member, {})
            whole = self.document.resolved(source)
            items = whole.get("items", {})
            for ref, values in ((source.get("$ref"), [child]), (items.get("$ref"), child)):
                for each in values if ref and isinstance(values, list) else ():
                    if isinstance(each, dict):
                        self.collect(ref.rsplit("/", 1)[-1], each, written)


if __name__ == "__main__":
    unittest.main()
