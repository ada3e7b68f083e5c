"""Stock and flow by cohort, against convolution, closed forms and a count of single vehicles."""

from __future__ import annotations

from math import gamma

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kitaran.foundation.errors import InputError, KitaranError
from kitaran.planning.fleet.kernels import Life, Replacement, vehicle_kernel
from kitaran.planning.fleet.stock import (
    adjust_to_stock,
    assert_balance,
    imbalance,
    outflow,
    sales_that_fill,
)
from kitaran.planning.fleet.survival import Family

RULE = Replacement(np.array([0.4]), np.array([0.9]))
LIFE = Life(Family.WEIBULL, np.array([9.0]), 0.4)
BATTERY = Life(Family.WEIBULL, np.array([4.0]), 0.35)


def test_outflow_is_the_convolution_of_cohorts_with_the_kernel() -> None:
    random = np.random.default_rng(1)
    sold, kernel = random.random((30, 3, 5)), random.random((30, 5))
    expected = np.empty_like(sold)
    for kind in range(3):
        for sample in range(5):
            expected[:, kind, sample] = np.convolve(sold[:, kind, sample], kernel[:, sample])[:30]
    assert outflow(sold, kernel) == pytest.approx(expected, rel=1e-12)


def test_a_kernel_that_is_too_short_is_refused() -> None:
    with pytest.raises(InputError):
        outflow(np.ones((10, 1)), np.ones((9, 1)))


@settings(max_examples=30, deadline=None)
@given(sold=arrays(np.float64, (25, 1), elements=st.floats(0, 1e7)))
def test_vehicles_that_enter_leave_or_are_in_use(sold: np.ndarray) -> None:
    kernel = vehicle_kernel(LIFE, BATTERY, RULE, 25)
    leaving = outflow(sold, kernel.retired) - outflow(sold, kernel.installed)
    assert imbalance(sold, leaving, outflow(sold, kernel.in_use)) < 1e-12


def test_a_fleet_that_does_not_balance_stops_the_run() -> None:
    sold = np.full((5, 1), 100.0)
    with pytest.raises(KitaranError, match="does not balance"):
        assert_balance(sold, np.zeros_like(sold), np.cumsum(sold, axis=0) * (1 - 1e-6), "test")


def test_the_fleet_agrees_with_a_count_of_single_vehicles() -> None:
    """An independent count: every vehicle and every battery drawn by chance, no kernel and no convolution."""
    random = np.random.default_rng(11)
    sold = np.linspace(20_000, 100_000, 20).astype(int)
    retired, in_use = np.zeros(80), np.zeros(80)
    for year, vehicles in enumerate(sold):
        _count(random, year + random.random(vehicles), retired, in_use)
    vehicle = Life(Family.WEIBULL, np.array([_MEAN_VEHICLE]), _cv(2.7))
    battery = Life(Family.WEIBULL, np.array([_MEAN_BATTERY]), _cv(3.1))
    kernel = vehicle_kernel(vehicle, battery, RULE, 20)
    cohorts = sold[:, None].astype(np.float64)
    assert outflow(cohorts, kernel.retired)[:, 0] == pytest.approx(retired[:20], rel=0.015, abs=200)
    assert outflow(cohorts, kernel.in_use)[:, 0] == pytest.approx(in_use[:20], rel=0.005, abs=200)


def _count(random: np.random.Generator, sale: np.ndarray, retired: np.ndarray, in_use: np.ndarray) -> None:
    """Follow vehicles from their sale; add what retires by year, and what is in use at each year's end."""
    death, installed, end = sale + 9.2 * random.weibull(2.7, sale.size), sale.copy(), np.zeros_like(sale)
    running = np.arange(sale.size)
    while running.size:
        failure = installed[running] + 4.5 * random.weibull(3.1, running.size)
        scrapped = failure >= death[running]
        leaves = np.where(scrapped, death[running], failure)
        np.add.at(retired, leaves.astype(int), 1)
        age = np.minimum(((failure - sale[running]) / 0.01).astype(int), _REMAINING.size - 1)
        worth = _REMAINING[age] >= 0.4 * _MEAN_BATTERY
        renewed = ~scrapped & worth & (random.random(running.size) <= 0.9)
        end[running[~renewed]] = leaves[~renewed]
        installed[running[renewed]] = failure[renewed]
        running = running[renewed]
    for year in range(80):
        in_use[year] += np.count_nonzero((sale < year + 1) & (end > year + 1))


def _cv(shape: float) -> float:
    return float(np.sqrt(gamma(1 + 2 / shape) / gamma(1 + 1 / shape) ** 2 - 1))


_MEAN_VEHICLE = 9.2 * gamma(1 + 1 / 2.7)
_MEAN_BATTERY = 4.5 * gamma(1 + 1 / 3.1)
_ALIVE = np.exp(-((np.linspace(0, 60, 6001) / 9.2) ** 2.7))
_REMAINING = np.cumsum(_ALIVE[::-1])[::-1] * 0.01 / np.maximum(_ALIVE, 1e-12)


ENDLESS = np.ones((6, 6, 1))


def test_a_rise_of_stock_beyond_sales_comes_in_unrecorded() -> None:
    sold = np.array([[100.0], [100], [100], [100], [100], [100]])
    published = np.array([np.nan, 200, 800, np.nan, 1000, 1100])
    rise = np.array([0.0, 0, 500, 0, 0, 0])
    found = adjust_to_stock(sold, ENDLESS, published, rise, np.array([0.8]))
    assert found.unrecorded[:, 0].tolist() == [0, 0, 400, 0, 0, 0]
    assert found.modelled[:, 0].tolist() == [100, 200, 700, 800, 900, 1000]
    assert found.gap[4:, 0].tolist() == [100, 100]


def test_a_published_stock_that_is_too_low_is_reported_and_not_followed() -> None:
    sold = np.full((6, 1), 100.0)
    found = adjust_to_stock(sold, ENDLESS, np.full(6, 50.0), np.zeros(6), np.array([1.0]))
    assert not found.unrecorded.any()
    assert found.gap[:, 0].tolist() == [-50, -150, -250, -350, -450, -550]


def test_no_more_comes_in_than_the_stock_lacks() -> None:
    sold = np.full((6, 1), 100.0)
    found = adjust_to_stock(sold, ENDLESS, np.full(6, 330.0), np.full(6, 1e6), np.array([1.0]))
    assert found.modelled[0, 0] == 330.0
    assert found.unrecorded[:, 0].tolist() == [230, 0, 0, 0, 0, 0]


def test_sales_that_fill_keep_the_stock_at_its_path() -> None:
    alive = np.broadcast_to(0.85 ** np.arange(10)[None, :, None], (10, 10, 1))
    stock = np.linspace(100, 1000, 10)[:, None]
    sold = sales_that_fill(np.full((10, 1), np.nan), stock, alive)
    assert outflow(sold, alive[0])[:, 0] == pytest.approx(stock[:, 0])


def test_recorded_sales_stand_before_a_stock() -> None:
    recorded = np.array([[np.nan], [5.0], [np.nan]])
    sold = sales_that_fill(recorded, np.array([[10.0], [100.0], [np.nan]]), np.ones((3, 3, 1)))
    assert sold[:, 0].tolist() == [10.0, 5.0, 0.0]


def test_a_stock_that_falls_faster_than_vehicles_wear_out_gives_no_negative_sales() -> None:
    sold = sales_that_fill(np.full((3, 1), np.nan), np.array([[100.0], [10.0], [5.0]]), np.ones((3, 3, 1)))
    assert sold[:, 0].tolist() == [100.0, 0.0, 0.0]
