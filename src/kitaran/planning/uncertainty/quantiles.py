"""Quantiles of samples, by one rule everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PROBABILITIES = (0.1, 0.5, 0.9)


def quantiles(samples: Array) -> tuple[Array, Array, Array]:
    """P10, P50 and P90 over the last axis, linear between order statistics (type 7 of Hyndman and Fan
    1996)."""
    p10, p50, p90 = np.quantile(samples, PROBABILITIES, axis=-1)
    return p10, p50, p90
