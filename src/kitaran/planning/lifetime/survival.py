"""Survival of batteries by age: wear against a threshold, calendar, faults, and what else takes them out.

Wear is loss by age at several levels of use; batteries differ in use and in their own loss. All that is
uncertain comes in as samples. Causes compete and do not know of one another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from kitaran.planning.lifetime.equations import Array

Z_OF_80_PERCENT = 1.2815515655446004  # low and high that hold 8 in 10 lie so many standard deviations apart
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(5)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()
_LEAST_LOSS = 1e-9


@dataclass(frozen=True)
class Scatter:
    """How batteries of one kind differ, and what is not known of all of them; (sample,) unless said
    otherwise.

    threshold  : state of health that ends first life
    use        : mean throughput as a multiple of the duty's
    use_spread : standard deviation between batteries of the logarithm of use, one number
    log_loss   : (place, sample) logarithm of a factor on every loss: weakest cell, error of the model
    own_spread : standard deviation between batteries of the logarithm of loss
    """

    threshold: Array
    use: Array
    use_spread: float
    log_loss: Array
    own_spread: Array


def of_samples(scatter: Scatter, samples: NDArray[np.intp]) -> Scatter:
    """The scatter of some of the samples."""
    return Scatter(
        scatter.threshold[samples],
        scatter.use[samples],
        scatter.use_spread,
        scatter.log_loss[:, samples],
        scatter.own_spread[samples],
    )


def in_places(scatter: Scatter, places: slice) -> Scatter:
    """The scatter in some of the places."""
    return replace(scatter, log_loss=scatter.log_loss[places])


def unworn(loss: Array, uses: Array, scatter: Scatter) -> Array:
    """Share of batteries whose state of health is above the threshold, (place, year + 1, sample).

    loss : (place, level, year + 1) of the median battery at the levels of use `uses` (level,)
    S(a) = sum_j w_j Phi((ln(1 - threshold) - ln F - ln L(a, u_j)) / s), u_j = u exp(t x_j): five points x_j
    of Gauss and Hermite over use, scatter s on loss. 1 at age 0 and never rising.
    """
    return worn_less_than(loss, uses, scatter, np.log(1.0 - scatter.threshold))


def worn_less_than(loss: Array, uses: Array, scatter: Scatter, log_limit: Array) -> Array:
    """Share of batteries that have lost less than a limit, (..., place, year + 1, sample).

    log_limit : (..., sample) logarithm of one limit or several; otherwise as `unworn`
    """
    median = log_loss_at(loss, uses, scatter)
    beyond = (log_limit[..., None, :] - scatter.log_loss)[..., None, None, :] - median
    beyond /= np.maximum(scatter.own_spread, 1e-6)
    below = ndtr(beyond, out=beyond)
    total: Array = np.einsum("j,...js->...s", _WEIGHTS, below)
    return total


def log_loss_at(loss: Array, uses: Array, scatter: Scatter) -> Array:
    """Logarithm of loss at the points of use, (place, year + 1, point, sample); linear in the logarithms of
    loss and use between levels and level outside them."""
    knots, lost = np.log(uses), np.log(np.maximum(loss, _LEAST_LOSS)).transpose(0, 2, 1)
    at = np.log(scatter.use) + scatter.use_spread * _NODES[:, None]
    position = np.interp(at, knots, np.arange(knots.size))
    below = np.minimum(position.astype(int), knots.size - 2)
    part = position - below
    value: Array = lost[..., below] * (1.0 - part) + lost[..., below + 1] * part
    return value


def weakest_cell(cells_in_series: float, spread: Array) -> Array:
    """Factor on loss by which the weakest of n cells in series lies above the mean, (sample,).

    1 + z s with Blom's z = -ndtri((1 - 0.375)/(n + 0.25)) (Blom 1958), as `pack.pack_soh` has it.
    """
    lowest = -float(ndtri(0.625 / (cells_in_series + 0.25))) if cells_in_series > 1 else 0.0
    return np.asarray(1.0 + lowest * spread)


def by_calendar(age: Array, middle: Array, spread: float) -> Array:
    """Share of batteries whose calendar has not ended, (age, sample): lognormal about a middle age."""
    with np.errstate(divide="ignore"):
        ahead = np.log(middle) - np.log(age)[:, None]
    return np.asarray(ndtr(ahead / max(spread, 1e-6)))


def without_event(age: Array, rate: Array) -> Array:
    """Share that a constant yearly rate has not met, (age, sample)."""
    return np.asarray(np.exp(-age[:, None] * rate))


def ended_by(survivals: Mapping[str, Array]) -> dict[str, Array]:
    """Share of batteries that each of several competing causes ends within the ages given.

    survivals : by cause, (age, ...) share that it alone would leave
    returns   : by cause, (...); with what is left at the last age they add up to one
    In each step what ends is divided by the causes' own hazards, -d ln S.
    """
    whole = np.prod(list(survivals.values()), axis=0)
    ended = whole[:-1] - whole[1:]
    hazards = {name: -np.diff(np.log(np.maximum(alive, 1e-12)), axis=0) for name, alive in survivals.items()}
    together = np.maximum(np.sum(list(hazards.values()), axis=0), 1e-15)
    return {name: (ended * hazard / together).sum(axis=0) for name, hazard in hazards.items()}


def age_at(share: float, age: Array, alive: Array) -> Array:
    """Age at which survival falls to a share, (...); the last age where it does not.

    age : (age,); alive : (age, ...) never rising
    """
    flat = alive.reshape(age.size, -1)
    under = flat <= share
    first = np.where(under.any(axis=0), under.argmax(axis=0), age.size - 1)
    column = np.arange(flat.shape[1])
    high, low = flat[np.maximum(first - 1, 0), column], flat[first, column]
    part = np.clip((high - share) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    start = age[np.maximum(first - 1, 0)]
    return np.asarray((start + part * (age[first] - start)).reshape(alive.shape[1:]))
