"""The stock model against closed forms: fixed and exponential lives, renewal theory, quadrature by SciPy."""

from __future__ import annotations

from math import exp

import numpy as np
import pytest
from scipy.integrate import quad

from kitaran import fleet

UNEVEN = np.array([2010.0, 2010.5, 2011.0, 2015.0, 2020.0, 2030.0, 2050.0])


def rate_of(edges: np.ndarray, rate: float = 100.0) -> np.ndarray:
    return rate * np.diff(edges)


def test_exponential_lives_at_a_constant_rate_fill_up_by_the_closed_form() -> None:
    """N(t) = r tau (1 - exp(-t / tau)), at every edge of an uneven grid."""
    life = fleet.Life(fleet.Family.WEIBULL, 7.0, 1.0)  # type: ignore[arg-type]
    found = fleet.project(rate_of(UNEVEN), life, edges=UNEVEN)
    expected = 100 * 7 * (1 - np.exp(-(UNEVEN[1:] - 2010) / 7))
    assert found.vehicles_in_use == pytest.approx(expected, rel=1e-10)
    out = np.diff(100 * (UNEVEN - 2010) - np.append(0.0, expected))
    assert found.vehicles_scrapped == pytest.approx(out, rel=1e-9)


@pytest.mark.parametrize(("family", "cv"), [("weibull", 0.35), ("logistic", 0.3), ("normal", 0.25)])
def test_even_sales_give_the_integral_of_survival(family: str, cv: float) -> None:
    """N(t) = sum of r_i times the integral of S over the ages of interval i, by SciPy's quadrature."""
    rates = np.array([30.0, 80.0, 10.0, 55.0, 20.0, 70.0])
    kind, mean = fleet.Family(family), np.array([11.0])
    life = fleet.Life(kind, mean[0], cv)  # type: ignore[arg-type]
    found = fleet.project(rates * np.diff(UNEVEN), life, edges=UNEVEN)

    def alive(age: float) -> float:
        return float(fleet.survival(kind, mean, cv, np.array([age]))[0, 0])

    for end, got in zip(UNEVEN[1:], found.vehicles_in_use, strict=True):
        begun = UNEVEN[:-1] < end
        parts = zip(rates[begun], UNEVEN[:-1][begun], UNEVEN[1:][begun], strict=True)
        expected = sum(rate * quad(alive, end - closed, end - opened)[0] for rate, opened, closed in parts)
        assert got == pytest.approx(expected, rel=1e-7)


def test_fixed_lives_follow_the_calendar() -> None:
    """Vehicles of 6 years and batteries of 2.5, sold half in June and half in December: their batteries fail
    after 3 and 3.5 years and again after 5.5 and 6."""
    age = np.arange(0, 6.01, 0.01)
    found = fleet.project(
        [100.0, 0, 0, 0, 0, 0, 0, 0],
        (age < 5.999).astype(float),
        (age < 2.499).astype(float),
        ages=age,
        timing="end",
        step=0.5,
    )
    assert found.vehicles_in_use.tolist() == pytest.approx([100.0] * 6 + [0.0, 0.0])
    assert found.batteries_replaced_new.tolist() == pytest.approx([0, 0, 50.0, 50.0, 0, 100.0, 0, 0])


@pytest.mark.parametrize("probability", [1.0, 0.6, 0.0])
def test_exponential_vehicles_and_batteries_follow_their_differential_equation(probability: float) -> None:
    """dN/dt = r - (1/v + (1 - p)/b) N, failures N/b: monthly steps come within a thousandth."""
    vehicle = fleet.Life(fleet.Family.WEIBULL, 9.0, 1.0)  # type: ignore[arg-type]
    battery = fleet.Life(fleet.Family.WEIBULL, 5.0, 1.0)  # type: ignore[arg-type]
    edges = np.array([0.0, 1.0, 4.0, 10.0, 25.0])
    for by_age in (False, True):  # by convolution and by the joint state
        found = fleet.project(
            rate_of(edges), vehicle, battery,
            edges=edges, replacement=probability, step=1 / 12, retired_by_age=by_age,
        )  # fmt: skip
        leaving = 1 / 9 + (1 - probability) / 5
        stock = 100 / leaving * (1 - np.exp(-leaving * edges))
        lived = 100 / leaving * (edges - (1 - np.exp(-leaving * edges)) / leaving)
        assert found.vehicles_in_use == pytest.approx(stock[1:], rel=1e-3)
        assert found.retired("worn") == pytest.approx(np.diff(lived) / 5, rel=1e-3)
        assert found.batteries_replaced_new == pytest.approx(probability * np.diff(lived) / 5, rel=1e-3)


def test_in_the_long_run_batteries_fail_once_in_their_mean_life() -> None:
    """The renewal theorem: vehicles that never leave, Weibull batteries of 4 years."""
    years = 400
    found = fleet.project(
        [1000.0] + [0.0] * (years - 1),
        np.ones(years + 2),
        fleet.Life(fleet.Family.WEIBULL, 4.0, 0.3),  # type: ignore[arg-type]
        step=0.25,
    )
    assert found.retired("worn")[-1] == pytest.approx(1000 / 4, rel=1e-6)
    assert found.vehicles_in_use[-1] == pytest.approx(1000)


def test_lead_acid_packs_of_ten_months_are_replaced_again_within_a_year() -> None:
    """Exponential lives of 10 months at yearly steps: S after even sale is known, a year brings 1.2
    failures."""
    found = fleet.project(
        [500.0] + [0.0] * 9,
        np.ones(12),
        fleet.Life(fleet.Family.WEIBULL, 10 / 12, 1.0),  # type: ignore[arg-type]
        step=1 / 96,
    )
    assert found.retired("worn")[1:] == pytest.approx(500 * 1.2, rel=0.01)


def test_a_hazard_is_exponential_and_causes_share_what_leaves() -> None:
    """Early retirement and accident against a vehicle that never ages: exp(-(e + a) t), parts e and a."""
    found = fleet.project(
        [1000.0] + [0.0] * 7, np.ones(10), early_retirement=0.05, accident=0.02, timing="start"
    )
    expected = 1000 * np.exp(-0.07 * np.arange(1, 9))
    assert found.vehicles_in_use == pytest.approx(expected, rel=1e-12)
    assert found.vehicles_early == pytest.approx(2.5 * found.vehicles_accident)
    assert found.retired("accident") == pytest.approx(found.vehicles_accident)
    assert found.vehicles_early[0] == pytest.approx(1000 * (1 - exp(-0.07)) * 5 / 7)


def test_a_worth_share_gives_the_vehicle_up_at_the_age_that_mean_lives_say() -> None:
    """Vehicles of exactly 10 years, batteries of exactly 4, share one half: no battery in the last 2
    years."""
    age = np.arange(0, 10.05, 0.05)
    found = fleet.project(
        [100.0] + [0.0] * 11,
        (age < 9.999).astype(float),
        (age < 3.999).astype(float),
        ages=age,
        replacement=fleet.Replacement(0.55, 1.0),  # type: ignore[arg-type]
        timing="end",
    )
    assert found.batteries_replaced_new == pytest.approx([0, 0, 0, 0, 100.0, 0, 0, 0, 0, 0, 0, 0], abs=1e-9)
    assert found.vehicles_given_up == pytest.approx([0, 0, 0, 0, 0, 0, 0, 0, 100.0, 0, 0, 0], abs=1e-9)


@pytest.mark.parametrize("ends", ["in_turn", "at_once"])
def test_without_replacement_a_vehicle_lives_as_long_as_the_shorter_of_two_lives(ends: str) -> None:
    """P(min(V, B) > a) = S_V(a) S_B(a): the product with its component of Aguilar Lopez, Billy and Müller."""
    age = np.arange(30.0)
    vehicle, battery = np.exp(-((age / 15) ** 3)), np.exp(-((age / 11) ** 2))
    sold = [100.0] + [0.0] * 19
    found = fleet.project(sold, vehicle, battery, replacement="none", timing="end", ends=ends)
    assert found.vehicles_in_use == pytest.approx(100 * (vehicle * battery)[:20], rel=1e-12)


def test_failures_are_the_sum_of_the_failures_of_every_generation() -> None:
    """m = f + f * f + f * f * f + ..., by repeated convolution."""
    battery = np.exp(-((np.arange(21.0) / 6) ** 4))
    found = fleet.project([1.0] + [0.0] * 19, np.ones(60), battery, timing="end")
    failing = np.append(0.0, -np.diff(battery))[:20]
    expected, generation = np.zeros(20), failing
    for _ in range(20):
        expected = expected + generation
        generation = np.convolve(generation, failing)[:20]
    assert found.retired("worn") == pytest.approx(expected, rel=1e-9, abs=1e-12)
