"""What stands beside a published claim: an answer with its band and its words, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.scenario.claims_outcome import Outcome
from kitaran.planning.uncertainty.quantiles import quantiles
from kitaran.reference import Row

Array = NDArray[np.float64]

REGION, WORLD, PLANT = "region", "world, from the region's share", "plant model"


@dataclass(frozen=True)
class Answer:
    """Ours beside a claim: p10, p50 and p90 of the samples, or the span over plants; and where it holds."""

    low: float
    middle: float
    high: float
    scope: str
    words: str

    @classmethod
    def of(cls, samples: Array, scope: str, words: str) -> Answer:
        low, middle, high = (float(part) for part in quantiles(samples))
        return cls(low, middle, high, scope, words)


@dataclass(frozen=True)
class Silence:
    """Why nothing of ours stands beside a claim."""

    words: str


Measured = Answer | Silence
Function = Callable[[Outcome, Row, Path | None], Measured]


def years_of(claim: Row) -> tuple[int, int]:
    """First and last year that a claim speaks of."""
    last = int(claim.number("for_year") or 0)
    return int(claim.number("base_year") or last), last


def amount(samples: Array) -> str:
    """p10, p50 and p90 in words."""
    low, middle, high = (float(part) for part in quantiles(np.atleast_1d(samples)))
    return f"{_said(middle)} ({_said(low)} to {_said(high)})"


def _said(value: float) -> str:
    """Three significant digits, and large numbers in full."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def lacks(quantity: str) -> Silence:
    return Silence(f"This run holds no {quantity}.")
