"""The shipment procedure from the command line, between two organisations and two authorities."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation import clock
from kitaran.foundation.errors import InputError

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FACILITY = """\
facility: works-1
name: Example works
operator: {operator}
economy: KOR
activities: [store, recycle]
"""
PERMIT = """\
facility: works-1
permit: permit-1
number: F-105
authority: Ministry
activities: [store, recycle]
valid_from: 2020-01-01
"""
NOTIFICATION = """\
importer: {importer}
facility: works-1
activity: recycle
route: {{export: THA, destination: KOR, mode: sea}}
goods: {{kind: ev_pack, chemistry: NMC, condition: non_functional, purpose: recycling, waste_code: A1181}}
procedure: basel_pic
quantity_kg: 1000
shipments: 2
first_departure: 2026-03-10
last_departure: 2026-12-31
"""


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    def run(*words: str, days: float = 0) -> dict[str, Any]:
        with clock.replaced(BEGAN + timedelta(days=days)):
            done = CliRunner().invoke(build(), [*words, "--workspace", str(tmp_path / "work"), "--json"])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return run


def test_a_shipment_is_notified_consented_sent_received_and_certified(ask: Any, tmp_path: Path) -> None:
    def add(name: str, role: str, economy: str) -> str:
        return str(ask("parties", "add", name, "--role", role, "--economy", economy)["operator"])

    def write(name: str, text: str) -> str:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    exporter, recycler = add("Exporter", "operator", "THA"), add("Recycler", "recycler", "KOR")
    thai, korean = add("Thai authority", "authority", "THA"), add("Korean authority", "authority", "KOR")
    customs = add("Korean customs", "officer", "KOR")
    ask("parties", "record", "facility_registered", write("f.yaml", FACILITY.format(operator=recycler)))
    ask("parties", "record", "permit_granted", write("p.yaml", PERMIT))
    ask("custody", "begin", "battery/p1", "--mass-kg", "400", "--operator", exporter)
    file = write("n.yaml", NOTIFICATION.format(importer=recycler))
    number = ask("movement", "notify", file, "--operator", exporter)["notification"]
    for who, economy in ((thai, "THA"), (korean, "KOR")):
        said = (number, "--economy", economy, "--operator", who)
        ask("movement", "acknowledge", *said)
        ask("movement", "consent", *said, "--until", "2026-12-31", "--condition", "By sea only")
    span = ("--departs", "2026-03-20T08:00Z", "--arrives-by", "2026-03-30T08:00Z")
    moved = ask(
        *("movement", "announce", number, "--mass-kg", "400", "--item", "battery/p1", *span),
        *("--operator", exporter),
    )["movement"]
    ask("movement", "start", moved, "--mass-kg", "400", "--operator", exporter, days=18)
    finding = ("--economy", "KOR", "--finding", "passed", "--operator", customs)
    ask("movement", "border", moved, *finding, days=25)
    arrived = ("--mass-kg", "399.5", "--arrived", "2026-03-29T06:00Z", "--operator", recycler)
    ask("movement", "receive", moved, *arrived, days=27)
    done = ("--mass-kg", "399.5", "--recovered-kg", "280", "--on", "2026-04-20", "--operator", recycler)
    ask("movement", "complete", moved, *done, days=60)
    told = ask("movement", "status", moved, "--operator", exporter, days=60)
    assert (told["state"], told["recovered_kg"], told["items"]) == ("completed", "280", ["battery/p1"])
    left = ask("movement", "status", number, "--operator", thai, days=60)["quantity"]
    assert (left["left_kg"], left["shipments_left"]) == ("600", 1)
    there = ("--workspace", str(tmp_path / "work"))
    words = CliRunner().invoke(build(), ["movement", "status", moved, *there]).stdout
    assert words.startswith(f"{moved}: COMPLETED\n")
    assert "missing" not in words
    assert "MAY MOVE" not in words
    words = CliRunner().invoke(build(), ["movement", "status", number, *there]).stdout
    missing, later = words.split("Comes later: ")
    for one in ("movement_document", "receipt_certificate"):
        assert (one in later, one in missing) == (True, False)
    listed = ask("movement", "status", days=60)
    assert [one["movement"] for one in listed["movements"]] == [moved]
    question = write("q.yaml", "economy: KOR\nquestion: Which vessel?\n")
    ask("movement", "record", "questioned", f"notification/{number}", question, "--operator", korean, days=61)
    asked = ask("movement", "status", number, "--operator", exporter, days=61)
    assert asked["next"][0]["what"] == "answer"


def test_lists_are_loaded_told_and_dropped(ask: Any, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "list,date,kind,subject,value,reason\nown,2026-01-05,sanctions,name,Somebody,asset freeze\n",
        encoding="utf-8",
    )
    assert ask("movement", "load-list", str(path)) == {"lists": {"own": 1}}
    assert ask("movement", "lists")["lists"][0]["date"] == "2026-01-05"
    assert ask("movement", "drop-list", "own") == {"list": "own", "rows": 1}


def test_a_file_that_is_no_bundle_is_told_broken(tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text("{}", encoding="utf-8")
    done = CliRunner().invoke(build(), ["movement", "read-bundle", str(path), "--json"])
    assert done.exit_code == 3
    assert json.loads(done.stdout)["evidence"]["intact"] is False
    missing = CliRunner().invoke(build(), ["movement", "read-bundle", str(tmp_path / "none.json")])
    assert isinstance(missing.exception, InputError)
