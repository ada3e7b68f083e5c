"""`kitaran movement papers`: the needed papers in a folder, or the named ones, the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from kitaran.cli import movement
from kitaran.foundation.errors import KitaranError
from tests.law.consignments import consignment

CASE: dict[str, Any] = {
    "as_of": "2026-06-01",
    "facts": {
        "item": {"kind": "ev_pack", "chemistry": "NMC", "condition": "functional", "soc_pct": 30},
        "purpose": "direct_reuse",
        "route": {"export": "JP", "import": "MN", "transit": [], "mode": "sea"},
    },
    "particulars": consignment(3),
}


def run(tmp_path: Path, content: Any, *options: str) -> Any:
    path = tmp_path / "case.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return CliRunner().invoke(movement.app, ["papers", str(path), *options])


def test_the_papers_that_are_needed_are_written_and_listed(tmp_path: Path) -> None:
    answer = run(tmp_path, CASE, "--out", str(tmp_path / "papers"), "--json")
    listed = json.loads(answer.stdout)
    assert listed["card"] == "PAPERS MISSING"
    assert [row["id"] for row in listed["papers"]] == [
        "declaration",
        "test_records",
        "packing_list",
        "dangerous_goods",
    ]
    for row in listed["papers"]:
        assert Path(row["pdf"]).read_bytes().startswith(b"%PDF-")
        assert json.loads(Path(row["json"]).read_text(encoding="utf-8"))["id"] == row["id"]
    assert len(list((tmp_path / "papers").iterdir())) == 8


def test_the_same_case_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run(tmp_path, CASE, "--out", str(tmp_path / name)).exit_code == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_paper_may_be_named_and_a_letter_is_written_for_each_question(tmp_path: Path) -> None:
    answer = run(tmp_path, CASE, "--out", str(tmp_path), "--paper", "letter", "--paper", "movement", "--json")
    names = [row["id"] for row in json.loads(answer.stdout)["papers"]]
    assert names[0] == "letter-1"
    assert names[-1] == "movement"


@pytest.mark.parametrize(
    ("change", "options"),
    [
        ({"particulars": {"items": [{"id": "A", "colour": "red"}]}}, ()),
        ({}, ("--paper", "passport")),
        ({"cases": [CASE]}, ()),
    ],
)
def test_wrong_input_writes_nothing(tmp_path: Path, change: Any, options: tuple[str, ...]) -> None:
    answer = run(tmp_path, {**CASE, **change}, "--out", str(tmp_path / "papers"), *options)
    assert isinstance(answer.exception, KitaranError)
    assert answer.exception.exit_code == 2
    assert not (tmp_path / "papers").exists()
