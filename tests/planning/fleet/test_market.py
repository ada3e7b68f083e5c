"""How many vehicles an economy takes up, and who stands in for whom."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.fleet.figures import Figure, rounding_of, spanning, total
from kitaran.planning.fleet.market import growth_by_income, market_path
from kitaran.planning.fleet.peers import Place, carried_over, nearest

YEARS = np.arange(2000.0, 2051)


def test_a_market_grows_with_people_and_its_growth_fades() -> None:
    people = np.linspace(50.0, 150.0, 51)
    path = market_path(np.array([1000.0]), 2025, YEARS, people, np.array([0.04]), np.array([20.0]))[:, 0]
    assert path[25] == pytest.approx(1000.0)
    per_person = path / people
    yearly = np.diff(np.log(per_person))
    assert yearly[:25] == pytest.approx(np.full(25, 0.04))
    assert np.all(np.diff(yearly[26:]) < 0)
    assert per_person[-1] / per_person[25] == pytest.approx(np.exp(0.04 * 20 * (1 - np.exp(-25 / 20))))


def test_growth_falls_with_the_logarithm_of_income() -> None:
    at_low = np.array([0.05])
    assert growth_by_income(500, at_low, 1500, 30000)[0] == 0.05
    assert growth_by_income(np.sqrt(1500 * 30000), at_low, 1500, 30000)[0] == pytest.approx(0.025)
    assert growth_by_income(80000, at_low, 1500, 30000)[0] == 0.0


def _figure(value: float) -> Figure:
    return Figure(value, value, value, "B", (f"t/{value}",))


def test_peers_are_of_like_income_and_rather_of_the_same_subregion() -> None:
    here = Place("AAA", "SEA", 2000.0)
    others = [Place("BBB", "SEA", 5000.0), Place("CCC", "NCA", 2000.0), Place("DDD", "SEA", 2500.0)]
    assert [place.economy for place in nearest(here, [*others, here], 3, 1.0)] == ["DDD", "BBB", "CCC"]


def test_a_figure_of_peers_is_moved_to_the_income_and_is_our_own_assumption() -> None:
    here = Place("AAA", "SEA", 1000.0)
    peers = [(Place("BBB", "SEA", 2000.0), _figure(8.0)), (Place("CCC", "SEA", 500.0), _figure(2.0))]
    found = carried_over(here, peers, 1.0, 1.5)
    assert found.value == pytest.approx(4.0)
    assert (found.low, found.high) == pytest.approx((4 / 1.5, 6.0))
    assert found.grade == "D"
    assert found.rows == ("t/8.0", "t/2.0")


@pytest.mark.parametrize(
    ("count", "off"),
    [(0, 0.5), (7, 0.5), (12, 0.5), (1234, 0.5), (2400, 50), (1_000_000, 50_000), (67_000_000, 5e5)],
)
def test_a_count_is_good_to_the_last_digit_that_is_not_zero_and_to_two_digits_at_least(
    count: int, off: float
) -> None:
    assert rounding_of(count) == off


def test_a_sum_has_the_grade_of_its_weightiest_weak_part() -> None:
    big, small = Figure(100, 90, 110, "B", ("a",)), Figure(1, 0, 2, "D", ("b",))
    added = total([big, small])
    assert (added.value, added.low, added.high, added.grade, added.rows) == (101, 90, 112, "B", ("a", "b"))


def test_two_counts_of_one_thing_span_a_range() -> None:
    both = spanning(Figure(10, 10, 10, "A", ("a",)), Figure(14, 13, 15, "C", ("b",)))
    assert (both.value, both.low, both.high, both.grade) == (10, 10, 15, "A")
