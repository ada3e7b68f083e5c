"""A figure as the valuation uses it, with its row and its range, and the scores at which ranges are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.market.valuation.ranges import P90_SCORE, at_score, drawn_scores
from kitaran.reference import Row

Array = NDArray[np.float64]
OWN = "own"
"""Source of a figure that the reader entered."""


@dataclass(frozen=True)
class Figure:
    """One input of a value.

    name : name under which its range is drawn; two figures of one name move together
    row  : id of its row, empty for an own entry; date: period of the price, or year of the figure
    grade: as used here, a proxy one step lower; empty for an own entry
    part : what it belongs to: new, health, work, risk, transport, metals, used, vehicle
    """

    name: str
    value: float
    low: float
    high: float
    unit: str
    part: str
    grade: str = ""
    row: str = ""
    source: str = OWN
    date: str = ""
    note: str = ""
    proxy_for: str = ""
    fraction: bool = False

    def times(self, factor: float, unit: str = "") -> Figure:
        """The same figure in another unit, or of another time in its own."""
        value, low, high = (each * factor for each in (self.value, self.low, self.high))
        return replace(self, value=value, low=low, high=high, unit=unit or self.unit)

    def at(self, score: Array) -> Array:
        """(column,) values at standard normal scores; low and high are read as P5 and P95."""
        if not self.low < self.high:
            return np.full(score.shape, self.value)
        return at_score(self.value, self.low, self.high, self.fraction, score)


def from_row(row: Row, name: str, part: str, date: str = "", grade: str = "", proxy_for: str = "") -> Figure:
    """A figure of a row of a fact table."""
    low, high = row.span
    return Figure(
        name=name,
        value=row.central,
        low=min(low, row.central),
        high=max(high, row.central),
        unit=row.unit,
        part=part,
        grade=grade or row.grade,
        row=row.id,
        source=row.source,
        date=date or str(row.year or ""),
        note=row.note,
        proxy_for=proxy_for,
        fraction=row.unit == "fraction" and 0 < row.central < 1 and low >= 0 and high <= 1,
    )


def entered(name: str, value: float, unit: str, part: str) -> Figure:
    """A figure of the reader's own, which has no range."""
    return Figure(name, value, value, value, unit, part)


class Scores(Protocol):
    """Standard normal scores by name, (column,) each; a column is one look at the same batteries."""

    @property
    def columns(self) -> int: ...

    def of(self, name: str) -> Array: ...


@dataclass(frozen=True)
class Central:
    """One column, in which every figure has its value."""

    columns: int = 1

    def of(self, name: str) -> Array:
        return np.zeros(1)


@dataclass(frozen=True)
class Sampled:
    """Latin hypercube draws: each name has its own stream, the same for every battery."""

    columns: int
    seed: int
    _kept: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)

    def of(self, name: str) -> Array:
        if name not in self._kept:
            self._kept[name] = drawn_scores(name, self.columns, self.seed)
        return self._kept[name]


@dataclass(frozen=True)
class Moved:
    """Two columns a name: that one figure at its P10, then at its P90, all others at their values."""

    names: Sequence[str]

    @property
    def columns(self) -> int:
        return 2 * len(self.names)

    def of(self, name: str) -> Array:
        score = np.zeros(self.columns)
        if name in self.names:
            at = 2 * list(self.names).index(name)
            score[at : at + 2] = (-P90_SCORE, P90_SCORE)
        return score


@dataclass(frozen=True)
class Along:
    """Given scores of some names, (column,), all others at their values."""

    scores: Mapping[str, Array]
    columns: int

    def of(self, name: str) -> Array:
        return self.scores.get(name, np.zeros(self.columns))
