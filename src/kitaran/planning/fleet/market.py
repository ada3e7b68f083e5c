"""How many new vehicles of all powertrains an economy takes up each year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def market_path(
    base: Array, base_year: int, years: Array, population: Array, growth: Array, fading_years: Array
) -> Array:
    """Yearly sales of all powertrains.

    base        : (sample,) sales in the base year                                    [vehicle/year]
    years       : (year,)
    population  : (year,) persons, and so that the base year is among `years`         [person]
    growth      : (sample,) growth of sales per person in the base year               [1/year]
    fading_years: (sample,) time in which that growth fades by 1 - 1/e                [year]
    returns     : (year, sample) [vehicle/year]

    M(t) = M0 P(t)/P0 exp(g T (1 - e^(-(t - t0)/T))); before the base year the same with g constant.
    Ownership saturates as income grows: Dargay, Gately and Sommer (2007), The Energy Journal 28(4).
    """
    ahead = (np.asarray(years, dtype=np.float64) - base_year)[:, None]
    faded = np.where(ahead > 0, fading_years * -np.expm1(-np.maximum(ahead, 0.0) / fading_years), ahead)
    persons = population / population[int(np.searchsorted(years, base_year))]
    path: Array = base * persons[:, None] * np.exp(growth * faded)
    return path


def growth_by_income(gdp_per_person: float, at_low: Array, low: float, high: float) -> Array:
    """Growth of vehicle sales per person by income.

    gdp_per_person : [USD/person]
    at_low         : (sample,) growth at or below the low income  [1/year]
    low, high      : incomes between which it falls to zero        [USD/person]
    returns        : (sample,) linear in the logarithm of income
    """
    position = np.log(max(gdp_per_person, 1.0) / low) / np.log(high / low)
    growth: Array = at_low * (1.0 - min(max(float(position), 0.0), 1.0))
    return growth
