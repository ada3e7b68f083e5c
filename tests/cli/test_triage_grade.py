"""`kitaran triage grade` and `build` as an outside checker runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kitaran.cli import build
from kitaran.foundation.errors import InputError

PROMISED = ["id", "soh", "soh_low", "soh_high", "in_domain", "safety", "grade", "route"]
PROMISED += ["alternatives", "value_usd", "reasons"]
HEADS = "id,chemistry,q_nominal_ah,nominal_v,capacity_test_ah,swollen,leaked,vented,water,crash\n"


@pytest.fixture
def tests(tmp_path: Path) -> Path:
    file = tmp_path / "tests.csv"
    lines = [f"P{number},LFP,100,51.2,92,no,no,no,no,no\n" for number in range(2)]
    file.write_text(HEADS + "".join(lines) + "Q,LFP,100,51.2,92,YES,,,,\n")
    return file


def test_grade_prints_the_promised_fields_and_no_others(tests: Path) -> None:
    answer = CliRunner().invoke(build(), ["triage", "grade", str(tests), "--json"])
    found = json.loads(answer.output)
    assert [list(one) for one in found] == [PROMISED] * 3
    assert [one["grade"] for one in found] == ["reuse", "reuse", "quarantine"]
    assert found[2]["soh"] is None
    whole = CliRunner().invoke(build(), ["triage", "grade", str(tests), "--json", "--account"])
    assert {"emissions_kg", "legal_note", "residual_risk"} <= json.loads(whole.output)[0].keys()


def test_a_fault_of_the_file_names_line_and_column(tests: Path) -> None:
    tests.write_text(HEADS + "P,LFP,many,51.2,92,0,0,0,0,maybe\n")
    answer = CliRunner().invoke(build(), ["triage", "grade", str(tests)])
    assert isinstance(answer.exception, InputError)
    places = [fault.place for fault in answer.exception.faults]
    assert places == ["tests.csv, line 2, column q_nominal_ah", "tests.csv, line 2, column crash"]


def test_build_writes_the_plan_beside_what_it_tells(tests: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.csv"
    asked = ["triage", "build", str(tests), "--target-kwh", "5", "--out", str(out), "--json"]
    told = json.loads(CliRunner().invoke(build(), asked).output)
    assert [one["batteries"] for one in told["systems"]] == [["P0", "P1"]]
    assert "1,2,1,P1,LFP" in out.read_text("utf-8-sig")
