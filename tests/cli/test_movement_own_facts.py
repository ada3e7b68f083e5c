"""Own facts of a workspace in the commands: only where they are named, and named in the answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kitaran.cli import data, movement
from kitaran.foundation.errors import WorkspaceError
from kitaran.foundation.workspace import Workspace
from kitaran.law.own_facts import COLUMNS

FACT = {
    "id": "tested-packs",
    "cc": "TH",
    "role": "import",
    "applies_to": "used",
    "effect": "note",
    "known_from": "2026-01-01",
    "text": "Tested packs enter",
    "cite": "Letter 12/2569",
    "source": "Letter to the importer",
    "seen": "primary",
    "confidence": "high",
    "entered_by": "DIW desk officer",
    "supersedes": "TH-IMP-3",
}
PROOFS = ("invoice_contract", "test_records", "declaration", "protection", "transport_doc")
CASE = {
    "as_of": "2027-01-10",
    "facts": {
        "item": {"kind": "ev_pack", "chemistry": "NMC", "condition": "functional"},
        "purpose": "direct_reuse",
        "route": {"export": "JP", "import": "TH", "transit": [], "mode": "sea"},
        "evidence": dict.fromkeys(PROOFS, True),
    },
}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    made = Workspace.make(tmp_path / "kitaran-data")
    (made.overrides / "law").mkdir()
    (made.overrides / "law" / "thailand.csv").write_text(table(), encoding="utf-8")
    return made.root


def table(**changes: str) -> str:
    row = {**FACT, **changes}
    return ",".join(COLUMNS) + "\n" + ",".join(row.get(name, "") for name in COLUMNS) + "\n"


def check(folder: Path, *options: str) -> Any:
    path = folder / "case.yaml"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    result = CliRunner().invoke(movement.app, ["check", str(path), "--json", *options])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return json.loads(result.stdout)


def test_own_facts_of_a_named_workspace_decide_and_are_named(workspace: Path) -> None:
    found = check(workspace.parent, "--workspace", str(workspace))
    assert found["card"] == "MAY MOVE"
    assert found["own_tables"] == ["thailand.csv"]
    assert found["own_facts"] == ["thailand.csv by DIW desk officer"]
    assert "+own." in found["facts_version"]


def test_a_workspace_that_is_not_named_changes_nothing(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = check(workspace.parent)
    monkeypatch.chdir(workspace.parent)
    monkeypatch.setenv("KITARAN_WORKSPACE", str(workspace))
    assert check(workspace.parent) == alone
    assert (alone["card"], alone["own_tables"]) == ("ASK THE AUTHORITY", [])


def test_facts_of_a_file_come_after_those_of_the_workspace(workspace: Path) -> None:
    barred = workspace.parent / "barred.csv"
    barred.write_text(table(id="b", effect="bar", supersedes="own/tested-packs"), encoding="utf-8")
    found = check(workspace.parent, "--workspace", str(workspace), "--facts", str(barred))
    assert (found["card"], found["own_tables"]) == ("MUST NOT", ["thailand.csv", "barred.csv"])


def test_a_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError):
        check(tmp_path, "--workspace", str(tmp_path / "nowhere"))


def test_words_name_the_tables_that_were_read(workspace: Path) -> None:
    path = workspace.parent / "case.yaml"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    told = CliRunner().invoke(movement.app, ["check", str(path), "--workspace", str(workspace)]).stdout
    assert "own tables read: thailand.csv; own facts used: thailand.csv by DIW desk officer" in told


def test_the_data_check_finds_a_wrong_row_of_own_facts(workspace: Path) -> None:
    wrong = workspace / "overrides" / "law" / "wrong.csv"
    wrong.write_text(table(cc="ZZ"), encoding="utf-8")
    result = CliRunner().invoke(data.app, ["check", "--workspace", str(workspace), "--json"])
    errors = [found for found in json.loads(result.stdout)["findings"] if found["level"] == "error"]
    assert result.exit_code == 1
    assert [(found["table"], found["line"]) for found in errors] == [("law/wrong", 2)]
