"""The command `kitaran process cost`."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from tests.cli.conftest import Run

ASKED = ["--route", "direct", "--chemistry", "NMC622", "--feed", "eol_cell"]
ASKED += ["--throughput-t", "10000", "--location", "USA"]


@pytest.fixture
def run(kitaran: Run) -> Run:
    """The command, with what is given after its name."""
    return partial(kitaran, "process", "cost")


def test_the_json_has_every_name_of_the_contract(run: Run) -> None:
    answer = run(*ASKED, "--battery", "cell", "--legacy", "--json")
    assert answer.code == 0, answer.err
    result = answer.json
    assert {"cost_usd", "revenue_usd", "energy_mj", "water_gal", "ghg_g"} <= set(result)
    assert {"transport_usd", "disassembly_usd", "recovered_kg", "sources", "plants"} <= set(result)
    for plant in ("preprocessing", "recovery"):
        assert {
            *("throughput_t", "tci_usd", "fci_usd", "variable_usd", "fixed_usd"),
            *("annual_capital_charge_usd", "labour_person_hours_per_day"),
        } <= set(result["plants"][plant])
    assert result["cost_usd"] == pytest.approx(6.66351, rel=1e-4)  # EverBatt 2023
    assert any(source["source"] == "everbatt-2023" for source in result["sources"])


def test_a_plant_that_a_route_lacks_is_null(run: Run) -> None:
    pyro = ["--route", "pyrometallurgical", *ASKED[2:]]
    black_mass = ["black_mass" if word == "eol_cell" else word for word in ASKED]
    for arguments in (pyro, black_mass):
        assert run(*arguments, "--json").json["plants"]["preprocessing"] is None


def test_words_for_people_name_the_place_and_what_to_know(run: Run) -> None:
    answer = run(*["THA" if word == "USA" else word for word in ASKED])
    assert answer.code == 0
    assert "Thailand" in answer.out
    assert "a proxy stands in" in answer.out
    assert "EverBatt 2023" in answer.out


def test_an_unknown_chemistry_names_those_known_and_leaves_with_two(run: Run) -> None:
    answer = run(*["NMC999" if word == "NMC622" else word for word in ASKED])
    assert answer.code == 2
    assert "NMC622" in answer.err
    assert "Remedy" in answer.err


def test_a_wrong_override_is_named_by_file_and_key(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text('{"geo": {"wage": 3}}')
    answer = run(*ASKED, "--overrides", str(file), "--json")
    assert answer.code == 2
    (fault,) = answer.json["faults"]
    assert fault["place"] == f"{file}: geo.wage"
    assert "wage_usd_per_h" in fault["remedy"]


@pytest.mark.parametrize("text", ["[", "[1]", "[" * 5000, '{"fee": 1' + "0" * 5000 + "}"])
def test_a_file_that_is_no_object_is_refused(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "own.json"
    file.write_text(text)
    assert run(*ASKED, "--overrides", str(file)).code == 2


def test_a_missing_file_is_refused(run: Run, tmp_path: Path) -> None:
    assert run(*ASKED, "--overrides", str(tmp_path / "none.json")).code == 2


def test_a_file_saved_with_a_byte_order_mark_is_read(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text('{"fee": 1.5}', encoding="utf-8-sig")
    answer = run(*ASKED, "--overrides", str(file), "--json")
    assert answer.json["fee_usd"] == 1.5
