"""Which uncertain inputs the spread of a result comes from.

Squared rank correlation of each input's scores with the result: with independent inputs and a monotone
response it is the share of the spread (of ranks) that the input explains. Shares below what chance gives
are dropped.
Source: Saltelli et al. (2008), Global Sensitivity Analysis, on standardised rank regression.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_TIMES_CHANCE = 4.0


def explained_shares(scores: Mapping[str, Array], outcome: Array) -> dict[str, float]:
    """Share of the spread of an outcome that each input explains, largest first; zero ones left out.

    scores  : by name, (sample,) draws of the input
    outcome : (sample,)
    Chance gives 1/n on average in n samples; shares below four times that are taken to be chance.
    """
    if not scores or np.ptp(outcome) == 0:
        return {}
    names = list(scores)
    ranked = _standardised_ranks(np.stack([scores[name] for name in names]))
    squared = (ranked @ _standardised_ranks(outcome[None])[0] / len(outcome)) ** 2
    chance = _TIMES_CHANCE / len(outcome)
    found = {name: float(share) for name, share in zip(names, squared, strict=True) if share > chance}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _standardised_ranks(rows: Array) -> Array:
    """Ranks along the last axis, with mean 0 and variance 1."""
    ranks = rows.argsort(axis=-1).argsort(axis=-1).astype(np.float64)
    middle = (rows.shape[-1] - 1) / 2
    standardised: Array = (ranks - middle) / np.sqrt((rows.shape[-1] ** 2 - 1) / 12)
    return standardised
