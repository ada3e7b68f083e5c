"""Time of a projection: intervals between increasing edges, and the even steps inside them.

Results stand at the edges. Where a rule looks at ages, the model walks in even steps that divide every
interval and the year, so that a coarse grid and a fine one give the same result at the edges that they share.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]

FINEST_PARTS = 400  # of a year: a day is the shortest step that is looked for
_TOLERANCE = 1e-6  # of a step


@dataclass(frozen=True)
class Grid:
    """Intervals and steps.

    edges   : (interval + 1,) increasing times              [year]
    step    : length of the even steps                      [year]
    of_step : (step,) interval in which each step lies
    """

    edges: Array
    step: float
    of_step: NDArray[np.intp]

    @property
    def intervals(self) -> int:
        return self.edges.size - 1

    @property
    def steps(self) -> int:
        return int(self.of_step.size)

    @property
    def first_steps(self) -> NDArray[np.intp]:
        """First step of each interval, (interval,)."""
        return np.searchsorted(self.of_step, np.arange(self.intervals))

    @property
    def share_of_interval(self) -> Array:
        """Part of its interval that each step is, (step,)."""
        return 1.0 / np.bincount(self.of_step)[self.of_step]

    def spread(self, total: Array) -> Array:
        """Totals by interval, (interval, ...), evenly over their steps, (step, ...)."""
        share = self.share_of_interval.reshape(-1, *(1,) * (total.ndim - 1))
        return np.asarray(total[self.of_step] * share)

    def summed(self, flow: Array) -> Array:
        """Flows by step, (step, ...), summed to intervals, (interval, ...)."""
        if self.steps == self.intervals:
            return flow
        return np.asarray(np.add.reduceat(flow, self.first_steps, axis=0))

    def at_ends(self, stock: Array) -> Array:
        """Stocks at the ends of steps, (step, ...), at the ends of intervals, (interval, ...)."""
        return np.asarray(stock[np.append(self.first_steps[1:], self.steps) - 1])


def grid_of(edges: ArrayLike | None, intervals: int, step: float | None = None) -> Grid:
    """The grid of a projection.

    edges     : (interval + 1,) increasing times, or None for intervals of one year   [year]
    intervals : how many there are in what is projected
    step      : None for the longest that divides every interval and the year         [year]
    Raises InputError if edges do not increase, are not one more than the intervals, or have no step in
    common.
    """
    if edges is None:
        edges = np.arange(intervals + 1, dtype=np.float64)
    given = np.asarray(edges, dtype=np.float64)
    if given.shape != (intervals + 1,):
        raise InputError(
            f"Edges of shape {given.shape} do not bound {intervals} intervals.",
            "edges",
            f"Give {intervals + 1} times: where the first interval begins and where each one ends.",
        )
    lengths = np.diff(given)
    if not (np.isfinite(given).all() and np.all(lengths > 0)):
        raise InputError(
            "The edges of the time grid do not increase.", "edges", "Sort them; take out doubles."
        )
    length = _common_step(lengths) if step is None else float(step)
    parts = lengths / length if length > 0 else np.full(lengths.size, np.inf)
    if not (length > 0 and np.all(np.abs(parts - np.rint(parts)) <= _TOLERANCE) and np.all(parts > 0.5)):
        raise InputError(
            f"Steps of {length:g} years do not divide every interval.",
            "step",
            "Give a step of which every interval is a multiple.",
        )
    return Grid(given, length, np.repeat(np.arange(intervals), np.rint(parts).astype(int)))


def _common_step(lengths: Array) -> float:
    """Longest step that divides a year and every length; the shortest length if there is none."""
    found = Fraction(1)
    for length in np.unique(np.round(lengths, 9)):
        part = Fraction(float(length)).limit_denominator(FINEST_PARTS)
        if part == 0 or abs(float(part) - length) > _TOLERANCE * float(length):
            return float(lengths.min())
        found = Fraction(
            gcd(found.numerator * part.denominator, part.numerator * found.denominator),
            found.denominator * part.denominator,
        )
    return float(found) if found.denominator <= FINEST_PARTS else float(lengths.min())
