"""Quantities of the headline, and how those of economies make the region's."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.scenario.grades import Parts, by_grade, grade_of_measure, grade_of_sum
from kitaran.planning.scenario.measures import Measure, summed


def test_the_share_of_a_region_is_that_of_its_sums_and_no_mean_of_shares() -> None:
    small = Measure("fraction", np.array([[1.0]]), np.array([[1.0]]))
    large = Measure("fraction", np.array([[0.0]]), np.array([[9.0]]))
    assert (small + large).value == pytest.approx(0.1)


def test_a_share_of_nothing_is_zero() -> None:
    assert Measure("fraction", np.zeros((1, 2)), np.zeros((1, 2))).value.tolist() == [[0.0, 0.0]]


def test_a_quantity_that_one_economy_lacks_is_that_of_the_others() -> None:
    one = {"collected_mass": Measure("t", np.array([[2.0]]))}
    both = {"collected_mass": Measure("t", np.array([[3.0]])), "jobs": Measure("job", np.array([[5.0]]))}
    total = summed(one, both)
    assert {name: measure.value[0, 0] for name, measure in total.items()} == {"collected_mass": 5, "jobs": 5}


def _well_known() -> Parts:
    """One class whose retired batteries rest on measured inputs alone."""
    return Parts(np.ones((1, 10, 1)), np.ones((1, 10, 4)))


def _made_with(*grades: str) -> Measure:
    rests_on = {f"input {number}": grade for number, grade in enumerate(grades)}
    return Measure("t", np.ones((1, 3)), like="retired_mass", rests_on=rests_on)


def test_a_share_that_is_assumed_makes_known_mass_an_assumption() -> None:
    assert grade_of_measure(_well_known(), _made_with()).tolist() == ["A"]
    assert grade_of_measure(_well_known(), _made_with("D")).tolist() == ["D"]
    assert grade_of_measure(_well_known(), _made_with("B", "D")).tolist() == ["D"]
    assert grade_of_measure(_well_known(), _made_with("B", "B", "D")).tolist() == ["B"]


def test_no_further_input_betters_the_grade_of_what_retires() -> None:
    guessed = Parts(np.ones((1, 10, 1)), np.zeros((1, 10, 4)))
    assert grade_of_measure(guessed, _made_with("A", "A", "A", "A")).tolist() == ["D"]


def test_the_grade_of_the_region_is_that_of_two_thirds_of_the_amount() -> None:
    large, small = np.array([[7.0, 7.0]]), np.array([[3.0, 3.0]])
    weighed = by_grade(np.array(["B"]), large) + by_grade(np.array(["D"]), small)
    assert grade_of_sum(weighed).tolist() == ["B"]
    weighed = by_grade(np.array(["D"]), large) + by_grade(np.array(["B"]), small)
    assert grade_of_sum(weighed).tolist() == ["D"]
