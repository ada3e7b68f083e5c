"""What the making of cells rejects, and how it falls as plants learn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]


def scrap_rate(age_years: Array, start: Array, mature: Array, learning_years: Array) -> Array:
    """Part of the cells started that a plant rejects, by its age.

    age_years      : (age, 1)  [year]
    start, mature  : (sample,) rate in the first year, and at last  [fraction]
    learning_years : (sample,) time in which the distance to the mature rate falls to 1/e  [year]
    returns        : (age, sample)

    s(a) = s_m + (s_0 - s_m) exp(-a / T).
    InputError if a rate is not between 0 and 1, if the start is below the end, or T <= 0.
    """
    rates = np.concatenate([np.ravel(start), np.ravel(mature)])
    if np.any((rates < 0) | (rates >= 1)) or np.any(np.asarray(start) < mature):
        raise InputError(
            "A scrap rate is not between 0 and 1, or rises with age.", "scrap", "Give start above mature."
        )
    if np.any(np.asarray(learning_years) <= 0):
        raise InputError("The time of learning must be above zero.", "scrap", "Give years above zero.")
    rate: Array = mature + (start - mature) * np.exp(-age_years / learning_years)
    return rate


def mean_scrap_rate(output_gwh: Array, by_age: Array) -> Array:
    """Scrap rate of an economy's plants together, from when each came.

    output_gwh : (year, sample) good cells made a year, the first year as old as plants can be  [GWh]
    by_age     : (age, sample) rate by age of a plant, at least one age a year
    returns    : (year, sample); the rate of the first age where nothing is made

    Plants come as output passes what was ever made before: I(y) = max over t <= y of output, plants of age a
    in year y are I(y-a) - I(y-a-1), and what stands idle is of every age alike.
    """
    years = output_gwh.shape[0]
    if by_age.shape[0] < years:
        raise InputError(f"{by_age.shape[0]} ages do not cover {years} years.", "scrap", "Give more ages.")
    installed = np.maximum.accumulate(output_gwh, axis=0)
    added = np.diff(installed, axis=0, prepend=np.zeros_like(installed[:1]))
    weighted = np.zeros_like(installed)
    for age in range(years):
        weighted[age:] += by_age[age] * added[: years - age]
    rate = np.broadcast_to(by_age[0], installed.shape).copy()
    np.divide(weighted, installed, out=rate, where=installed > 0)
    return rate


def scrap_energy(output_gwh: Array, rate: Array) -> Array:
    """Rejected cells and electrodes, counted as the whole cells they would have been.

    output_gwh : (year, sample) good cells  [GWh]
    rate       : (year, sample) part of the cells started that is rejected
    returns    : (year, sample) E s / (1 - s)  [GWh]
    """
    energy: Array = output_gwh * rate / (1.0 - rate)
    return energy
