"""The commands of recorded triage, from a file of tests to a withdrawn dispute."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.settings import read_settings
from kitaran.foundation.workspace import Workspace
from kitaran.registry.assembly import open_whole
from kitaran.registry.parties.clicks import kept_hand
from kitaran.registry.passport import service
from kitaran.registry.passport.kinds import item_of

BATTERY = "0123456789ab4def8123456789abcdef"
FILE = "id,chemistry,q_nominal_ah,nominal_v,capacity_test_ah,swollen,leaked,vented,water,crash\n" + (
    "A,LFP,100,51.2,92,0,0,0,0,0\nB,LFP,100,51.2,70,0,0,0,0,0\n"
)


def test_a_result_is_recorded_disputed_and_the_dispute_withdrawn(tmp_path: Path) -> None:
    place = Workspace.make(tmp_path / "work")
    registry = open_whole(place, read_settings(place.settings_file))
    operator = registry.enrolment.add("Keeper", ["repurposer"]).operator
    hand = kept_hand(registry.ledger, registry.kept, operator, operator, "command-line")
    payload = {"battery": BATTERY, "what": "pack", "mass_kg": "44", "chemistry": "LFP", "known_by": "label"}
    service.append(hand, "passport.taken_in", [item_of(BATTERY)], payload)
    registry.engine.dispose()
    tests = tmp_path / "tests.csv"
    tests.write_text(FILE)
    acts = ["--operator", operator]

    def run(*words: str, code: int = 0) -> Any:
        asked = ["triage", *words, "--workspace", str(place.root), "--json"]
        answer = CliRunner().invoke(build(), asked)
        assert (answer.exit_code != 0) == (code != 0), answer.output
        return None if code else json.loads(answer.output)

    run("record", BATTERY, str(tests), "--instrument", "Bench 4", *acts, code=2)
    told = run("record", BATTERY, str(tests), "--row", "A", "--instrument", "Bench 4", *acts)
    assert told["result"]["soh"] == "0.9200"
    doubt = run("dispute", BATTERY, told["receipt"]["id"], "--reason", "The shunt was off.", *acts)
    assert run("history", BATTERY)["results"][0]["state"] == "disputed"
    run("settle", BATTERY, doubt["id"], "withdrawn", *acts)
    assert run("history", BATTERY)["results"][0]["state"] == "stands"
