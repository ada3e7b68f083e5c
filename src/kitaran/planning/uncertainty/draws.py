"""Samples of figures of the fact tables.

A figure that is one fact for many economies (a composition, a life) is drawn by its row's name and so is the
same for all of them; a figure of one economy is drawn by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.uncertainty.distributions import spread
from kitaran.planning.uncertainty.sampling import Sampler

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """Samples by name; a name asked for twice gives the same scores.

    factors : P95 over median of a figure without a range, by grade
    """

    sampler: Sampler
    factors: Mapping[str, float]
    _scores: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)

    @property
    def samples(self) -> int:
        return self.sampler.samples

    def score(self, name: str) -> Array:
        """(sample,) standard normal scores of a name."""
        if name not in self._scores:
            self._scores[name] = self.sampler.normal(name)
        return self._scores[name]

    def correlated(self, shared: str, own: str, correlation: float) -> Array:
        """(sample,) scores of `own` that correlate with those of everything else drawn with the same
        `shared`."""
        if own not in self._scores:
            self._scores[own] = self.sampler.correlated(shared, own, correlation)
        return self._scores[own]

    @property
    def scores(self) -> Mapping[str, Array]:
        """Scores by name, of everything drawn so far."""
        return self._scores

    def figure(
        self,
        name: str,
        value: float | None,
        low: float | None = None,
        high: float | None = None,
        *,
        grade: str = "B",
        fraction: bool = False,
        score: Array | None = None,
    ) -> Array:
        """(sample,) draws of a figure: low and high as P5 and P95, or the factor of its grade without them.

        score : scores to use instead of the name's own, to tie several figures together
        """
        scores = self.score(name) if score is None else score
        return spread(value, low, high, fraction, self.factors[grade]).at(scores)

    def fixed(self, value: float) -> Array:
        """(sample,) the same value in every sample."""
        return np.full(self.samples, value)
