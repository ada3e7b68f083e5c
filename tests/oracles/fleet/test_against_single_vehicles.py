"""The stock model against a count of single vehicles and batteries, each drawn by chance."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran import fleet

COUNT, YEARS = 60_000, 25
P, ACCIDENT = 0.7, 0.01


def simulated() -> dict[str, np.ndarray]:
    """Each vehicle sold at a moment of year 0; batteries replaced with a probability until it leaves."""
    random = np.random.default_rng(42)
    flows = {name: np.zeros(YEARS) for name in ("worn", "with_vehicle", "accident", "replaced", "given_up")}
    ages = np.zeros(YEARS + 1)
    sold = random.uniform(0, 1, COUNT)
    scrapped = 10 * random.weibull(3.0, COUNT)
    crashed = random.exponential(1 / ACCIDENT, COUNT)
    for begin, age_scrapped, age_crashed in zip(sold, scrapped, crashed, strict=True):
        installed, end = 0.0, min(age_scrapped, age_crashed)
        while True:
            fails = installed + 5 * random.weibull(3.5)
            year = int(begin + min(fails, end))
            if year < YEARS:
                ages[int(min(fails, end) - installed)] += 1
            if fails >= end:
                if year < YEARS:
                    flows["accident" if age_crashed < age_scrapped else "with_vehicle"][year] += 1
                break
            replaced = random.random() < P
            if year < YEARS:
                flows["worn"][year] += 1
                flows["replaced" if replaced else "given_up"][year] += 1
            if not replaced:
                break
            installed = fails
    return flows | {"ages": ages}


@pytest.fixture(scope="module")
def counted() -> dict[str, np.ndarray]:
    return simulated()


@pytest.fixture(scope="module")
def found() -> fleet.Projection:
    age = np.arange(0, 40.05, 0.05)
    return fleet.project(
        [float(COUNT)] + [0.0] * (YEARS - 1),
        np.exp(-((age / 10) ** 3)),
        np.exp(-((age / 5) ** 3.5)),
        ages=age,
        replacement=P,
        accident=ACCIDENT,
        step=1 / 12,
        retired_by_age=True,
    )


def test_every_cause_agrees_with_a_count_of_single_vehicles(
    counted: dict[str, np.ndarray], found: fleet.Projection
) -> None:
    """Within five standard deviations of the count, and half a percent for the months."""
    flows = {
        "worn": found.retired("worn"),
        "with_vehicle": found.retired("with_vehicle"),
        "accident": found.retired("accident"),
        "replaced": found.batteries_replaced_new,
        "given_up": found.vehicles_given_up,
    }
    for name, flow in flows.items():
        off = np.abs(counted[name] - flow)
        assert np.all(off <= 5 * np.sqrt(flow + 1) + 0.005 * flow.max()), name


def test_batteries_retire_at_the_ages_of_the_count(
    counted: dict[str, np.ndarray], found: fleet.Projection
) -> None:
    assert found.retired_by_age is not None
    by_month = found.retired_by_age.sum(axis=(0, 1))
    middle = (
        found.battery_age
    )  # age class k holds ages k - 1 to k + 1 months, as entry and end lie in a month
    mean = (by_month * middle).sum() / by_month.sum()
    expected = (counted["ages"] * (np.arange(YEARS + 1) + 0.5)).sum() / counted["ages"].sum()
    assert mean == pytest.approx(expected, abs=0.02)
    by_year = np.add.reduceat(by_month, np.arange(0, by_month.size, 12))
    assert by_year[:6] == pytest.approx(counted["ages"][:6], rel=0.05, abs=800)
