"""Used batteries as replacements: who asks, what is offered, and which vehicle gets which battery.

A vehicle that is scrapped or retired early leaves a battery that still works. Part of them are offered
again; part of the vehicles whose battery has failed ask for one. A used battery goes on with its own
remaining survival.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

Match = Callable[[Array, Array], Array]
"""asked (vehicle cohort, S), offered (battery cohort, S) -> given (vehicle cohort, battery cohort, S); the
older cohort first on both axes, which share their start."""


def mixed(asked: Array, offered: Array) -> Array:
    """Every vehicle that asks draws from all batteries alike.

    given_cb = a_c o_b min(sum a, sum o) / (sum a sum o)
    """
    all_asked, all_offered = asked.sum(axis=0), offered.sum(axis=0)
    both = all_asked * all_offered
    whole = np.divide(np.minimum(all_asked, all_offered), both, out=np.zeros_like(both), where=both > 0)
    return np.asarray(asked[:, None] * (offered * whole)[None])


@dataclass(frozen=True)
class Paired:
    """First a battery that is younger than the vehicle by a number of steps; then the oldest vehicle takes
    the youngest battery.

    younger : steps by which the battery of the first round is younger than the vehicle
    Source: the vehicle and battery matrix of Busch et al., repository EoL-LIB-NorthAmerica, whose gap is the
    eight years of warranty.
    """

    younger: int

    def __call__(self, asked: Array, offered: Array) -> Array:
        cohorts, batteries = asked.shape[0], offered.shape[0]
        given = np.zeros((cohorts, batteries, asked.shape[1]))
        count = max(0, min(cohorts, batteries - self.younger))
        own, other = np.arange(count), np.arange(count) + self.younger
        given[own, other] = np.minimum(asked[:count], offered[self.younger : self.younger + count])
        asking, left = asked - given.sum(axis=1), offered - given.sum(axis=0)
        return given + _in_order(asking, left[::-1])[:, ::-1]


def _in_order(asked: Array, offered: Array) -> Array:
    """The first that asks takes the first that is offered: overlap of the two running sums."""
    asked_to, offered_to = np.cumsum(asked, axis=0), np.cumsum(offered, axis=0)
    asked_from, offered_from = asked_to - asked, offered_to - offered
    upper = np.minimum(asked_to[:, None], offered_to[None])
    overlap = upper - np.maximum(asked_from[:, None], offered_from[None])
    return np.asarray(np.maximum(overlap, 0.0))


@dataclass(frozen=True)
class Reuse:
    """Used batteries as replacements.

    asked   : share of replacements that take a used battery if there is one, a number or by vehicle age as
              (age,), (age, *systems) or (interval, age, *systems)                               [fraction]
    offered : share of working batteries of scrapped vehicles that is offered, by battery age alike [fraction]
    match   : which vehicle gets which battery: `mixed`, or `Paired`
    What is offered and not taken leaves with its vehicle; it does not wait for the next step.
    """

    asked: ArrayLike
    offered: ArrayLike = 1.0
    match: Match = mixed
