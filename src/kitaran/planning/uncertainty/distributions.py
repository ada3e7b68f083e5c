"""From value, low and high to a distribution: low and high are read as P5 and P95, the value as the median.

A two-piece normal on the scale that fits the quantity: the logarithm for quantities above zero, the logit for
fractions, the plain scale where a bound is zero. Each side of the median has its own width, so a skew range
stays skew. Draws beyond P0.5 and P99.5 are held there.
Source of the two-piece normal: Fechner (1897); Wallis (2014), Statistical Science 29(1).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import special

from kitaran.foundation.errors import InputError

Array = NDArray[np.float64]

P95_SCORE = 1.6448536269514722
FARTHEST_SCORE = 2.5758293035489004
_EDGE = 1e-6


class Scale(StrEnum):
    """Scale on which a distribution is a two-piece normal."""

    LOG = "log"
    LOGIT = "logit"
    PLAIN = "plain"


@dataclass(frozen=True)
class Spread:
    """An uncertain figure: median, P5 and P95, and its scale."""

    value: float
    low: float
    high: float
    scale: Scale

    def at(self, score: Array) -> Array:
        """Quantiles for standard normal scores: (sample,) -> (sample,)."""
        held = np.clip(score, -FARTHEST_SCORE, FARTHEST_SCORE) / P95_SCORE
        middle, below, above = (self._to_scale(end) for end in (self.value, self.low, self.high))
        return self._from_scale(middle + np.where(held < 0, (middle - below) * held, (above - middle) * held))

    def _to_scale(self, figure: float) -> float:
        if self.scale is Scale.LOG:
            return float(np.log(figure))
        if self.scale is Scale.LOGIT:
            return float(special.logit(min(max(figure, _EDGE), 1 - _EDGE)))
        return figure

    def _from_scale(self, figure: Array) -> Array:
        if self.scale is Scale.LOG:
            return np.exp(figure)
        if self.scale is Scale.LOGIT:
            inside: Array = special.expit(figure)
            return np.where(inside <= 2 * _EDGE, 0.0, np.where(inside >= 1 - 2 * _EDGE, 1.0, inside))
        return np.maximum(figure, 0.0) if min(self.value, self.low) >= 0 else figure


def spread(
    value: float | None, low: float | None, high: float | None, fraction: bool, factor: float
) -> Spread:
    """The distribution of a figure.

    value, low, high : as in a fact table; without a value, the middle of low and high
    fraction         : whether it lies between 0 and 1
    factor           : P95 over median where a figure comes without a range (for fractions: of the odds)
    Raises InputError if nothing is known, or low is above high.
    """
    known = [figure for figure in (value, low, high) if figure is not None]
    if not known:
        raise InputError("A figure has neither value nor range.", "uncertain input", "Give a value.")
    if low is not None and high is not None and low > high:
        raise InputError(
            f"The low end {low:g} is above the high end {high:g}.", "uncertain input", "Swap them."
        )
    scale = Scale.LOGIT if fraction else Scale.LOG if min(known) > 0 else Scale.PLAIN
    if value is None:
        value = _middle(known, scale)
    if low is None and high is None:
        low, high = _around(value, scale, factor)
    return Spread(
        value, min(value if low is None else low, value), max(value if high is None else high, value), scale
    )


def _middle(known: list[float], scale: Scale) -> float:
    if scale is Scale.LOG:
        return float(np.exp(np.mean(np.log(known))))
    return float(np.mean(known))


def _around(value: float, scale: Scale, factor: float) -> tuple[float, float]:
    if scale is Scale.LOGIT:
        if not 0 < value < 1:
            return value, value
        odds = value / (1 - value)
        return odds / factor / (1 + odds / factor), odds * factor / (1 + odds * factor)
    return value / factor, value * factor
