"""Economies of like income stand in for one without figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from kitaran.planning.fleet.figures import Figure


@dataclass(frozen=True)
class Place:
    """What likeness is judged by: subregion, and income [USD/person]."""

    economy: str
    subregion: str
    income: float


def nearest(place: Place, candidates: Iterable[Place], count: int, subregion_distance: float) -> list[Place]:
    """The `count` candidates nearest to a place, nearest first.

    Distance: |ln income - ln income of the candidate|, and `subregion_distance` more in another subregion.
    """

    def distance(other: Place) -> tuple[float, str]:
        apart = 0.0 if other.subregion == place.subregion else subregion_distance
        return abs(float(np.log(other.income / place.income))) + apart, other.economy

    return sorted((other for other in candidates if other.economy != place.economy), key=distance)[:count]


def carried_over(
    place: Place, peers: Iterable[tuple[Place, Figure]], elasticity: float, spread: float
) -> Figure:
    """A figure per person from peers: the geometric mean of theirs, each moved to the income of the place.

    elasticity : change of the logarithm of the figure with that of income  [1]
    spread     : P95 over median that the result carries at least           [factor]
    The range reaches over the peers. Grade D: our own assumption, whatever theirs.
    """
    known = list(peers)
    moved = np.array([figure.value * (place.income / peer.income) ** elasticity for peer, figure in known])
    middle = float(np.exp(np.log(moved).mean()))
    rows = tuple(row for _, figure in known for row in figure.rows)
    return Figure(middle, min(middle / spread, moved.min()), max(middle * spread, moved.max()), "D", rows)
