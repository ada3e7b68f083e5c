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
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.survival import Family, mean_life_until

Array = NDArray[np.float64]

MONTHS = 12
_BEYOND_ANY_LIFE = 1e3


class Lives(Protocol):
    """Lives of vehicles or of batteries: their mean, (sample,) [year], and the mean years lived before
    ages."""

    @property
    def mean(self) -> Array: ...

    def lived(self, age: Array) -> Array:
        """Mean years lived before each age, (age, sample) [year]: the integral of survival."""
        ...


@dataclass(frozen=True)
class Life:
    """Distribution of lives: family, mean (sample,) [year], and standard deviation over mean, one
    or (sample,) [1]."""

    family: Family
    mean: Array
    cv: float | Array

    def lived(self, age: Array) -> Array:
        return mean_life_until(self.family, self.mean, self.cv, age)


@dataclass(frozen=True)
class SurvivalCurve:
    """Lives known by the share that is alive at ages: (age,) [year] and (age, sample), 1 at age 0 and never
    rising. Linear between ages; what is alive at the last age ends there."""

    age: Array
    alive: Array

    @cached_property
    def _so_far(self) -> Array:
        steps = 0.5 * (self.alive[1:] + self.alive[:-1]) * np.diff(self.age)[:, None]
        return np.concatenate([np.zeros_like(steps[:1]), np.cumsum(steps, axis=0)])

    @property
    def mean(self) -> Array:
        whole: Array = self._so_far[-1]
        return whole

    def lived(self, age: Array) -> Array:
        if np.array_equal(age, self.age[: age.size]):
            return self._so_far[: age.size]
        held = np.minimum(np.asarray(age, dtype=np.float64), self.age[-1])
        below = np.clip(np.searchsorted(self.age, held, side="right") - 1, 0, self.age.size - 2)
        into = held - self.age[below]
        slope = (self.alive[below + 1] - self.alive[below]) / np.diff(self.age)[below, None]
        total: Array = self._so_far[below] + into[:, None] * (self.alive[below] + 0.5 * slope * into[:, None])
        return total


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


def lived_by(life: Lives, steps: int, step_years: float) -> Array:
    """Mean years lived before each grid point, (steps + 2, sample), at ages 0, h, 2h, ...  [year]"""
    return life.lived(step_years * np.arange(steps + 2, dtype=np.float64))


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


def replaced_at(vehicle: Lives, lived: Array, alive: Array, battery: Lives, rule: Replacement) -> Array:
    """Probability that a battery failing at a vehicle's age is replaced, (step, sample).

    rule.probability while E[V - a | V > a] >= worth_share E[B], then 0: the mean remaining life of the
    vehicle against the mean life of a new battery. Once given up, always given up.
    lived, alive : of the vehicle, as `lived_by` and `alive_after` give them
    """
    whole = vehicle.lived(np.array([_BEYOND_ANY_LIFE]))
    remaining = (whole - lived[:-1]) / np.maximum(alive, 1e-12)
    given_up = np.logical_or.accumulate(remaining < rule.worth_share * battery.mean, axis=0)
    return np.where(given_up, 0.0, rule.probability)


def monthly_kernel(vehicle: Lives, battery: Lives, rule: Replacement, years: int) -> Kernel:
    """`stepped_kernel` by month, for batteries that live some months."""
    return stepped_kernel(vehicle, battery, rule, years, MONTHS)


def stepped_kernel(
    vehicle: Lives, battery: Lives, rule: Replacement, years: int, steps_a_year: int
) -> Kernel:
    """Flows and stock per vehicle sold, by step of vehicle age.

    years  : length of the grid
    returns: Kernel of (steps_a_year years + 1, sample), index = age in steps

    phi_k = q_k + sum_{j<k} p_j phi_j q_{k-j}   battery failures of a vehicle that is never scrapped
    A_k   = A_{k-1} - (1 - p_k) phi_k           share not given up
    M_k   = (S_{k-1} + S_k) / 2,  D_k = S_{k-1} - S_k
    retired_k   = M_k phi_k + D_k (A_{k-1} + A_k) / 2
    installed_k = M_k p_k phi_k,  in_use_k = S_k A_k
    with q failures of a new battery, p probability of replacement, S share of vehicles alive after step k.
    Half of a step's scrapped vehicles go before its battery failures and half after them.
    """
    steps, step = years * steps_a_year, 1.0 / steps_a_year
    lived = lived_by(vehicle, steps, step)
    alive = alive_after(lived, step)
    replaced = replaced_at(vehicle, lived, alive, battery, rule)
    first = deaths(alive_after(lived_by(battery, steps, step), step))
    failing, _ = failures_with_replacement(first, replaced)
    kept = kept_after(failing, replaced)
    scrapped, meeting = deaths(alive) * _with_previous(kept), _with_previous(alive)
    return Kernel(meeting * failing + scrapped, meeting * replaced * failing, alive * kept)


def _with_previous(share: Array) -> Array:
    """Mean of each step and the step before it, which is 1 before the first."""
    previous = np.concatenate([np.ones_like(share[:1]), share[:-1]])
    mean: Array = 0.5 * (share + previous)
    return mean


def kept_after(failing: Array, replaced: Array) -> Array:
    """Share of vehicles not given up after each step: A_k = A_{k-1} - (1 - p_k) phi_k, (step, sample).

    Taken off step by step, so that each step balances to its own rounding.
    """
    lost = (1.0 - replaced) * failing
    kept: Array = np.subtract.accumulate(np.concatenate([np.ones_like(lost[:1]), lost]), axis=0)[1:]
    return kept


def failures_with_replacement(
    first: Array, replaced: Array, successor: Array | None = None
) -> tuple[Array, Array]:
    """Failures by age of battery and of all its successors: the renewal equation, solved step by step.

    first     : (step, sample) share of the batteries sold with the vehicle that fails in each step [fraction]
    replaced  : (step, sample) probability that a battery failing in the step is replaced         [fraction]
    successor : (step, sample) share of a replacement that fails, by steps since it was put in; as `first`
                where it is not given                                                             [fraction]
    returns   : failures in each step, with those of batteries that were put in during the same step; and
                without them; each (step, sample) per vehicle that is never scrapped      [battery/vehicle]

    phi_k = [first_k + sum_{j<k} p_j phi_j next_{k-j}] / (1 - p_k next_0)
    """
    after = first if successor is None else successor
    failing, old = np.empty_like(first), np.empty_like(first)
    installed = np.zeros_like(first)
    support = int(np.max(np.nonzero(after.max(axis=1) > 1e-15)[0], initial=0))
    last_installed = int(np.max(np.nonzero(replaced.max(axis=1) > 0)[0], initial=-1))
    for age in range(first.shape[0]):
        oldest, newest = max(0, age - support), min(age, last_installed + 1)
        earlier = 0.0
        if newest > oldest:
            put_in, failing_now = installed[oldest:newest], after[age - newest + 1 : age - oldest + 1][::-1]
            earlier = np.einsum("jn,jn->n", put_in, failing_now)
        old[age] = first[age] + earlier
        failing[age] = old[age] / (1.0 - replaced[age] * after[0])
        installed[age] = replaced[age] * failing[age]
    return failing, old


def yearly_kernel(stepped: Kernel, steps_a_year: int = MONTHS) -> Kernel:
    """Flows and stock by calendar year since the year of sale, sales spread evenly over its steps.

    stepped: Kernel by step of age, (steps_a_year years + 1, sample)
    returns: Kernel of (years, sample), index 0 = year of sale

    With n steps a year, a vehicle sold in step m has its events of age k in step m + k: year t takes the ages
    n t - n + 1 to n t + n - 1 with weights (n - |k - n t|) / n. Stock at year's end is the mean over ages n
    t to n t + n - 1.
    """
    years = (stepped.in_use.shape[0] - 1) // steps_a_year
    if years < 1:
        raise InputError("A kernel needs at least one year.", "kernel", "Lengthen the grid.")
    in_use = stepped.in_use[: years * steps_a_year].reshape(years, steps_a_year, -1).mean(axis=1)
    return Kernel(
        _by_calendar_year(stepped.retired, years, steps_a_year),
        _by_calendar_year(stepped.installed, years, steps_a_year),
        in_use,
    )


def _by_calendar_year(flow: Array, years: int, steps_a_year: int) -> Array:
    so_far = np.cumsum(flow, axis=0)[: years * steps_a_year].reshape(years, steps_a_year, -1).mean(axis=1)
    return np.diff(so_far, axis=0, prepend=0.0)


def vehicle_kernel(
    vehicle: Lives, battery: Lives, rule: Replacement, years: int, steps_a_year: int = MONTHS
) -> Kernel:
    """Yearly kernel of one kind of vehicle, (years, sample): `stepped_kernel` seen by calendar year."""
    return yearly_kernel(stepped_kernel(vehicle, battery, rule, years, steps_a_year), steps_a_year)
