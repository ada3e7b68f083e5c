"""What one vehicle sold brings over its life: batteries retired, batteries put in again, vehicle in use.

A renewal process with defect. A vehicle is sold with a battery. A battery that fails is replaced like for
like, unless the vehicle is given up with it; a vehicle that is scrapped takes its battery along. Everything
is per vehicle sold and by age on a monthly grid, then by calendar year with sales spread evenly over the
year of sale.

Source of the discretisation: local moment matching, Gerber (1982), Insurance: Mathematics and Economics 1(1):
each life is split between the two grid points beside it, so that the mean is kept whatever the step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.survival import Family, mean_life_until

Array = NDArray[np.float64]

MONTHS = 12
_BEYOND_ANY_LIFE = 1e3


@dataclass(frozen=True)
class Life:
    """Distribution of lives: family, mean (sample,) [year], and standard deviation over mean [1]."""

    family: Family
    mean: Array
    cv: float


@dataclass(frozen=True)
class Replacement:
    """When a failed battery is replaced.

    worth_share : (sample,) a battery is put in only if the vehicle has, on average, at least this share of a
                  battery's mean life before it                                                 [fraction]
    probability : (sample,) and then with this probability; otherwise the vehicle is given up   [fraction]
    """

    worth_share: Array
    probability: Array


@dataclass(frozen=True)
class Kernel:
    """Flows and stock per vehicle sold, by step since sale; each (step, sample).

    retired   : batteries that leave vehicles in the step    [battery/vehicle]
    installed : replacements put in during the step          [battery/vehicle]
    in_use    : vehicles, and so batteries, at the step's end [vehicle/vehicle]

    Balance: in_use[0] = 1 + installed[0] - retired[0], in_use[t] - in_use[t-1] = installed[t] - retired[t].
    """

    retired: Array
    installed: Array
    in_use: Array


def lived_by(life: Life, steps: int, step_years: float) -> Array:
    """Mean years lived before each grid point, (steps + 2, sample), at ages 0, h, 2h, ...  [year]"""
    return mean_life_until(
        life.family, life.mean, life.cv, step_years * np.arange(steps + 2, dtype=np.float64)
    )


def alive_after(lived: Array, step_years: float) -> Array:
    """Share alive just after each grid point, when each life ends at a grid point and the mean life is kept.

    lived  : (step + 1, sample) as `lived_by` gives it   [year]
    returns: (step, sample), after ages 0, h, 2h, ...    [fraction]
    [E min(T,(k+1)h) - E min(T,kh)] / h: mean survival between two grid points.
    """
    return np.diff(lived, axis=0) / step_years


def deaths(alive: Array) -> Array:
    """Share that dies at each grid point, from the share alive after it: (step, sample), sum at most 1."""
    return -np.diff(alive, axis=0, prepend=1.0)


def replaced_at(vehicle: Life, lived: Array, alive: Array, battery: Life, rule: Replacement) -> Array:
    """Probability that a battery failing at a vehicle's age is replaced, (step, sample).

    rule.probability while E[V - a | V > a] >= worth_share E[B], then 0: the mean remaining life of the
    vehicle against the mean life of a new battery. Once given up, always given up.
    lived, alive : of the vehicle, as `lived_by` and `alive_after` give them
    """
    whole = mean_life_until(vehicle.family, vehicle.mean, vehicle.cv, np.array([_BEYOND_ANY_LIFE]))
    remaining = (whole - lived[:-1]) / np.maximum(alive, 1e-12)
    given_up = np.logical_or.accumulate(remaining < rule.worth_share * battery.mean, axis=0)
    return np.where(given_up, 0.0, rule.probability)


def monthly_kernel(vehicle: Life, battery: Life, rule: Replacement, years: int) -> Kernel:
    """Flows and stock per vehicle sold, by month of vehicle age.

    years  : length of the grid
    returns: Kernel of (12 years + 1, sample), index = age in months

    phi_k = q_k + sum_{j<k} p_j phi_j q_{k-j}   battery failures of a vehicle that is never scrapped
    A_k   = A_{k-1} - (1 - p_k) phi_k           share not given up
    M_k   = (S_{k-1} + S_k) / 2,  D_k = S_{k-1} - S_k
    retired_k   = M_k phi_k + D_k (A_{k-1} + A_k) / 2
    installed_k = M_k p_k phi_k,  in_use_k = S_k A_k
    with q failures of a new battery, p probability of replacement, S share of vehicles alive after month k.
    Half of a month's scrapped vehicles go before its battery failures and half after them.
    """
    steps, step = years * MONTHS, 1.0 / MONTHS
    lived = lived_by(vehicle, steps, step)
    alive = alive_after(lived, step)
    replaced = replaced_at(vehicle, lived, alive, battery, rule)
    failing = _failures_with_replacement(deaths(alive_after(lived_by(battery, steps, step), step)), replaced)
    kept = 1.0 - np.cumsum((1.0 - replaced) * failing, axis=0)
    scrapped, meeting = deaths(alive) * _with_previous(kept), _with_previous(alive)
    return Kernel(meeting * failing + scrapped, meeting * replaced * failing, alive * kept)


def _with_previous(share: Array) -> Array:
    """Mean of each step and the step before it, which is 1 before the first."""
    previous = np.concatenate([np.ones_like(share[:1]), share[:-1]])
    mean: Array = 0.5 * (share + previous)
    return mean


def _failures_with_replacement(first: Array, replaced: Array) -> Array:
    """Failures by age of battery and of all its successors: the renewal equation, solved step by step."""
    failing = np.empty_like(first)
    installed = np.zeros_like(first)
    support = int(np.max(np.nonzero(first.max(axis=1) > 1e-15)[0], initial=0))
    for age in range(first.shape[0]):
        oldest = max(0, age - support)
        earlier = np.einsum("jn,jn->n", installed[oldest:age], first[age - oldest : 0 : -1])
        failing[age] = (first[age] + earlier) / (1.0 - replaced[age] * first[0])
        installed[age] = replaced[age] * failing[age]
    return failing


def yearly_kernel(monthly: Kernel) -> Kernel:
    """Flows and stock by calendar year since the year of sale, sales spread evenly over twelve months.

    monthly: Kernel by month of age, (12 years + 1, sample)
    returns: Kernel of (years, sample), index 0 = year of sale

    A vehicle sold in month m has its events of age k in month m + k: year t takes the ages 12t - 11 to
    12t + 11 with weights (12 - |k - 12t|) / 12. Stock at year's end is the mean over ages 12t to 12t + 11.
    """
    years = (monthly.in_use.shape[0] - 1) // MONTHS
    if years < 1:
        raise InputError("A kernel needs at least one year.", "kernel", "Lengthen the grid.")
    in_use = monthly.in_use[: years * MONTHS].reshape(years, MONTHS, -1).mean(axis=1)
    return Kernel(
        _by_calendar_year(monthly.retired, years), _by_calendar_year(monthly.installed, years), in_use
    )


def _by_calendar_year(flow: Array, years: int) -> Array:
    so_far = np.cumsum(flow, axis=0)[: years * MONTHS].reshape(years, MONTHS, -1).mean(axis=1)
    return np.diff(so_far, axis=0, prepend=0.0)


def vehicle_kernel(vehicle: Life, battery: Life, rule: Replacement, years: int) -> Kernel:
    """Yearly kernel of one kind of vehicle, (years, sample): `monthly_kernel` seen by calendar year."""
    return yearly_kernel(monthly_kernel(vehicle, battery, rule, years))
