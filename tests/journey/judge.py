# SPDX-License-Identifier: EUPL-1.2
#
# Judges what a tour left behind. judge.py <tour folder>
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from verdict import expect, tell

tour = pathlib.Path(sys.argv[1])
root = pathlib.Path(__file__).resolve().parents[2]
shared = pathlib.Path(os.environ.get("INLOOP_SHARED", root / ".." / "shared"))

transcript = json.loads((tour / "transcript.json").read_text(encoding="utf-8"))
number = transcript["ticket"]["number"]
residents = json.loads((root / "assets/demo/townhall/residents.json").read_text(encoding="utf-8"))["residents"]
private = sorted({word for r in residents for word in (r["geslachtsnaam"], r["bsn"]) if word} |
                 {r["birth"] for r in residents if len(r["birth"]) == 10})

code = subprocess.run(["zbarimg", "--quiet", "--raw", str(tour / "slip.png")], capture_output=True, text=True,
                      check=True).stdout.strip()
expect(code.startswith(f"KQ1:{number}:") and len(code) == 33, f"the slip's code is {code!r}")
expect(transcript["ticket"]["due"] != "", "the counter saw no promise")
expect(transcript["counter_saw"]["assurance"] != "", "the counter saw no assurance")
expect(transcript["counter_saw"]["missing"] != [], "the counter saw nothing missing")
expect(transcript["counter_saw"]["request_id"] == transcript["request"]["id"] != "", "request and context differ")
about = transcript["contact"]["onderwerpobject"]["onderwerpobjectidentificator"]["objectId"]
expect(about == transcript["request"]["id"], "the contact is about something else")


def holds_to(contract, is_of):
    """What the municipality was asked and answered, against its own description."""
    asked = [json.loads(line) for line in (tour / "desk/town.jsonl").read_text(encoding="utf-8").splitlines()]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
        lines.writelines(json.dumps(line) + "\n" for line in asked if is_of(line))
        lines.flush()
        checked = subprocess.run(["/usr/bin/python3", str(root / "tests/tools/openapi.py"), "check",
                                  str(shared / "specs" / contract), lines.name],
                                 capture_output=True, text=True, check=False)
    expect(checked.returncode == 0, f"{contract}: {checked.stdout}{checked.stderr}")


holds_to("klantinteracties-0.9.0.yaml", lambda line: line["path"].endswith("/maak-klantcontact"))
holds_to("vtb-taken-0.1.0.yaml", lambda line: "/formuliertaken/" in line["path"])
holds_to("open-forms-4.0.0-beta.0.yaml",
         lambda line: line["api"] == "open_forms" and line["path"].startswith("/api/v2/"))
holds_to("objecten-2.7.0.yaml", lambda line: line["api"] == "objecten")
holds_to("mijntaken-0.1.0.yaml", lambda line: line["api"] == "mijntaken")
expect(transcript["finished_on_kiosk"]["request_id"] == transcript["request"]["id"],
       "another task was finished than the one the counter saw")

stuck = transcript["asked_counter"]
finished = transcript["finished_at_counter"]
expect(finished["request_id"] == stuck["request_id"] and finished["resumed_step"] > 1,
       "the counter finished another form, or began it again")
expect(stuck["number"] not in ("", number) and stuck["request_id"] != "", "nobody asked the counter with a form half-way")

card = transcript["identified_by_card"]
expect(card["number"] not in ("", number, stuck["number"]), "nobody got a number by card")
expect("echt" in card["checks"] and "niet gekloond" in card["checks"] and "niet vergeleken" in card["checks"],
       f"the counter heard of the card: {card['checks']!r}")

private += [card["can"] for card in (json.loads(path.read_text(encoding="utf-8"))
                                      for path in (tour / "desk/cards").glob("*/card.json")) if card.get("can")]
for log in (tour / "desk").glob("*.log"):
    words = log.read_text(encoding="utf-8", errors="replace")
    for word in private:
        expect(word not in words, f"{log.name} names a resident")

sys.exit(tell())
