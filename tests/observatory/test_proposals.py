"""A proposal is shown, accepted, named in the next run, and undone without a trace in the results."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.observatory import effect
from kitaran.observatory.effect import state_of
from kitaran.observatory.joining import joined
from kitaran.observatory.proposals import Proposals
from kitaran.observatory.register import Register, RegisterCell
from kitaran.observatory.register_file import read_register
from kitaran.observatory.standing import overruled
from kitaran.planning import scenario
from kitaran.planning.scenario.observed import observed
from kitaran.reference import check, own_data
from tests.observatory.conftest import ECONOMY, with_registered
from tests.observatory.test_disclosed import held

PLAIN = scenario.Scenario.model_validate({"name": "one", "title": "One economy", "economies": [ECONOMY]})
OLD_CARS = "vehicle_class,powertrain,first_registered,count\ncar,EV,2013,9000\n" + "".join(
    f"car,EV,{year},0\n" for year in range(2014, 2024)
)


@pytest.fixture
def plain(proposals: Proposals, monkeypatch: pytest.MonkeyPatch) -> Proposals:
    """Proposals whose effect is not worked out: what is asked is which of them holds."""
    monkeypatch.setattr(
        effect, "effect_of", lambda upload, economy, overrides, samples: {"figures": state_of(overrides)}
    )
    return proposals


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


def test_accepted_rows_are_sound_facts(plain: Proposals) -> None:
    text = "vehicle_class,powertrain,first_registered,count,chemistry,energy_kwh\ncar,BEV,2021,5,LFP,50\n"
    plain.accept(plain.propose(ECONOMY, register(text), 2023).id)
    found = check(overrides=plain.overrides, tables=("observed_stock",))
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


def counts(cohort: int, number: int, kind: str = "car") -> Register:
    return register(f"vehicle_class,powertrain,first_registered,count\n{kind},BEV,{cohort},{number}\n")


def test_of_two_registers_the_later_observation_holds_and_the_other_is_not_in_use(
    plain: Proposals,
) -> None:
    cars = plain.propose(ECONOMY, counts(2020, 40), 2022, "Register 2022")
    both = plain.propose(ECONOMY, counts(2021, 30), 2023, "Register 2023")
    buses = plain.propose(ECONOMY, counts(2021, 5, "bus"), 2022, "Buses 2022")
    for one in (both, cars, buses):
        plain.accept(one.id)
    assert {name: found.in_use for name, found in plain.standings().items()} == {
        both.id: True,
        cars.id: False,
        buses.id: True,
    }
    assert plain.standings()[cars.id].replaced == {"car": both.id}
    seen = observed(ECONOMY, plain.overrides)
    assert {name: found.rows[0].source for name, found in seen.items()} == {
        "car": both.source["source"],
        "bus": buses.source["source"],
    }
    plain.undo(both.id)
    assert plain.standings()[cars.id].holds == ("car",)
    waits = plain.propose(ECONOMY, counts(2019, 7), 2021, "Register 2021")
    assert overruled(waits, plain.all()) == {"car": cars.id}


def test_of_two_registers_of_one_year_the_one_accepted_last_holds(plain: Proposals) -> None:
    first = plain.propose(ECONOMY, counts(2020, 40), 2022, "Register 2022")
    mended = plain.propose(ECONOMY, counts(2021, 30), 2022, "Register 2022, mended")
    plain.accept(mended.id)
    plain.accept(first.id)
    assert [one for one, found in plain.standings().items() if found.in_use] == [first.id]
    assert observed(ECONOMY, plain.overrides)["car"].rows[0].source == first.source["source"]


def test_of_many_who_accept_at_once_none_is_lost(plain: Proposals) -> None:
    made = [plain.propose(ECONOMY, counts(2015 + n, 10 + n), 2023, f"Register {n}") for n in range(6)]
    other = replace(plain)
    with ThreadPoolExecutor(6) as hands:
        decided = list(hands.map(lambda n: (plain, other)[n % 2].accept(made[n].id), range(6)))
    assert {one.state for one in decided} == {one.state for one in plain.all()} == {"accepted"}
    assert {one.id for one in own_data.accepted(plain.overrides)} == {one.id for one in made}


def test_a_decision_is_not_lost_while_somebody_looks(
    plain: Proposals, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = plain.propose(ECONOMY, counts(2020, 40), 2022)
    asked = []

    def slow(upload: object, economy: str, overrides: Path, samples: int) -> dict[str, object]:
        asked.append(economy)
        if len(asked) == 1:  # the figures changed; while the effect is worked out anew, a person accepts
            plain.accept(made.id)
        return {"figures": state_of(overrides)}

    monkeypatch.setattr(effect, "effect_of", slow)
    (plain.overrides / "ev_sales.csv").write_text("")
    assert plain.get(made.id).state == "accepted"
    assert plain.all()[0].state == "accepted"


def test_a_proposal_of_nothing_and_of_a_year_that_does_not_fit_is_refused(plain: Proposals) -> None:
    with pytest.raises(InputError, match="nothing to start from"):
        plain.propose(ECONOMY)
    with pytest.raises(InputError, match="cannot be the year"):
        plain.propose(ECONOMY, register(), 2022)
    with pytest.raises(InputError, match="no forecast"):
        plain.propose("USA", register())


def test_registered_batteries_alone_raise_the_stock_to_what_is_known(proposals: Proposals) -> None:
    made = with_registered(proposals, held(8, each=625)).propose(ECONOMY)
    assert made.registered == 5000
    (row,) = [row for row in made.effect["stock"] if row["cohort"] == 2022]
    assert row["in_use"] >= 5000
    assert row["adjustment"] > 0


def test_holders_are_named_nowhere_in_a_proposal(plain: Proposals) -> None:
    made = with_registered(plain, held(6, each=10)).propose(ECONOMY)
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
