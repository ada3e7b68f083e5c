"""What moves one value most: each input alone from its P10 to its P90, all others at their values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kitaran.planning.market.valuation.draw import Draw
from kitaran.planning.market.valuation.figures import Figure, Moved
from kitaran.planning.market.valuation.part import Part
from kitaran.planning.market.valuation.ranges import P90_SCORE, P95_SCORE
from kitaran.planning.market.valuation.routes import look
from kitaran.planning.market.valuation.value import Valuation

SMALLEST_SHARE = 0.005
"""Swings below this share of the widest are not told."""


@dataclass(frozen=True)
class Swing:
    """One input: the value of the battery with it at P10 and at P90 [USD], and the input's own ends.

    figure : the input with its row; none for a state of health that the reader gave with a range
    """

    name: str
    at_low_usd: float
    at_high_usd: float
    figure: Figure | None
    low: float
    high: float

    @property
    def width(self) -> float:
        return abs(self.at_high_usd - self.at_low_usd)


def swings(of: Valuation, index: int = 0) -> tuple[Swing, ...]:
    """Inputs of one battery of a valuation, the widest swing first; the best way is taken each time."""
    kind = of.lot.kinds[of.lot.group[index]]
    part = Part.of(kind, of.lot, np.array([index], np.intp))
    known = {each.name: each for each in of.figures[kind]}
    names = ["soh", *(name for name, each in known.items() if each.low < each.high and name != "soh")]
    moved = Moved(names)
    ways = look(part, Draw(of.book, moved)).routes.values()
    ends = np.max([way.value + np.zeros((1, moved.columns)) for way in ways], axis=0)[0]
    found = []
    for at, name in enumerate(names):
        low, high = _ends(part, known.get(name))
        found.append(Swing(name, float(ends[2 * at]), float(ends[2 * at + 1]), known.get(name), low, high))
    found.sort(key=lambda swing: -swing.width)
    widest = found[0].width
    return tuple(swing for swing in found if swing.width > SMALLEST_SHARE * widest)


def _ends(part: Part, figure: Figure | None) -> tuple[float, float]:
    """P10 and P90 of an input."""
    score = np.array([-P90_SCORE, P90_SCORE])
    if figure is not None:
        low, high = figure.at(score)
        return float(low), float(high)
    held = P90_SCORE / P95_SCORE
    middle = float(part.soh[0, 0])
    return (
        middle - held * (middle - float(part.soh_low[0, 0])),
        middle + held * (float(part.soh_high[0, 0]) - middle),
    )
