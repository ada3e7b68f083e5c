"""How many years a battery still lasts in a use, by wear, in the climate of an economy.

The course of its chemistry in that duty and climate tells the age at which state of health is what was
measured, and the age at which the use ends by wear; the years between are left, but no more than a buyer
counts on of any battery in that use (`longest_years` of the table `value_lives`). Loss is faster or slower
from battery to battery, health is known within its interval: both are drawn, independent of each other.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm, qmc

from kitaran.planning.market.valuation.health import ageing, can_be_valued, course, soh_at_end, speeds
from kitaran.reference import read

Array = NDArray[np.float64]

DRAWS = 256
_Z_90 = 1.6448536269514722
_QUANTILES = (0.5, 0.05, 0.95)
_GRID = 200


def years_left(
    chemistry: list[str], economy: str, use: str, soh: Array, low: Array, high: Array
) -> NDArray[np.float64]:
    """Years to the end: middle and interval of 90 %, (battery, 3) [year], at most those counted on.

    chemistry      : (battery,) as the ageing models name it
    soh, low, high : (battery,) with its interval of 90 % [fraction]
    returns        : NaN where no model tells how the chemistry ages
    """
    told = np.full((len(chemistry), len(_QUANTILES)), np.nan)
    kinds = np.array(chemistry, dtype=np.str_)
    for kind in sorted(set(chemistry)):
        if can_be_valued(kind):
            rows = np.flatnonzero(kinds == kind)
            told[rows] = _of_chemistry(kind, economy, use, soh[rows], low[rows], high[rows])
    return told


def counted_on(use: str) -> float:
    """Years that a buyer counts on in a use, new or used [year]."""
    rows = read("value_lives").where(application=use, parameter="longest_years").resolve()
    return next(float(row.central) for row in rows)


def _of_chemistry(kind: str, economy: str, use: str, soh: Array, low: Array, high: Array) -> Array:
    draw = norm.ppf(qmc.Sobol(2, scramble=True, rng=1).random(DRAWS))
    of = course(kind, economy, use)
    vehicle = next(row.text("vehicle_class") for row in read("value_applications").where(application=use))
    end = soh_at_end(vehicle)[1]
    wear = ageing(of, speeds(of, draw[:, 0]), np.zeros(1), np.array([end]))
    sigma = np.where(draw[:, 1] < 0, (soh - low)[:, None], (high - soh)[:, None]) / _Z_90
    drawn = np.clip(soh[:, None] + sigma * draw[:, 1], 0.0, 1.0)
    grid = np.linspace(0.0, 1.0, _GRID + 1)
    left = np.empty_like(drawn)
    for column in range(DRAWS):
        left[:, column] = wear.ends[column] - np.interp(drawn[:, column], grid, wear.age_at[column])
    left = np.clip(left, 0.0, counted_on(use))
    return np.asarray(np.quantile(left, _QUANTILES, axis=1).T, np.float64)
