"""From published figures to entries by cohort."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import History
from kitaran.planning.fleet.stock import outflow
from kitaran.planning.scenario.past import past
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.uncertainty import Draws, Sampler

SAMPLES = 4
ALIVE = np.broadcast_to(0.9 ** np.arange(51.0)[None, :, None], (51, 51, SAMPLES))
DRAWS = Draws(Sampler(SAMPLES, 1), dict.fromkeys("ABCD", 1.000001))
GROWTH, ALL_OF_IT = np.full(SAMPLES, 0.5), np.ones(SAMPLES)


def _figure(value: float) -> Figure:
    return Figure(value, value, value, "A", ("t/x",))


def _history(
    sold: dict[int, float], in_use: dict[int, float], rise: dict[int, float] | None = None
) -> History:
    return History(
        "THA",
        "car",
        {year: _figure(value) for year, value in sold.items()},
        {year: _figure(value) for year, value in in_use.items()},
        rise or {},
        {},
        {},
    )


def _sold(known: History) -> dict[int, float]:
    found = past(known, ALIVE, DRAWS, GROWTH, ALL_OF_IT)
    return {int(year): float(found.sold[row, 0]) for row, year in enumerate(COHORTS)}


def test_counted_sales_stand_as_they_are_and_nothing_comes_after_the_last() -> None:
    sold = _sold(_history({2020: 100, 2021: 200, 2022: 400}, {}))
    assert [sold[year] for year in (2020, 2021, 2022, 2023)] == pytest.approx([100, 200, 400, 0], rel=1e-4)


def test_gaps_between_counts_are_bridged_in_equal_steps_of_growth() -> None:
    assert _sold(_history({2020: 100, 2022: 400, 2023: 500}, {}))[2021] == pytest.approx(200, rel=1e-4)


def test_before_the_first_count_sales_shrink_backwards() -> None:
    sold = _sold(_history({2020: 100, 2021: 100, 2022: 100}, {}))
    assert sold[2019] == pytest.approx(100 / 1.5, rel=1e-4)
    assert sold[2017] == pytest.approx(100 / 1.5**3, rel=1e-4)


def test_an_initial_stock_is_there_before_the_first_count() -> None:
    known = _history({2020: 100, 2021: 100, 2022: 100}, {2020: 1100})
    found = past(known, ALIVE, DRAWS, GROWTH, ALL_OF_IT)
    stock = outflow(found.sold, ALIVE[0])
    assert stock[2019 - FIRST_COHORT, 0] == pytest.approx(1000, rel=1e-4)


def test_a_known_stock_tells_the_sales_where_none_are_counted() -> None:
    known = _history({}, {2018: 100, 2020: 400, 2022: 1600})
    found = past(known, ALIVE, DRAWS, GROWTH, ALL_OF_IT)
    stock = outflow(found.sold, ALIVE[0])[:, 0]
    for year, expected in ((2018, 100), (2019, 200), (2020, 400), (2021, 800), (2022, 1600)):
        assert stock[year - FIRST_COHORT] == pytest.approx(expected, rel=1e-3)
    assert found.last_year == 2022
    assert not found.observed


def test_three_counts_of_sales_rule_over_a_stock_that_does_not_fit() -> None:
    known = _history({2020: 100, 2021: 100, 2022: 100}, {2022: 10_000, 2024: 20_000})
    found = past(known, ALIVE, DRAWS, GROWTH, ALL_OF_IT)
    assert found.last_year == 2022
    assert found.sold[2022 - FIRST_COHORT, 0] == pytest.approx(100, rel=1e-4)
    assert found.adjustment.gap[2022 - FIRST_COHORT, 0] > 9000


def test_a_rise_beyond_sales_is_let_in() -> None:
    known = _history({2020: 100, 2021: 100, 2022: 100}, {2020: 100, 2021: 900, 2022: 950}, {2021: 700})
    found = past(known, ALIVE, DRAWS, GROWTH, np.full(SAMPLES, 0.5))
    assert found.adjustment.unrecorded[2021 - FIRST_COHORT, 0] == pytest.approx(350, rel=1e-3)
