"""The kernel by quarters from years of age gives what the kernel of `fleet` gives, climates side by side."""

from __future__ import annotations

import numpy as np
import pytest

from kitaran.planning.fleet import Family, Replacement, SurvivalCurve, survival, vehicle_kernel
from kitaran.planning.scenario.aged_kernel import QUARTERS, Vehicle, flows_in_climates
from kitaran.planning.scenario.battery_life import AGES

YEARS, SAMPLES = 51, 7


@pytest.fixture(scope="module")
def rule() -> Replacement:
    return Replacement(np.linspace(0.2, 0.7, SAMPLES), np.linspace(0.6, 1.0, SAMPLES))


def _vehicle(mean_years: float) -> SurvivalCurve:
    grid = np.arange((YEARS + 1) * QUARTERS + 1) / QUARTERS
    mean = mean_years * np.linspace(0.8, 1.2, SAMPLES)
    return SurvivalCurve(grid, survival(Family.WEIBULL, mean, 0.3, grid))


def _batteries() -> np.ndarray:
    means = np.linspace(3.0, 18.0, SAMPLES)
    return np.stack([survival(Family.LOGISTIC, means * factor, 0.25, AGES) for factor in (0.7, 1.0, 1.4)])


@pytest.mark.parametrize("mean_years", [5.0, 17.0])
@pytest.mark.parametrize("stretch", [1.0, 0.55])
def test_it_is_the_kernel_of_the_fleet(rule: Replacement, mean_years: float, stretch: float) -> None:
    curve = _vehicle(mean_years)
    found = flows_in_climates(Vehicle.of(curve, YEARS), _batteries(), stretch, rule)
    for place, alive in enumerate(_batteries()):
        kernel = vehicle_kernel(curve, SurvivalCurve(AGES * stretch, alive), rule, YEARS, QUARTERS)
        assert found[0, place] == pytest.approx(kernel.retired, abs=3e-9)
        assert found[1, place] == pytest.approx(kernel.installed, abs=3e-9)


def test_a_climate_alone_gives_the_same_bytes_as_beside_others(rule: Replacement) -> None:
    vehicle = Vehicle.of(_vehicle(12.0), YEARS)
    together = flows_in_climates(vehicle, _batteries(), 1.0, rule)
    alone = flows_in_climates(vehicle, _batteries()[1:2], 1.0, rule)
    assert np.array_equal(together[:, 1], alone[:, 0])
