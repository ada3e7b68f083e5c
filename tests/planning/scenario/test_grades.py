"""How far a result can be trusted."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.scenario.economy_result import QUANTITIES
from kitaran.planning.scenario.grades import Parts, grades_of, history_grade, reached_by_most, roles_of
from kitaran.planning.scenario.verdict import explained_by_role
from kitaran.planning.uncertainty import Sampler


def _parts(*parts: tuple[float, list[float]]) -> Parts:
    return Parts(np.array([[[weight]] for weight, _ in parts]), np.array([[reached] for _, reached in parts]))


def test_two_thirds_of_the_weight_decide() -> None:
    measured, guessed = [1.0, 1, 1, 1], [0.0, 0, 0, 1]
    assert grades_of(_parts((2.0, measured), (1.0, guessed)))[0, 0] == "A"
    assert grades_of(_parts((1.9, measured), (1.1, guessed)))[0, 0] == "D"


def test_a_part_counts_by_the_share_of_its_inputs_that_reach_a_grade() -> None:
    assert grades_of(_parts((1.0, [0.0, 0.5, 0.7, 1.0])))[0, 0] == "C"
    assert grades_of(_parts((1.0, [0.0, 0.7, 0.8, 1.0])))[0, 0] == "B"


def test_nothing_to_grade_is_grade_d() -> None:
    assert grades_of(_parts((0.0, [1.0, 1, 1, 1])))[0, 0] == "D"


def test_the_weight_of_rows_decides_the_grade_of_an_input() -> None:
    assert reached_by_most([(0.7, "B"), (0.3, "D")]) == "B"
    assert reached_by_most([(0.6, "B"), (0.4, "D")]) == "D"
    assert reached_by_most([(0.5, "B"), (0.2, "C"), (0.3, "D")]) == "C"


def test_a_history_known_by_stock_alone_has_the_grade_of_its_latest_stock() -> None:
    def figure(value: float, grade: str) -> Figure:
        return Figure(value, value, value, grade, ())

    assert history_grade({}, {2019: figure(1, "A"), 2023: figure(9, "C")}) == "C"
    assert history_grade({2020: figure(1, "D"), 2021: figure(9, "B")}, {}) == "B"
    assert history_grade({}, {}) == "D"


def test_what_is_yet_to_be_sold_rests_on_market_and_outlook_too() -> None:
    for quantity in QUANTITIES:
        assert set(roles_of(quantity, True)) - set(roles_of(quantity, False)) == {"market", "outlook"}
    assert "composition.Li" in roles_of("contained_li", False)
    assert "capacity" not in roles_of("retired_batteries", False)


def test_the_spread_is_traced_to_kinds_of_inputs_of_this_economy_only() -> None:
    sampler = Sampler(2000, 1)
    names = ["history/THA.car", "history/LAO.car", "lifetimes/ALL.car.private.battery.lithium@x"]
    scores = {name: sampler.normal(name) for name in names}
    outcome = 2 * scores[names[0]] + scores[names[2]] + 9 * scores[names[1]]
    found = explained_by_role("LAO", scores, outcome)
    assert found["history"] > 0.85
    found = explained_by_role("THA", scores, 2 * scores[names[0]] + scores[names[2]])
    assert found["history"] == pytest.approx(0.8, abs=0.05)
    assert found["battery_life"] == pytest.approx(0.2, abs=0.05)
