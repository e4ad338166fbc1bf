# SPDX-License-Identifier: EUPL-1.2
#
# The tool that holds conversations to OpenAPI documents must itself see what is wrong: good and bad
# lines against two of the real documents, one of 3.0 and one of 3.1.
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(os.environ.get("INLOOP_ROOT", pathlib.Path(__file__).parents[2]))
SPECS = pathlib.Path(os.environ.get("INLOOP_SHARED", ROOT / "../shared")) / "specs"
sys.path.insert(0, str(ROOT / "tests/tools"))
import openapi  # noqa: E402

UUID = "0b6ffb5c-7c1c-4f0e-9d53-1f6b3d0a6a01"
BASE = "https://zaken.example.test/zaken/api/v1"

STATUS = {
    "url": f"{BASE}/statussen/{UUID}", "uuid": UUID, "zaak": f"{BASE}/zaken/{UUID}",
    "statustype": f"https://catalogi.example.test/catalogi/api/v1/statustypen/{UUID}",
    "datumStatusGezet": "2026-11-20T09:00:00Z", "statustoelichting": "",
    "indicatieLaatstGezetteStatus": True, "gezetdoor": None, "zaakinformatieobjecten": [],
}
STATUSES = {"method": "GET", "path": "/zaken/api/v1/statussen", "query": {"page": 1}, "status": 200,
            "response_body": {"count": 1, "next": None, "previous": None, "results": [STATUS]}}
ROLE_REQUEST = {
    "zaak": f"{BASE}/zaken/{UUID}", "betrokkeneType": "natuurlijk_persoon",
    "roltype": f"https://catalogi.example.test/roltypen/{UUID}", "roltoelichting": "aanvrager",
    "betrokkeneIdentificatie": {"voornamen": "Noor"},
}
ROLE = {"method": "POST", "path": "/zaken/api/v1/rollen", "request_headers": {"Content-Type": "application/json"},
        "request_body": ROLE_REQUEST, "status": 201}
PERSON = {
    "method": "POST", "path": "/haalcentraal/api/brp/personen", "status": 200,
    "request_body": {"type": "RaadpleegMetBurgerservicenummer", "fields": ["naam.volledigeNaam", "geboorte"],
                     "burgerservicenummer": ["999990019"]},
    "response_body": {
        "type": "RaadpleegMetBurgerservicenummer",
        "personen": [{"naam": {"volledigeNaam": "Noor Haddad"},
                      "geboorte": {"datum": {"type": "Datum", "datum": "1984-02-29",
                                             "langFormaat": "29 februari 1984"}}}]},
}


def with_changes(entry, **changes):
    """A copy in which `a__b__0` is set to a value, or removed with KeyError."""
    changed = copy.deepcopy(entry)
    for path, value in changes.items():
        at = changed
        *steps, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        for step in steps:
            at = at[step]
        if value is KeyError:
            del at[last]
        else:
            at[last] = value
    return changed


class Real(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.zaken = openapi.Document(SPECS / "zaken-1.5.1.yaml")
        cls.brp = openapi.Document(SPECS / "brp-personen-2.7.0.yaml")

    def places(self, document, entry):
        held = openapi.Check(document, entry)
        held.run()
        return [where for where, _ in held.violations]

    def expect(self, document, entry, *places):
        self.assertEqual(self.places(document, entry), list(places))

    def test_good_lines_hold(self):
        for document, entry in ((self.zaken, STATUSES), (self.zaken, ROLE), (self.brp, PERSON)):
            self.expect(document, entry)

    def test_path_outside_the_document_is_refused(self):
        self.expect(self.zaken, with_changes(STATUSES, path="/zaken/api/v1/statusses"), "/path")
        self.expect(self.zaken, with_changes(STATUSES, path="/statussen"), "/path")
        self.expect(self.zaken, with_changes(STATUSES, path="/zaken/api/v1/statussen/"), "/path")

    def test_method_the_path_does_not_know_is_refused(self):
        self.expect(self.zaken, with_changes(STATUSES, method="DELETE"), "/method")

    def test_value_in_the_path_is_checked(self):
        entry = {"method": "GET", "path": "/zaken/api/v1/statussen/17", "status": 404}
        self.expect(self.zaken, entry, "/path/{uuid}")
        self.expect(self.zaken, with_changes(entry, path=f"/zaken/api/v1/statussen/{UUID}"))

    def test_unknown_query_name_is_refused(self):
        self.expect(self.zaken, with_changes(STATUSES, query={"colour": "blue"}), "/query/colour")
        self.expect(self.zaken, with_changes(STATUSES, query="colour=blue"), "/query/colour")
        self.expect(self.zaken, with_changes(STATUSES, path="/zaken/api/v1/statussen?colour=1"), "/query/colour")

    def test_query_values_are_typed(self):
        zaken = {"method": "GET", "path": "/zaken/api/v1/zaken", "status": 200}
        self.expect(self.zaken, with_changes(STATUSES, query={"page": "one"}), "/query/page")
        self.expect(self.zaken, with_changes(STATUSES, query={"page": [1, 2]}), "/query/page")
        self.expect(self.zaken, dict(zaken, query={"startdatum": "23-11-2026"}), "/query/startdatum")
        self.expect(self.zaken, dict(zaken, query={"archiefnominatie": "burn"}), "/query/archiefnominatie")
        self.expect(self.zaken, dict(zaken, query="einddatum__isnull=maybe"), "/query/einddatum__isnull")
        self.expect(self.zaken, dict(zaken, query="einddatum__isnull=true&startdatum=2026-11-23"))

    def test_answer_the_operation_does_not_know_is_refused(self):
        self.expect(self.zaken, with_changes(STATUSES, status=418), "/status")

    def test_answer_is_held_to_its_schema(self):
        results = "/response_body/results/0"
        for changes, place in (
                ({"response_body__count": "1"}, "/response_body/count"),
                ({"response_body__results": KeyError}, "/response_body"),
                ({"response_body__results__0__uuid": "17"}, f"{results}/uuid"),
                ({"response_body__results__0__datumStatusGezet": "2026-11-20"}, f"{results}/datumStatusGezet"),
                ({"response_body__results__0__zaak": "no link"}, f"{results}/zaak"),
                ({"response_body__results__0__zaak": None}, f"{results}/zaak"),
                ({"response_body__results__0__statustype": KeyError}, results),
                ({"response_body": None}, "/response_body")):
            with self.subTest(changes=changes):
                self.expect(self.zaken, with_changes(STATUSES, **changes), place)

    def test_nullable_of_3_0_may_be_null_and_of_its_type_only(self):
        self.expect(self.zaken, with_changes(STATUSES, response_body__next=None))
        self.expect(self.zaken, with_changes(STATUSES, response_body__next="https://x.example.test/?page=2"))
        self.expect(self.zaken, with_changes(STATUSES, response_body__next=2), "/response_body/next")

    def test_answer_without_body_is_not_checked(self):
        self.expect(self.zaken, with_changes(STATUSES, response_body=KeyError))

    def test_content_type_is_held_to_the_document(self):
        self.expect(self.zaken, dict(STATUSES, response_headers={"content-type": "application/json; charset=utf-8"}))
        self.expect(self.zaken, dict(STATUSES, response_headers={"content-type": "text/html"}),
                    "/response_headers/Content-Type")

    def test_read_only_members_need_not_be_sent_but_must_be_answered(self):
        self.assertIn("url", self.zaken.at("#/components/schemas/Status/required"))
        self.expect(self.zaken, {
            "method": "POST", "path": "/zaken/api/v1/statussen", "status": 201,
            "request_body": {key: STATUS[key] for key in ("zaak", "statustype", "datumStatusGezet")},
            "response_body": {key: STATUS[key] for key in STATUS if key != "url"}}, "/response_body")

    def test_discriminator_of_3_0_chooses_one_variant(self):
        self.expect(self.zaken, with_changes(ROLE, request_body__betrokkeneType="ghost"),
                    "/request_body/betrokkeneType")
        self.expect(self.zaken, with_changes(ROLE, request_body__betrokkeneType=KeyError), "/request_body")
        self.expect(self.zaken, with_changes(ROLE, request_body__betrokkeneIdentificatie__voornamen=7),
                    "/request_body/betrokkeneIdentificatie/voornamen")

    def test_discriminator_of_3_1_chooses_one_variant(self):
        date = "response_body__personen__0__geboorte__datum"
        place = "/response_body/personen/0/geboorte/datum"
        self.expect(self.brp, with_changes(PERSON, **{f"{date}__datum": "29-02-1984"}), f"{place}/datum")
        self.expect(self.brp, with_changes(PERSON, **{f"{date}__langFormaat": KeyError}), place)
        self.expect(self.brp, with_changes(PERSON, **{f"{date}__type": "Feestdag"}), f"{place}/type")
        self.expect(self.brp, with_changes(PERSON, request_body__type="ZoekMetHoroscoop"), "/request_body/type")

    def test_request_is_held_to_its_schema(self):
        self.expect(self.brp, with_changes(PERSON, request_body__burgerservicenummer=["12"]),
                    "/request_body/burgerservicenummer/0")
        self.expect(self.brp, with_changes(PERSON, request_body__burgerservicenummer=KeyError), "/request_body")
        self.expect(self.brp, with_changes(PERSON, request_body__fields=[]), "/request_body/fields")

    def test_body_where_none_is_taken_is_refused(self):
        self.expect(self.zaken, with_changes(STATUSES, request_body={}), "/request_body")

    def test_line_without_its_parts_is_refused(self):
        self.expect(self.zaken, {"method": "GET"}, "/path", "/status")
        self.expect(self.zaken, [], "")


class Program(unittest.TestCase):
    def run_tool(self, lines, spec="brp-personen-2.7.0.yaml"):
        with tempfile.TemporaryDirectory() as folder:
            transcript = pathlib.Path(folder) / "transcript.jsonl"
            transcript.write_text(lines, encoding="utf-8")
            return subprocess.run([sys.executable, str(ROOT / "tests/tools/openapi.py"), "check", str(SPECS / spec),
                                   str(transcript)], capture_output=True, text=True, check=False)

    def test_good_transcript_gives_0(self):
        done = self.run_tool(json.dumps(PERSON) + "\n\n" + json.dumps(PERSON) + "\n")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("2 conversations, 0 violations", done.stdout)

    def test_violation_gives_1_and_is_named_with_its_line(self):
        bad = with_changes(PERSON, request_body__type="ZoekMetHoroscoop")
        done = self.run_tool(json.dumps(PERSON) + "\n" + json.dumps(bad) + "\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("transcript.jsonl:2: POST /haalcentraal/api/brp/personen: /request_body/type: ", done.stdout)

    def test_line_that_is_no_json_gives_1(self):
        done = self.run_tool("{\n")
        self.assertEqual(done.returncode, 1)
        self.assertIn("transcript.jsonl:1: is no JSON", done.stdout)

    def test_empty_transcript_gives_2(self):
        self.assertEqual(self.run_tool("").returncode, 2)
        self.assertEqual(self.run_tool("\n \n").returncode, 2)

    def test_missing_document_gives_2(self):
        self.assertEqual(self.run_tool(json.dumps(PERSON), spec="no-such.yaml").returncode, 2)


if __name__ == "__main__":
    unittest.main()
