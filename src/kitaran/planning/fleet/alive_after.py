"""The share alive at the end of each period after entry, whenever in its period a unit enters.

Entry is even over the period (exact for sales at a constant rate, whatever the period), or at its start,
middle or end, as published models have it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.lives import Lives, Table

Array = NDArray[np.float64]


class Timing(StrEnum):
    """When in its interval a unit enters."""

    EVEN = "even"
    START = "start"
    MIDDLE = "middle"
    END = "end"


OFFSET = {Timing.EVEN: 0.5, Timing.START: 1.0, Timing.MIDDLE: 0.5, Timing.END: 0.0}  # mean part lived of it


@dataclass(frozen=True)
class AliveAfter:
    """Share of each cohort that is alive at the ends of periods, from the period of its entry on.

    lives  : as given
    edges  : (period + 1,) of the periods                                        [year]
    cohort : (period,) cohort of the lives for what enters in each period
    timing : when in its period a unit enters
    """

    lives: Lives
    edges: Array
    cohort: NDArray[np.intp]
    timing: Timing

    def of(self, period: int) -> Array:
        """What entered in a period: (periods from it on, S)."""
        if isinstance(self.lives, Table):
            return np.asarray(self.lives.alive[period, period:])
        return self._between(self.edges[period], self.edges[period + 1], period, self.cohort[period])

    def earlier(self, opened: float, closed: float) -> Array:
        """What entered before the first period, per unit alive at its start: (period, S), zero where none
        could be alive."""
        if isinstance(self.lives, Table):
            raise InputError(
                "A table by interval does not say how vehicles sold before it go on.",
                "initial_stock, trade",
                "Give survival by age, or a Life.",
            )
        now = self._alive(opened, closed, self.edges[:1], 0)
        later = self._between(opened, closed, 0, 0)
        return np.divide(later, now, out=np.zeros_like(later), where=now > 1e-300)

    def _between(self, opened: float, closed: float, period: int, cohort: int) -> Array:
        return self._alive(opened, closed, self.edges[period + 1 :], cohort)

    def _alive(self, opened: float, closed: float, ends: Array, cohort: int) -> Array:
        """S at the end for entry at one time; [L(end - opened) - L(end - closed)] / (closed - opened) for
        even entry, the mean of S over the times of entry."""
        assert not isinstance(self.lives, Table)
        width = closed - opened
        if self.timing is not Timing.EVEN:
            return self.lives.at(ends - opened - width * (1.0 - OFFSET[self.timing]), cohort)
        if ends.size and np.allclose(np.diff(ends), width, atol=1e-9 * width):
            ages = ends[0] - closed + width * np.arange(ends.size + 1)
            return np.diff(self.lives.lived(ages, cohort), axis=0) / width
        until, since = self.lives.lived(ends - opened, cohort), self.lives.lived(ends - closed, cohort)
        return np.asarray((until - since) / width)


def ratios(alive: AliveAfter, earlier: int, step: float, steps: int) -> Array:
    """Share of what is alive before each step that is alive after it, by cohort: (step, cohort, S).

    earlier : number of cohorts, one a step, that entered before the first step; they come first
    step    : length of a step [year]; the periods of `alive` are the steps
    A cohort has 1 before its entry. Where none is left the ratio is 0.
    """
    rows = [alive.earlier(alive.edges[0] - (k + 1) * step, alive.edges[0] - k * step) for k in range(earlier)]
    width = max([1, *(row.shape[-1] for row in rows), alive.of(steps - 1).shape[-1]])
    found = np.ones((steps, earlier + steps, width))
    for age, row in enumerate(rows):
        found[:, earlier - 1 - age] = _ratio(row)
    shared = None if alive.lives.by_cohort else _ratio(alive.of(0))
    for cohort in range(steps):
        row = _ratio(alive.of(cohort)) if shared is None else shared[: steps - cohort]
        found[cohort:, earlier + cohort] = row
    return found


def _ratio(alive: Array) -> Array:
    before = np.concatenate([np.ones_like(alive[:1]), alive[:-1]])
    ratio = np.divide(alive, before, out=np.zeros_like(alive), where=before > 1e-300)
    return np.asarray(np.minimum(ratio, 1.0))
