"""Published claims beside a run: each is there, ours comes from the run, and silence has a reason."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from kitaran.planning import scenario
from kitaran.planning.scenario.claims import (
    ABOVE,
    BELOW,
    MEASURES,
    UNANSWERED,
    WITHIN,
    Beside,
    claims,
    set_beside,
)
from kitaran.planning.scenario.claims_answer import Answer, Silence
from kitaran.planning.scenario.claims_flows import metal_prices
from kitaran.planning.scenario.claims_outcome import Outcome, at
from kitaran.planning.scenario.measures import Measure
from kitaran.reference import Row

YEARS, SAMPLES = 41, 5


def _outcome(**headline: float) -> Outcome:
    """A region of round numbers: constant flows, 10 GWh and 60 kt retire a year, 50 then 500 GWh come in."""
    flow = np.ones((YEARS, SAMPLES))
    placed = 50.0 * flow
    placed[at(2025) :] = 500.0
    return Outcome(
        retired_gwh=10.0 * flow,
        retired_t=6e4 * flow,
        placed_gwh=placed,
        headline={name: Measure("t", value * flow) for name, value in headline.items()},
        world_gwh=dict.fromkeys(range(2015, 2025), 100.0) | {2030: 1900.0},
        stationary_gwh={2030: 400.0},
        economies=58,
    )


def _claim(number: int, part: str = "a") -> Row:
    (row,) = (r for r in claims() if r["number"] == number and r["part"] == part)
    return row


def _ours(number: int, outcome: Outcome, part: str = "a") -> Answer:
    claim = _claim(number, part)
    found = MEASURES[claim.text("measure")](outcome, claim, None)
    assert isinstance(found, Answer)
    return found


def test_there_are_thirteen_claims_and_each_says_what_it_counts_otherwise() -> None:
    rows = claims().rows
    assert {row["number"] for row in rows} == set(range(1, 14))
    assert all(row.text("difference") for row in rows)
    assert {row.text("measure") for row in rows} - {""} == set(MEASURES)


def test_only_cost_of_ownership_answer_to_price_and_fuel_not_burnt_cannot_be_computed() -> None:
    every = {f"{flow}_{e}": 1.0 for flow in ("recovered", "demand", "contained") for e in metal_prices(None)}
    outcome = _outcome(**every, second_life_energy=1.0, ghg_avoided=3e6)
    silent = [each for each in set_beside(outcome) if isinstance(each.ours, Silence)]
    assert [each.claim["number"] for each in silent] == [10, 11, 12]
    assert "spare 3 (3 to 3) Mt" in silent[-1].reason


def test_the_two_passages_on_second_life_contradict_each_other() -> None:
    energy, share = (_claim(3, part).central for part in "ab")
    other_energy, other_share = (_claim(3, part).central for part in "cd")
    assert energy / share == pytest.approx(1000)
    assert other_energy / other_share == pytest.approx(333, abs=0.5)


def test_thirty_five_percent_more_demand_is_the_originals_nineteen_fold_over_its_fourteen_fold() -> None:
    assert _claim(1).central / 14 - 1 == pytest.approx(_claim(11).central, abs=0.01)


def test_growth_of_demand_is_what_comes_into_use_in_2030_over_2020() -> None:
    assert _ours(1, _outcome()).middle == pytest.approx(10.0)


def test_a_region_that_holds_half_of_the_worlds_batteries_is_half_of_its_waste() -> None:
    found = _ours(2, _outcome())
    # 50 GWh a year of the world's 100 up to 2024.
    assert found.middle == pytest.approx(6e4 / 0.5)


def test_the_share_of_stationary_demand_is_second_life_over_what_is_added_in_the_year() -> None:
    outcome = _outcome(second_life_energy=8.0)
    assert _ours(3, outcome).middle == pytest.approx(16.0)
    assert _ours(3, outcome, "b").middle == pytest.approx(16.0 / 400.0)


def test_recycled_share_weighs_lithium_cobalt_and_nickel_by_their_price() -> None:
    alike = {
        f"{flow}_{e}": 10.0 if flow == "recovered" else 100.0
        for flow in ("recovered", "demand")
        for e in ("li", "co", "ni")
    }
    assert _ours(4, _outcome(**alike)).middle == pytest.approx(0.1)
    more_cobalt = _ours(4, _outcome(**{**alike, "recovered_co": 20.0})).middle
    price = metal_prices(None)
    assert more_cobalt - 0.1 == pytest.approx(0.1 * price["co"] / sum(price[e] for e in ("li", "co", "ni")))


def test_a_tonne_of_each_element_is_worth_the_sum_of_their_prices_and_lead_stands_beside() -> None:
    price = metal_prices(None)
    found = _ours(5, _outcome(**{f"recovered_{e}": 1.0 for e in price}))
    # The region has half of the world's batteries.
    assert found.middle == pytest.approx(1e3 * (sum(price.values()) - price["pb"]) / 0.5)
    assert "Lead of lead-acid batteries" in found.words


def test_recycling_that_does_not_grow_is_one_fold() -> None:
    each = {f"recovered_{e}": 1.0 for e in metal_prices(None)}
    assert _ours(6, _outcome(**each)).middle == pytest.approx(1.0)


def test_lithium_metal_in_carbonate_is_worth_five_times_its_carbonate() -> None:
    price = metal_prices(None)
    # Li is 18.8 % of Li2CO3 by mass; carbonate stood at some 10 to 25 USD/kg in 2025 and 2026.
    assert 50 < price["li"] < 140
    assert price["co"] > price["ni"] > price["cu"] > price["pb"]


def test_no_route_recovers_ninety_five_percent_of_a_packs_weight() -> None:
    best = _ours(8, _outcome())
    assert best.high < _claim(8).central
    assert best.low > _ours(7, _outcome()).middle


def test_a_good_lead_smelter_gets_the_claimed_ninety_nine_percent() -> None:
    found = _ours(9, _outcome())
    assert found.low < _claim(9).central <= found.high


def test_leaving_out_the_tests_saves_something_but_not_the_line() -> None:
    found = _ours(13, _outcome())
    assert 0 < found.low <= found.middle <= found.high < 0.5


def test_a_flow_that_the_run_does_not_hold_is_said_to_be_missing() -> None:
    claim = _claim(5)
    found = MEASURES["recovered_value"](_outcome(), claim, None)
    assert isinstance(found, Silence)
    assert "recovered_li" in found.words


def test_a_run_outside_the_region_has_nothing_beside_what_is_claimed() -> None:
    nothing = np.zeros((YEARS, SAMPLES))
    outcome = Outcome(nothing, nothing, nothing, {}, {2024: 1.0}, {2030: 1.0}, 0)
    assert {each.verdict for each in set_beside(outcome)} == {UNANSWERED}


@pytest.mark.parametrize(
    ("band", "verdict"), [((20, 21, 22), BELOW), ((18, 19, 20), WITHIN), ((1, 2, 3), ABOVE)]
)
def test_a_claim_lies_above_below_or_within_our_band(band: tuple[float, float, float], verdict: str) -> None:
    assert Beside(_claim(1), Answer(*band, "region", "")).verdict == verdict


def test_world_2030_is_asia_pacific_with_claims_beside_it() -> None:
    ours, plain = scenario.load("world-2030"), scenario.load("asia-pacific")
    same = {"name", "title", "about", "claims"}
    assert ours.model_dump(exclude=same) == plain.model_dump(exclude=same)
    assert ours.claims == "published"


def test_a_run_holds_its_claims_and_tells_them_again(tmp_path: Path) -> None:
    chosen = scenario.load("world-2030").model_copy(update={"economies": ("THA", "LAO")})
    scenario.run(chosen, tmp_path / "run", samples=10)
    with scenario.read_run(tmp_path / "run") as made:
        found = made.claims()
        assert len(found) == len(claims())
        by_number = {f"{row['number']}{row['part']}": row for row in found}
        assert by_number["10a"]["p50"] is None
        assert "2 of the region's 58 economies" in by_number["2a"]["reason"]
        assert math.isclose(by_number["8a"]["claimed"], 0.95)
        assert "claims.parquet" in made.manifest["files"]
        assert "published_claims" in made.manifest["inputs"]


def test_a_run_of_another_scenario_holds_no_claims(made: Path) -> None:
    with scenario.read_run(made) as run:
        assert run.claims() == []
