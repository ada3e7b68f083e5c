"""Kernel of a vehicle whose battery retires by the ageing engine: `fleet.kernels.vehicle_kernel` in steps of
a quarter, for curves that are known by year of age, in several climates at once.

What does not depend on the battery is worked out once a vehicle; what is linear in survival or in
the flows by step is one product with a sparse matrix (a dense one would start threads of its own).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from kitaran.planning.fleet.kernels import (
    Replacement,
    SurvivalCurve,
    alive_after,
    deaths,
    failures_with_replacement,
    lived_by,
)
from kitaran.planning.scenario.battery_life import AGES

Array = NDArray[np.float64]

QUARTERS = 4  # steps a year where no battery lives for months only
COLUMNS_AT_ONCE = 800  # samples of climates side by side that stay in the processor's cache
_NONE_LEFT = 1e-9


@dataclass(frozen=True)
class Vehicle:
    """A vehicle by quarters of age, up to the step in which the last one is gone; (step, sample) each.

    ending    : share that ends in the step, not counting its battery
    meeting   : mean share alive in the step
    remaining : mean remaining life [year]
    years     : length of the kernel
    """

    ending: Array
    meeting: Array
    remaining: Array
    years: int

    @classmethod
    def of(cls, curve: SurvivalCurve, years: int) -> Vehicle:
        """From survival by quarters of age; ends of less than 1e-9 of all vehicles are left out."""
        steps = years * QUARTERS
        lived = lived_by(curve, steps, 1.0 / QUARTERS)
        alive = alive_after(lived, 1.0 / QUARTERS)
        last = int(np.count_nonzero(alive.max(axis=1) > _NONE_LEFT)) + 1
        ending = deaths(alive)[:last]
        return cls(
            ending=ending,
            meeting=(alive[:last] + 0.5 * ending),
            remaining=((curve.mean - lived[:-1]) / np.maximum(alive, 1e-12))[:last],
            years=years,
        )


def flows_in_climates(vehicle: Vehicle, alive: Array, stretch: float, rule: Replacement) -> Array:
    """Batteries retired and put in again by year since sale, (2, climate, year, sample) per vehicle sold.

    alive   : (climate, age, sample) share of batteries that have not failed, at AGES
    stretch : factor on the battery's ages
    Equations as in `fleet.kernels.stepped_kernel` and `yearly_kernel`.
    """
    found = [_flows(vehicle, part, stretch, rule) for part in _side_by_side(alive)]
    return np.concatenate(found, axis=1)


def _side_by_side(alive: Array) -> list[Array]:
    together = max(1, COLUMNS_AT_ONCE // alive.shape[-1])
    return [alive[start : start + together] for start in range(0, alive.shape[0], together)]


def _flows(vehicle: Vehicle, alive: Array, stretch: float, rule: Replacement) -> Array:
    steps = vehicle.ending.shape[0]
    failures, mean = failures_by_step(steps, stretch)
    flat = np.ascontiguousarray(alive.swapaxes(0, 1)).reshape(AGES.size, -1)
    first = (failures @ flat).reshape(steps, *alive[:, 0].shape)
    lasting = (mean @ flat).reshape(alive[:, 0].shape)
    given_up = np.logical_or.accumulate(vehicle.remaining[:, None] < rule.worth_share * lasting, axis=0)
    replaced = np.where(given_up, 0.0, rule.probability)
    columns = (failures_with_replacement(first.reshape(steps, -1), replaced.reshape(steps, -1)))[0]
    failing = columns.reshape(first.shape)
    renewed = replaced * failing
    kept = 1.0 - np.cumsum(failing - renewed, axis=0)
    before = np.concatenate([np.ones_like(kept[:1]), kept[:-1]])
    before += kept
    before *= 0.5 * vehicle.ending[:, None]
    failing *= vehicle.meeting[:, None]
    failing += before
    renewed *= vehicle.meeting[:, None]
    by_year = _by_calendar_year(vehicle.years, steps)
    found = [
        (by_year @ flow.reshape(steps, -1)).reshape(-1, *alive[:, 0].shape) for flow in (failing, renewed)
    ]
    return np.stack([each.swapaxes(0, 1) for each in found])


@lru_cache(maxsize=256)
def failures_by_step(steps: int, stretch: float) -> tuple[csr_array, csr_array]:
    """What makes failures in each step, (step, age), and the mean life [year], (1, age), of survival at AGES.

    Survival is linear between ages and what is alive at the last age ends there, so that both are linear in
    it: the unit curves of each age go through `fleet.kernels`.
    """
    unit = SurvivalCurve(AGES * stretch, np.eye(AGES.size))
    alive = alive_after(lived_by(unit, steps, 1.0 / QUARTERS), 1.0 / QUARTERS)
    failures = -np.diff(alive, axis=0, prepend=np.eye(AGES.size)[:1])[:steps]
    return csr_array(failures), csr_array(unit.mean[None])


@lru_cache(maxsize=256)
def _by_calendar_year(years: int, steps: int) -> csr_array:
    """Weights of steps of age in years since the year of sale, (year, step): (n - |k - n t|) / n."""
    apart = np.abs(np.arange(steps) - QUARTERS * np.arange(years)[:, None])
    return csr_array(np.maximum(QUARTERS - apart, 0) / QUARTERS)
