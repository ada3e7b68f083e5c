"""Where a place stands on the map: the Equal Earth projection, turned so that the Pacific is not cut.

Equal Earth keeps areas true: Savric, Patterson and Jenny, International Journal of Geographical Information
Science 33 (2019) 454-465, equations 1 to 4.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

CENTRE_LON = 150.0
WEST, EAST, SOUTH, NORTH = 30.0, 225.0, -48.5, 76.0
WIDTH = 1000.0
CUT = -30.0

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2

Array = NDArray[np.float64]


def equal_earth(lon: ArrayLike, lat: ArrayLike) -> tuple[Array, Array]:
    """x and y on the unit sphere, x from CENTRE_LON eastwards, y to the north. lon, lat [degree]."""
    from_centre = np.radians(np.asarray(lon, dtype=np.float64) - CENTRE_LON)
    theta = np.arcsin(_M * np.sin(np.radians(np.asarray(lat, dtype=np.float64))))
    t2, t6 = theta**2, theta**6
    x = from_centre * np.cos(theta) / (_M * (_A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)))
    y = theta * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))
    return x, y


def _frame() -> tuple[float, float, float, float]:
    """Left, top, scale and height of the picture, so that the window fills WIDTH."""
    (left, right), (_, _) = equal_earth([WEST, EAST], [10.0, -14.0])
    (_, _), (bottom, top) = equal_earth([WEST, WEST], [SOUTH, NORTH])
    scale = WIDTH / float(right - left)
    return float(left), float(top), scale, float(top - bottom) * scale


_LEFT, _TOP, _SCALE, HEIGHT = _frame()


def on_picture(lon: ArrayLike, lat: ArrayLike) -> tuple[Array, Array]:
    """Picture coordinates: x from 0 to WIDTH, y from 0 (north) to HEIGHT. lon, lat [degree]."""
    lon = np.asarray(lon, dtype=np.float64)
    x, y = equal_earth(np.where(lon < CUT, lon + 360.0, lon), lat)
    return (x - _LEFT) * _SCALE, (_TOP - y) * _SCALE
