"""Kernels of capital: annuity, present value, scaling of equipment, cost index, capital of a chemical plant.

All take arrays and broadcast; an axis named `sample` may stand for scales, draws or places alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]

ROUNDING_TOLERANCE = 1e-9
"""So that a design capacity of 0.3000000001 does not become 0.4."""


def annuity(rate: ArrayLike, years: ArrayLike) -> Array:
    """Constant yearly payment that repays a capital of 1.

    rate    : (sample,) [1/year]
    years   : (sample,) [year]
    returns : (sample,) [1/year]

    a = r (1+r)^n / ((1+r)^n - 1), and 1/n at r = 0.
    Raises InputError if rate < 0 or years <= 0.
    Source: Towler and Sinnott, Chemical Engineering Design, chapter on economic evaluation.
    """
    r, n = np.broadcast_arrays(np.asarray(rate, np.float64), np.asarray(years, np.float64))
    if not (np.all(r >= 0) and np.all(n > 0)):
        raise InputError(
            "The discount rate is below 0, or the years of life are not above 0.",
            "discount, years",
            "Give a rate of 0 or more and years above 0.",
        )
    growth = n * np.log1p(r)
    safe = np.where(growth > 0, -np.expm1(-growth), 1.0)
    return np.asarray(np.where(growth > 0, r / safe, 1 / n), np.float64)


def capital_charge(fixed_capital_usd: Array, rate: ArrayLike, years: ArrayLike) -> Array:
    """Constant yearly charge that repays fixed capital.

    fixed_capital_usd : (process, sample)  [USD of the price year]
    rate              : (sample,)          [1/year]
    years             : (sample,)          [year]
    returns           : (process, sample)  [USD/year]
    """
    return fixed_capital_usd * annuity(rate, years)


def present_value(cash_flow_usd: ArrayLike, rate: ArrayLike, first_year: int = 0) -> Array:
    """Worth today of yearly cash flows.

    cash_flow_usd : (sample, year) [USD], the first column falling in `first_year` years from now
    rate          : (sample,)      [1/year]
    returns       : (sample,)      [USD]

    PV = sum of C_t / (1+r)^t. Raises InputError if rate <= -1.
    """
    flows = np.asarray(cash_flow_usd, np.float64)
    r = np.asarray(rate, np.float64)
    if not np.all(r > -1):
        raise InputError("The discount rate is -1 or less.", "rate", "Give a rate above -1.")
    years = first_year + np.arange(flows.shape[-1])
    return np.asarray((flows / (1 + r[..., None]) ** years).sum(axis=-1), np.float64)


def scaled_cost(coefficient: float, exponent: float, offset: float, capacity: Array) -> Array:
    """Cost of one piece of equipment: a C^b + c, nothing for no capacity.

    capacity : (sample,) [t/h]; returns (sample,) [USD of the basis year]
    """
    cost = coefficient * np.power(np.maximum(capacity, 0.0), exponent) + offset
    return np.asarray(np.where(capacity > 0, cost, coefficient * (exponent == 0) + offset), np.float64)


def index_ratio(index: Mapping[int, float], target_year: int, basis_year: int) -> float:
    """Cost index of one year over that of another. InputError if a year is not in the index."""
    for year in (target_year, basis_year):
        if year not in index:
            raise InputError(
                f"The cost index has no year {year}.", "plant_cost_index", "Add the year as an override."
            )
    return index[target_year] / index[basis_year]


def round_up(value: Array, step: float) -> Array:
    """The next multiple of a step, with a tolerance for what binary numbers cannot hold."""
    return np.asarray(np.ceil(value / step - ROUNDING_TOLERANCE) * step, np.float64)


@dataclass(frozen=True)
class FixedCapital:
    """Fixed capital of a plant, each (sample,) [USD]."""

    equipment: Array
    inside: Array
    outside: Array
    engineering: Array
    contingency: Array

    @property
    def site(self) -> Array:
        """Inside and outside battery limits."""
        return self.inside + self.outside

    @property
    def total(self) -> Array:
        return self.site + self.engineering + self.contingency


INSTALLATION = ("erection", "piping", "instrument", "electrical", "civil", "structures", "lagging")


def fixed_capital(
    equipment_usd: Array, factor: Mapping[str, float], contingency_on_site: bool
) -> FixedCapital:
    """Capital build-up by installation factors.

    equipment_usd       : (sample,) [USD], purchased equipment at the place
    factor              : shares `f_...` of the table plant_parameters, group capital
    contingency_on_site : contingency on ISBL + OSBL; else on ISBL + engineering, as EverBatt computes it

    ISBL = E (1 + sum of installation factors); OSBL, engineering and contingency are shares of these.
    Source: EverBatt 2023, after Towler and Sinnott.
    """
    inside = equipment_usd * (1 + sum(factor[f"f_{name}"] for name in INSTALLATION))
    outside = factor["f_OSBL"] * inside
    engineering = factor["f_engineering"] * (inside + outside)
    base = inside + (outside if contingency_on_site else engineering)
    return FixedCapital(equipment_usd, inside, outside, engineering, factor["f_contingency"] * base)
