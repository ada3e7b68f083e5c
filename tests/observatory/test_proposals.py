"""A proposal is shown, accepted, named in the next run, and undone without a trace in the results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.observatory.joining import joined
from kitaran.observatory.proposals import Proposals
from kitaran.observatory.register import Register, RegisterCell
from kitaran.observatory.register_file import read_register
from kitaran.planning import scenario
from kitaran.reference import check, own_data
from tests.observatory.conftest import ECONOMY, with_registered
from tests.observatory.test_disclosed import held

PLAIN = scenario.Scenario.model_validate({"name": "one", "title": "One economy", "economies": [ECONOMY]})
OLD_CARS = "vehicle_class,powertrain,first_registered,count\ncar,EV,2013,9000\n" + "".join(
    f"car,EV,{year},0\n" for year in range(2014, 2024)
)


def register(text: str = OLD_CARS) -> Register:
    return read_register(text.encode(), ECONOMY)


def run(proposals: Proposals, out: Path) -> dict[str, bytes]:
    scenario.run(PLAIN, out, 10, 1, overrides=proposals.overrides)
    return {file.name: file.read_bytes() for file in sorted(out.iterdir())}


def test_a_proposal_shows_its_effect_and_changes_nothing_before_it_is_accepted(proposals: Proposals) -> None:
    made = proposals.propose(ECONOMY, register(), 2023, "Vehicle register", "Ministry")
    effect = {(row["quantity"], row["year"]): row for row in made.effect["headline"]}
    soon = effect["retired_batteries", 2030]
    assert soon["after"]["p50"] > soon["before"]["p50"]
    assert set(effect) == {
        (name, year) for name in ("retired_batteries", "retired_energy") for year in (2030, 2035, 2040)
    }
    by_cohort = {row["cohort"]: row for row in made.effect["stock"]}
    assert by_cohort[2013]["counted"] == pytest.approx(9000)
    assert by_cohort[2022]["in_use"] == 0.0
    assert by_cohort[2022]["adjustment"] == pytest.approx(-by_cohort[2022]["modelled"], rel=0.2)
    assert not list(proposals.overrides.glob("*.csv"))


def test_accepted_it_is_named_in_the_next_run_and_undone_the_bytes_are_those_of_before(
    proposals: Proposals, tmp_path: Path
) -> None:
    before = run(proposals, tmp_path / "before")
    made = proposals.propose(ECONOMY, register(), 2023, "Vehicle register", "Ministry")
    accepted = proposals.accept(made.id, "person-1")
    first, again = run(proposals, tmp_path / "with"), run(proposals, tmp_path / "again")
    (named,) = json.loads(first["manifest.json"])["initial_stock"]
    assert named["economy"] == ECONOMY
    assert named["vehicle_classes"] == ["car"]
    assert named["accepted_on"] == accepted.decided_at[:10]
    assert named["source"] == accepted.source["source"]
    assert "person-1" not in first["manifest.json"].decode()
    assert first == again
    assert first["headline.parquet"] != before["headline.parquet"]
    assert proposals.undo(made.id).state == "undone"
    assert run(proposals, tmp_path / "after") == before


def test_accepted_rows_are_sound_facts(proposals: Proposals) -> None:
    text = "vehicle_class,powertrain,first_registered,count,chemistry,energy_kwh\ncar,BEV,2021,5,LFP,50\n"
    proposals.accept(proposals.propose(ECONOMY, register(text), 2023).id)
    found = check(overrides=proposals.overrides, tables=("observed_stock",))
    assert [str(finding.as_fault()) for finding in found if finding.level == "error"] == []


def test_what_was_decided_stands_in_the_list_and_only_what_is_in_use_can_be_undone(
    proposals: Proposals,
) -> None:
    made = proposals.propose(ECONOMY, register(), 2023)
    with pytest.raises(InputError, match="not in use"):
        proposals.undo(made.id)
    assert proposals.reject(made.id, "person-1").state == "rejected"
    assert proposals.accept(made.id).state == "accepted"
    assert proposals.accept(made.id).decided_at == proposals.get(made.id).decided_at
    with pytest.raises(InputError, match="in use"):
        proposals.reject(made.id)
    assert [one.state for one in proposals.all()] == ["accepted"]
    assert len(own_data.accepted(proposals.overrides)) == 1
    with pytest.raises(NotFoundError):
        proposals.get("../../secrets")


def test_a_proposal_of_nothing_and_of_a_year_that_does_not_fit_is_refused(proposals: Proposals) -> None:
    with pytest.raises(InputError, match="nothing to start from"):
        proposals.propose(ECONOMY)
    with pytest.raises(InputError, match="cannot be the year"):
        proposals.propose(ECONOMY, register(), 2022)
    with pytest.raises(InputError, match="no forecast"):
        proposals.propose("USA", register())


def test_registered_batteries_alone_raise_the_stock_to_what_is_known(proposals: Proposals) -> None:
    made = with_registered(proposals, held(8, each=625)).propose(ECONOMY)
    assert made.registered == 5000
    (row,) = [row for row in made.effect["stock"] if row["cohort"] == 2022]
    assert row["in_use"] >= 5000
    assert row["adjustment"] > 0


def test_holders_are_named_nowhere_in_a_proposal(proposals: Proposals) -> None:
    made = with_registered(proposals, held(6, each=10)).propose(ECONOMY)
    told = json.dumps(made.as_dict())
    assert "operator-" not in told
    assert "NMC811-2022" not in told


def test_registered_batteries_tell_the_chemistry_of_as_many_vehicles_of_the_register() -> None:
    cells = [
        RegisterCell("car", "BEV", 2021, "any", "all", 100),
        RegisterCell("car", "BEV", 2021, "LFP", "all", 20),
        RegisterCell("car", "PHEV", 2021, "any", "all", 50),
    ]
    told = [
        RegisterCell("car", "EV", 2021, "LFP", "at_least", 50, 60.0, "C"),
        RegisterCell("car", "EV", 2021, "NCA", "at_least", 500, 80.0, "C"),
        RegisterCell("car", "EV", 2020, "NCA", "at_least", 7, 80.0, "C"),
        RegisterCell("car", "EV", 2025, "NCA", "at_least", 7, 80.0, "C"),
    ]
    made = {(c.powertrain, c.cohort, c.chemistry, c.counted): c.count for c in joined(cells, told, 2023)}
    assert made == {
        ("BEV", 2021, "LFP", "all"): 50,
        ("BEV", 2021, "NCA", "all"): 70,
        ("BEV", 2021, "any", "all"): 0,
        ("PHEV", 2021, "any", "all"): 50,
        ("EV", 2020, "NCA", "at_least"): 7,
    }
