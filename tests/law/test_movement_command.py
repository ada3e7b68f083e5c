"""The command as scripts call it: keys, exit codes, errors with their path."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kitaran.cli import movement
from kitaran.foundation.errors import KitaranError

KEYS = {
    *("status", "movement", "procedure", "basel_entry", "missing", "decision_period", "transport", "card"),
    *(
        "reasons",
        "questions",
        "deadlines",
        "authorities",
        "documents",
        "rules_version",
        "facts_version",
        "note",
    ),
}
CASE: dict[str, Any] = {
    "as_of": "2026-06-01",
    "facts": {
        "item": {"kind": "ev_pack", "chemistry": "NMC", "condition": "non_functional"},
        "purpose": "recycling",
        "route": {"export": "NZ", "import": "JP", "transit": [], "mode": "sea"},
        "consents": {"NZ": True, "JP": True},
    },
}


def run(tmp_path: Path, content: Any, *options: str) -> Any:
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(content), encoding="utf-8")
    return CliRunner().invoke(movement.app, ["check", str(path), *options])


def test_one_case_gives_one_object_and_cases_give_a_list(tmp_path: Path) -> None:
    one = json.loads(run(tmp_path, CASE, "--json").stdout)
    assert one.keys() >= KEYS
    assert set(one["transport"]) == {"un", "packing", "violations"}
    many = json.loads(run(tmp_path, {"cases": [{"id": "A", **CASE}, CASE]}, "--json").stdout)
    assert [decision.get("id") for decision in many] == ["A", None]


def test_a_decision_exits_0_whatever_the_answer_and_1_only_when_asked(tmp_path: Path) -> None:
    blocked = {**CASE, "facts": {**CASE["facts"], "consents": {}}}
    assert run(tmp_path, blocked).exit_code == 0
    assert run(tmp_path, blocked, "--exit-code").exit_code == 1
    assert run(tmp_path, CASE, "--exit-code").exit_code == 0


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"item": {"knd": "cell"}}, "facts.item.knd"),
        ({"item": {"kind": "battery"}}, "facts.item.kind"),
        ({"route": {"export": "XX"}}, "facts.route.export"),
        ({"route": {"transit": "MY"}}, "facts.route.transit"),
        ({"evidence": {"invoice": True}}, "facts.evidence.invoice"),
        ({"evidence": {"declaration": "perhaps"}}, "facts.evidence.declaration"),
        ({"positions": {"MY": "product"}}, "facts.positions.MY"),
        ({"consents": {"ZZ": True}}, "facts.consents.ZZ"),
        ({"permits": {"XX_permit": {"held": True}}}, "facts.permits.XX_permit"),
        ({"permits": {"TH_transit_licence": {"issued": "soon"}}}, "facts.permits.TH_transit_licence.issued"),
        ({"item": {"soc_pct": 130}}, "facts.item.soc_pct"),
        ({"weather": "fine"}, "facts.weather"),
    ],
)
def test_an_unknown_key_or_value_is_named_by_its_path(tmp_path: Path, change: Any, path: str) -> None:
    result = run(tmp_path, {"as_of": "2026-06-01", "facts": change}, "--json")
    assert isinstance(result.exception, KitaranError)
    assert result.exception.exit_code == 2
    assert [fault.place for fault in result.exception.faults] == [f"case.yaml: {path}"]


@pytest.mark.parametrize("as_of", [None, "2026-02-30", "soon", 20260601])
def test_a_case_without_a_day_of_departure_is_refused(tmp_path: Path, as_of: Any) -> None:
    result = run(tmp_path, {**CASE, "as_of": as_of}, "--json")
    assert isinstance(result.exception, KitaranError)
    assert result.exception.faults[0].place == "case.yaml: as_of"


def test_other_text_beside_the_facts_is_ignored_and_null_is_unknown(tmp_path: Path) -> None:
    noted = {**CASE, "title": "x", "expected": {"status": "y"}, "citations": [], "why": "z", "note": "n"}
    noted["facts"] = {**CASE["facts"], "facility": {"esm": None}, "licences": {"JP": None}}
    assert run(tmp_path, noted, "--json").stdout == run(tmp_path, CASE, "--json").stdout


def test_norway_is_a_country_and_not_the_word_no(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(
        "as_of: 2026-06-01\nfacts:\n  purpose: recycling\n  route: {export: NO, import: JP, transit: []}\n"
        "  consents: {NO: true}\n",
        encoding="utf-8",
    )
    found = json.loads(CliRunner().invoke(movement.app, ["check", str(path), "--json"]).stdout)
    assert found["movement"] == "escalate"
    assert "Norway" in {body["country_name"] for body in found["authorities"]}


def test_five_questions_come_first_and_then_only_those_that_can_change_the_answer(tmp_path: Path) -> None:
    first = json.loads(CliRunner().invoke(movement.app, ["questions", "--json"]).stdout)
    assert [question["id"] for question in first] == ["kind", "chemistry", "condition", "purpose", "route"]
    path = tmp_path / "case.yaml"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    asked = json.loads(CliRunner().invoke(movement.app, ["questions", str(path), "--json"]).stdout)
    assert "preconsented" in {question["id"] for question in asked}
    assert "invoice_contract" not in {question["id"] for question in asked}


def test_a_term_is_shown_side_by_side_with_its_clashes() -> None:
    found = json.loads(CliRunner().invoke(movement.app, ["definitions", "used battery", "--json"]).stdout)
    places = [row["jurisdiction"] for row in found["jurisdictions"]]
    assert {"Basel", "EU", "IN", "CN", "TH", "BD"} <= set(places)
    assert "IN" in {row["jurisdiction"] for row in found["clashes"]}
    assert all(row["seen"] and row["confidence"] for row in found["jurisdictions"])


def test_an_unknown_term_names_the_known_ones() -> None:
    result = CliRunner().invoke(movement.app, ["definitions", "battery soup"])
    assert isinstance(result.exception, KitaranError)
    assert "recyclate" in str(result.exception)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("as_of: 2026-13-01\nfacts: {purpose: recycling}\n", "as_of"),
        (
            "as_of: 2026-06-01\nfacts: {permits: {TH_transit_licence: {issued: 2026-02-30}}}\n",
            "facts.permits.TH_transit_licence.issued",
        ),
        ("as_of: 2026-06-01\nfacts: {item: {kind: ev_pack, kind: cell}}\n", "line 2"),
    ],
)
def test_a_day_that_is_none_and_a_key_told_twice_are_refused_by_their_place(
    tmp_path: Path, text: str, named: str
) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(movement.app, ["check", str(path), "--json"])
    assert isinstance(result.exception, KitaranError)
    assert any(named in fault.place for fault in result.exception.faults)
