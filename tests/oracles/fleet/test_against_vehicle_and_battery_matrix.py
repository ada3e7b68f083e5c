"""The stock model against the published matrix of vehicle age by battery age, written out cell by cell.

Source: Busch et al., repositories ETM-Regional-Sufficiency-Circularity (RunMineralDemand, SurvivalOutflows)
and EoL-LIB-NorthAmerica (StockFlows_EV_LIB, Survival_EV_LIB), 2025: ages 0 to 30, logistic lives from
year-to-year survival ratios, vehicle and battery drawn independently, vehicles from an age on get no
battery, half of the working batteries of scrapped vehicles below an age are offered, first to the vehicle
that is eight years older, then the youngest to the oldest vehicle. In the older one a vehicle whose battery
fails is not scrapped that year. Left out are the clearing of cells below ten and the rounding; failed
batteries of vehicles of 30 years, which are dropped there, are counted.
"""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest
from numpy.typing import NDArray

from kitaran import fleet

Array = NDArray[np.float64]

AGES = 31
WARRANTY = 8
OLDEST_REPLACED = 16
OLDEST_REUSED = 12
OFFERED = 0.5


def logistic(mean: float, deviation: float = 4.0) -> Array:
    age = np.arange(AGES)
    alive = 1 / (1 + np.exp((age - mean) / (deviation * sqrt(3) / pi)))
    return np.asarray(alive / alive[0])


def matrix(sales: Array, vehicle: Array, battery: Array, ends: str) -> dict[str, Array]:
    """The published loop, one cell at a time."""
    found = {name: np.zeros(sales.size) for name in ("stock", "new", "reused", "failed", "available")}
    cells = np.zeros((AGES, AGES))
    for year, sold in enumerate(sales):
        cells[0, 0] = sold
        after = np.zeros((AGES, AGES))
        need, free = np.zeros(AGES), np.zeros(AGES)
        for i in range(AGES):
            for j in range(AGES):
                lives = vehicle[i + 1] / vehicle[i] if i < AGES - 1 else 0.0
                works = battery[j + 1] / battery[j] if j < AGES - 1 else 0.0
                if i < AGES - 1 and j < AGES - 1:
                    after[i + 1, j + 1] = lives * works * cells[i, j]
                if i < AGES - 1:
                    kept = 1.0 if ends == "battery_first" else lives
                    need[i + 1] += kept * (1 - works) * cells[i, j]
                if j < AGES - 1:
                    free[j + 1] += (1 - lives) * works * cells[i, j]
                found["failed"][year] += (1 - works) * cells[i, j]
        need[OLDEST_REPLACED:] = 0
        offer = free * OFFERED
        offer[OLDEST_REUSED:] = 0
        pairs = [(i, i - WARRANTY) for i in range(WARRANTY, AGES)]
        pairs += [(i, j) for i in range(AGES - 1, WARRANTY - 1, -1) for j in range(AGES)]
        for i, j in pairs:
            given = min(need[i], offer[j])
            need[i] -= given
            offer[j] -= given
            free[j] -= given
            after[i, j] += given
            found["reused"][year] += given
        after[:, 0] = need
        found["new"][year] = need.sum()
        found["available"][year] = free.sum()
        found["stock"][year] = after.sum()
        cells = after
    return found


@pytest.mark.parametrize("ends", ["at_once", "battery_first"])
def test_the_stock_model_gives_the_published_matrix(ends: str) -> None:
    """Two classes side by side, 36 years, sales that grow and fall."""
    random = np.random.default_rng(2025)
    years = np.arange(36)
    sales = 1e5 * np.stack([np.exp(0.15 * years), 80 - (years - 20) ** 2 / 10], axis=1)
    sales *= random.uniform(0.8, 1.2, sales.shape)
    lives = [(logistic(17.0), logistic(15.0)), (logistic(12.0), logistic(8.0))]
    age = np.arange(AGES)
    found = fleet.project(
        sales,
        np.stack([vehicle for vehicle, _ in lives], axis=1),
        np.stack([battery for _, battery in lives], axis=1),
        replacement=(age + 1 < OLDEST_REPLACED).astype(float),
        reuse_share=fleet.Reuse(
            asked=(age + 1 >= WARRANTY).astype(float),
            offered=OFFERED * (age + 1 < OLDEST_REUSED),
            match=fleet.Paired(WARRANTY),
        ),
        timing="start",
        ends=ends,
    )
    for system, (vehicle, battery) in enumerate(lives):
        expected = matrix(sales[:, system], vehicle, battery, ends)
        got = {
            "stock": found.vehicles_in_use,
            "new": found.batteries_replaced_new,
            "reused": found.batteries_replaced_reused,
            "failed": found.retired("worn"),
            "available": found.retired("with_vehicle"),
        }
        for name, flow in got.items():
            assert flow[:, system] == pytest.approx(expected[name], rel=1e-9, abs=1e-6), name
        assert expected["reused"].sum() > 0.05 * expected["new"].sum()
