"""Retirement: at what age batteries leave first life, by wear, by age, by the vehicle's end and by accident.

The causes compete, and a battery in use has escaped them all: S(a) = S_wear(a) S_age(a) S_vehicle(a)
S_accident(a).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from kitaran.foundation.errors import InputError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.equations import Array

SOH_EDGES = np.linspace(0.0, 1.0, 51)


@dataclass(frozen=True)
class Retirement:
    """Batteries of one cohort over age.

    in_use     : (year + 1,) share still in first life at the ends of years
    retired    : (year,) share that retires in each year
    by_wear    : (year,) the part of it whose state of health fell to the threshold
    soh_edges  : (bin + 1,); soh_of_retired : (year, bin) share of the cohort, by state of health when it left
    """

    in_use: Array
    retired: Array
    by_wear: Array
    soh_edges: Array
    soh_of_retired: Array


def retire_cohort(
    soh: ArrayLike,
    other_survival: ArrayLike,
    threshold: float | None = None,
    weights: ArrayLike | None = None,
) -> Retirement:
    """Retirement of a cohort from lives of its batteries.

    soh            : (year + 1, life) state of health at the ends of years
    other_survival : (year + 1,) share that age, the vehicle's end and accidents leave, starting at 1
    threshold      : state of health at which a battery is replaced; the assumption without it
    weights        : (life,) share of each life in the cohort; even without it
    InputError for survival that does not start at one or that rises.
    """
    limit = assumption("retire_at").value if threshold is None else threshold
    lives, other = np.asarray(soh, dtype=float), np.asarray(other_survival, dtype=float)
    if other.shape != lives.shape[:1] or other[0] != 1 or np.any(np.diff(other) > 0) or np.any(other < 0):
        raise InputError(
            "Survival must start at one and never rise.",
            "other_survival",
            "Give one share for each year end.",
        )
    share = (
        np.full(lives.shape[1], 1.0 / lives.shape[1]) if weights is None else np.asarray(weights, dtype=float)
    )
    share = share / share.sum()
    unworn = np.logical_and.accumulate(lives > limit, axis=0)
    in_use = other * (unworn @ share)
    worn_now = (unworn[:-1] & ~unworn[1:]) * share
    by_wear = other[:-1] * worn_now.sum(axis=1)
    by_other = (other[:-1] - other[1:])[:, None] * (unworn[1:] * share)
    middle = 0.5 * (lives[:-1] + lives[1:])
    at_exit = np.where(unworn[:-1] & ~unworn[1:], np.minimum(limit, lives[:-1]), middle)
    leaving = other[:-1, None] * worn_now + by_other
    histogram = [
        np.histogram(row, SOH_EDGES, weights=part)[0] for row, part in zip(at_exit, leaving, strict=True)
    ]
    return Retirement(in_use, in_use[:-1] - in_use[1:], by_wear, SOH_EDGES, np.array(histogram))


def combined_survival(*causes: ArrayLike) -> Array:
    """Share that several independent causes leave, (year + 1,): their product."""
    return np.asarray(np.prod([np.asarray(cause, dtype=float) for cause in causes], axis=0))
