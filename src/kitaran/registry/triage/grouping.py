"""Which batteries of one format stand together in a storage system, so that the most systems are built.

A system holds a whole number of strings of the same length; it holds what its weakest battery lets it:

    usable = n e min(h)            n batteries of nameplate energy e, health h on the lower bound
    max(h) - min(h) <= spread,  usable >= target,  n a multiple of the series

Sought are the most systems, and among those the fewest batteries. Given two systems, the better of
their batteries in one and the rest in the other never breaks a condition, nor does a battery that lies
between two of a system in the place of its weakest. So the best plan is made of runs of
batteries in order of health, and a recursion over that order finds it:

    f(j) = max( f(j-1), f(j-n) + (1, -n) )   in lexicographic order;  n = the fewest that health j needs

It is exact at any size: no search, no gap.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]

_CLOSE = 1e-9


def group(low: Array, kwh: float, series: int, target_kwh: float, spread: float) -> list[list[int]]:
    """Batteries of each system, by their place in `low`, best first.

    low        : (battery,) lower bound of health [fraction], above 0
    kwh        : nameplate energy of one battery [kWh]
    series     : batteries in a string
    target_kwh : least usable energy of a system [kWh]
    spread     : most that health may differ within a system [fraction]
    returns    : systems, each a list of places; time and memory O(batteries)
    Raises InputError for what cannot be.
    """
    _check(low, kwh, series, target_kwh, spread)
    order = np.argsort(-low, kind="stable")
    health = low[order].tolist()
    best = [(0, 0)]
    taken = [0]
    for last, weakest in enumerate(health):
        need = _needed(weakest, kwh, series, target_kwh)
        first = last + 1 - need
        found, size = best[last], 0
        if first >= 0 and health[first] - weakest <= spread + _CLOSE:
            systems, spent = best[first]
            if (systems + 1, spent - need) > found:
                found, size = (systems + 1, spent - need), need
        best.append(found)
        taken.append(size)
    return _runs(taken, order)


def _needed(weakest: float, kwh: float, series: int, target_kwh: float) -> int:
    """The fewest whole strings whose weakest battery reaches the target, in batteries."""
    return series * math.ceil(target_kwh / (series * kwh * weakest) - _CLOSE)


def _runs(taken: list[int], order: NDArray[np.intp]) -> list[list[int]]:
    runs, end = [], len(order)
    while end:
        size = taken[end]
        if size:
            runs.append([int(place) for place in order[end - size : end]])
        end -= size or 1
    return runs[::-1]


def _check(low: Array, kwh: float, series: int, target_kwh: float, spread: float) -> None:
    if not (np.isfinite(low).all() and (low > 0).all()):
        raise InputError(
            "Health of a battery that is built in must be known and above 0.", "low", "Leave it out."
        )
    if not (kwh > 0 and target_kwh > 0 and spread >= 0 and series >= 1 and math.isfinite(target_kwh)):
        raise InputError(
            "Energy, target and string must be above 0, the spread not below.",
            "group",
            "Correct it.",
        )
