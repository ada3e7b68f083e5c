"""State of health from the features of a pulse test, for one format of cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2

Array = NDArray[np.float64]

_STRAIGHT = 0.1
_LEVEL = 1e-6
_STEADY = 1e-9


@dataclass(frozen=True)
class HealthCurve:
    """A smooth surface over features: bells around centres and a plane.

    soh(x) = level + sum_j w_j exp(-|z - c_j|^2 / (2 length^2)) + v_0 + v . z,  z = (x - centre) / scale

    centre, scale : (feature,)            length : width of a bell in scaled features
    bells         : (bell, feature)       weights: (bell + 1 + feature,)
    level         : mean SOH [fraction]
    below, above  : SOH to take away and to add for the interval of 90 % [fraction]
    """

    centre: Array
    scale: Array
    length: float
    bells: Array
    weights: Array
    level: float
    below: float
    above: float

    def soh(self, features: Array) -> Array:
        """(test, feature) to (test,) [fraction]."""
        scaled = (features - self.centre) / self.scale
        soh: Array = self.level + _surface(scaled, self.bells, self.length) @ self.weights
        return soh


def _bell(scaled: Array, bells: Array, length: float) -> Array:
    apart = ((scaled[:, None] - bells) ** 2).sum(axis=2)
    height: Array = np.exp(-apart / (2 * length**2))
    return height


def _surface(scaled: Array, bells: Array, length: float) -> Array:
    return np.concatenate([_bell(scaled, bells, length), np.ones((len(scaled), 1)), scaled], axis=1)


def fit_curves(
    features: Array, soh: Array, bells: int, choices: Sequence[tuple[float, float]]
) -> list[HealthCurve]:
    """Least squares with a price on roughness: kernel ridge regressions on centres of k-means.

    features : (test, feature), soh : (test,) [fraction]
    choices  : length of a bell and price of its roughness against a squared error; one curve for each
    The interval is left at nothing: it is known only from cells that the fit has not seen.
    """
    centre, scale = features.mean(axis=0), np.maximum(features.std(axis=0), 1e-9)
    scaled = (features - centre) / scale
    middles, _ = kmeans2(scaled, min(bells, len(scaled) // 2), seed=np.random.default_rng(1), minit="++")
    level = float(soh.mean())
    return [
        HealthCurve(
            centre,
            scale,
            choice[0],
            middles,
            _weights(scaled, soh - level, middles, *choice),
            level,
            0.0,
            0.0,
        )
        for choice in choices
    ]


def _weights(scaled: Array, departure: Array, middles: Array, length: float, roughness: float) -> Array:
    surface = _surface(scaled, middles, length)
    price = np.zeros((surface.shape[1],) * 2)
    count = len(middles)
    price[:count, :count] = _bell(middles, middles, length)
    price[count:, count:] = _STRAIGHT * np.eye(surface.shape[1] - count)
    price[count, count] = _LEVEL
    normal = surface.T @ surface + roughness * price + _STEADY * np.eye(len(price))
    return np.asarray(np.linalg.solve(normal, surface.T @ departure), np.float64)
