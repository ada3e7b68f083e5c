"""Trajectories y(x) of the states and their two ways forward.

    power    y = k x^p            powerB   y = (k x)^p          linear   y = k x
    sigmoid  y = 2 y_inf (1/2 - 1/(1 + exp((k x)^p))) = y_inf tanh((k x)^p / 2)

`euler` is the explicit step of the published package: dy = y'(x*) dx with x* = y^-1(y). `closed` goes along
the trajectory: y(x* + dx). The rates of a window hold throughout it, so a closed step is the same however it
is divided. Irreversible states never fall in it, and a state above a limit that the season has lowered waits.
"""

from __future__ import annotations

import numpy as np

from kitaran.planning.lifetime.catalogue import Kernel
from kitaran.planning.lifetime.equations import Array

Number = Array | float

_LARGEST = 1e150


def trajectory(kernel: Kernel, x: Number, k: Number, p: Number, y_inf: Number) -> Array:
    """The state y after the independent variable x from a fresh start, at constant rates."""
    x, k, p = np.asarray(x), np.asarray(k), np.asarray(p)
    if kernel == "power":
        return np.asarray(k * x**p)
    if kernel == "powerB":
        return np.asarray((k * x) ** p)
    if kernel == "linear":
        return np.asarray(k * x)
    return np.asarray(2 * np.asarray(y_inf) * (1 / 2 - 1 / (1 + np.exp((k * x) ** p))))


def euler(kernel: Kernel, y: Array, dx: Number, k: Number, p: Number, y_inf: Number) -> Array:
    """Growth of the state y by one explicit step dx; NaN where the trajectory cannot be inverted."""
    if kernel == "linear":
        return np.asarray(k * np.asarray(dx) + 0.0 * y)
    with np.errstate(all="ignore"):
        growth = _slope(kernel, y, k, p, y_inf)
        growth *= dx
        if not y.all():
            growth = np.where(y == 0, trajectory(kernel, dx, k, p, y_inf), growth)
    return growth if np.all(dx) else np.where(np.equal(dx, 0.0), 0.0, growth)


def _slope(kernel: Kernel, y: Array, k: Number, p: Number, y_inf: Number) -> Array:
    k, p, y_inf = np.asarray(k), np.asarray(p), np.asarray(y_inf)
    if kernel == "power":
        slope = np.asarray(y / k)
        np.power(slope, (p - 1) / p, out=slope)
        slope *= k * p
        return slope
    if kernel == "powerB":
        x = y ** (1 / p) / k
        return np.asarray(p * (k * x) ** p / x)
    x = (1 / k) * np.log(-(2 * y_inf / (y - y_inf)) - 1) ** (1 / p)
    z = (k * x) ** p
    e = np.exp(z)
    return np.asarray(2 * y_inf * p * e * z / (x * (e + 1) ** 2))


def power_advance(dx: Number, k: Number, p: Number) -> Array:
    """What a window adds to y^(1/p) of a power state: k^(1/p) dx.

    It is a sum over windows, so a whole year can be added at once.
    """
    with np.errstate(all="ignore"):
        return np.asarray(np.minimum(np.maximum(k, 0.0) ** (1.0 / np.asarray(p)), _LARGEST) * dx)


def closed_sigmoid(y: Array, dx: Number, k: Number, p: Number, y_inf: Number) -> Array:
    """The sigmoid state after dx along its trajectory; y itself where it stands at or above the limit."""
    with np.errstate(all="ignore"):
        p = np.maximum(p, 1e-6)
        limit = np.maximum(y_inf, 0.0)
        reached = 2.0 * np.arctanh(np.clip(y / np.where(limit > 0, limit, 1.0), 0.0, 1.0 - 1e-16))
        z = (reached ** (1.0 / p) + np.maximum(k, 0.0) * dx) ** p
        z = np.where(np.isfinite(z), np.maximum(z, reached), np.where(np.isnan(z), reached, _LARGEST))
        return np.asarray(np.maximum(y, limit * np.tanh(0.5 * z)))
