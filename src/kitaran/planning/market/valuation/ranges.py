"""Ranges of figures as distributions, and draws by name.

low and high are P5 and P95 of a two-piece normal on the scale that fits: the logarithm above zero, the logit
of a fraction, else the plain scale. `kitaran.uncertainty` reads ranges in the same way and draws the same
samples; it stands above the market, which therefore has these few lines of its own, and a test holds both to
the same numbers.
Source: Wallis (2014), Statistical Science 29(1); McKay, Beckman and Conover (1979), Technometrics 21(2).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.float64]
P95_SCORE = 1.6448536269514722
P90_SCORE = 1.2815515655446004
FARTHEST_SCORE = 2.5758293035489004
EDGE = 1e-6


def at_score(value: float, low: float, high: float, fraction: bool, score: Array) -> Array:
    """(column,) values of a figure at standard normal scores, held beyond P0.5 and P99.5."""
    held = np.clip(score, -FARTHEST_SCORE, FARTHEST_SCORE) / P95_SCORE
    ends = np.array([value, low, high])
    if fraction:
        ends = special.logit(np.clip(ends, EDGE, 1 - EDGE))
    elif ends.min() > 0:
        ends = np.log(ends)
    middle, below, above = ends
    found = middle + np.where(held < 0, (middle - below) * held, (above - middle) * held)
    if fraction:
        inside = special.expit(found)
        return np.where(inside <= 2 * EDGE, 0.0, np.where(inside >= 1 - 2 * EDGE, 1.0, inside))
    if min(value, low, high) > 0:
        return np.asarray(np.exp(found), np.float64)
    return np.maximum(found, 0.0) if min(value, low) >= 0 else np.asarray(found, np.float64)


def drawn_scores(name: str, samples: int, seed: int) -> Array:
    """(sample,) standard normal scores of a name, one from each of as many equal slices."""
    digest = hashlib.sha256(f"{seed}/{name}".encode()).digest()
    random = np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))
    uniform = (random.permutation(samples) + random.random(samples)) / samples
    return np.asarray(special.ndtri(uniform), np.float64)


def p10_and_p90(samples: Array) -> tuple[Array, Array]:
    """P10 and P90 over the last axis, linear between order statistics."""
    ordered = np.sort(samples, axis=-1)
    low, high = (_between(ordered, share * (samples.shape[-1] - 1)) for share in (0.1, 0.9))
    return low, high


def _between(ordered: Array, position: float) -> Array:
    below = int(position)
    above = min(below + 1, ordered.shape[-1] - 1)
    return np.asarray(
        ordered[..., below] + (position - below) * (ordered[..., above] - ordered[..., below]), np.float64
    )
