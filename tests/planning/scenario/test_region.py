"""People, markets and peers, as the packaged tables have them."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.region import Region, on_logit
from kitaran.reference import economies


@pytest.fixture(scope="module")
def region() -> Region:
    return Region(Assumptions(Scenario(name="x", title="X"), 20, 1, None), None)


def test_every_economy_of_the_region_has_people_to_2050_and_an_income(region: Region) -> None:
    for place in economies():
        if place.in_region:
            persons = region.people.population(place.code)
            assert persons.shape == COHORTS.shape, place.code
            assert np.all(persons > 0), place.code
            assert region.places[place.code].income > 0, place.code


def test_the_projection_of_people_meets_the_last_count(region: Region) -> None:
    persons = region.people.population("IND")
    assert np.abs(np.diff(np.log(persons))).max() < 0.03
    # 1.4 to 1.5 billion in 2025.
    assert 1.4e9 < region.people.in_year("IND", 2025) < 1.5e9


def test_every_economy_of_the_region_has_a_market_for_cars(region: Region) -> None:
    for place in economies():
        if place.in_region:
            market = region.market(place.code, "car")
            assert market is not None, place.code
            per_1000 = 1000 * market.figure.value / region.people.in_year(place.code, 2024)
            assert 0.03 < per_1000 < 80, (place.code, per_1000)


def test_an_own_figure_stands_before_peers_and_peers_are_named(region: Region) -> None:
    own, borrowed = region.market("IND", "three_wheeler"), region.market("AFG", "three_wheeler")
    assert own is not None
    assert own.peers == ()
    assert own.figure.rows[0].startswith("vehicle_market/IND")
    assert borrowed is not None
    assert borrowed.peers
    assert borrowed.figure.grade == "D"


def test_a_class_that_is_electric_by_definition_is_not_lent(region: Region) -> None:
    assert region.market("CHN", "e_bike") is not None
    assert region.market("LAO", "e_bike") is None


def test_three_wheelers_are_lent_within_a_subregion_only(region: Region) -> None:
    for code in ("AFG", "NPL"):
        market = region.market(code, "three_wheeler")
        assert market is not None
        assert {region.places[peer].subregion for peer in market.peers} <= {"SSWA"}


def test_a_class_that_is_left_out_beside_counted_cars_is_taken_to_be_small(region: Region) -> None:
    shares, _ = region.shares_of_peers("THA", "van")
    cars = region.history("THA", "car").sold
    market = region.market("THA", "car")
    assert market is not None
    assert shares[2023].value < 0.2 * cars[2023].value / market.figure.value


def test_a_logit_takes_the_nearest_year_and_stays_finite() -> None:
    assert on_logit({2020: 0.5}, 2030) == 0.0
    assert on_logit({2020: 0.0}, 2020) == pytest.approx(np.log(1e-5 / (1 - 1e-5)))
    assert on_logit({2020: 1.0}, 2020) == pytest.approx(np.log(0.98 / 0.02))
