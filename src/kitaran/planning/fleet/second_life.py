"""Batteries that wait or serve again: stocks that are filled after first life and empty later."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.stock import outflow
from kitaran.planning.fleet.survival import Family, mean_life_until

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Serving:
    """Batteries that entered a use or a store, each (year, chemistry, sample) in the unit of what enters.

    leaving : in the year; stock : at year's end
    """

    leaving: Array
    stock: Array


def leaving_by_year(family: Family, mean: Array, cv: float, years: int) -> Array:
    """Share of what enters in a year that leaves in that year and in each later one, (year, sample).

    mean : (sample,) life in the use [year]; cv : standard deviation over mean
    Entries spread evenly over the year: with L(a) the mean years lived before age a,
    d_0 = 1 - L(1) and d_t = [L(t) - L(t-1)] - [L(t+1) - L(t)].
    """
    lived = mean_life_until(family, mean, cv, np.arange(years + 1, dtype=np.float64))
    share: Array = -np.diff(np.diff(lived, axis=0), axis=0, prepend=1.0)
    return share


def serving(entering: Array, leaving: Array) -> Serving:
    """Flows and stock of a use, from what enters (year, chemistry, sample) and `leaving_by_year`."""
    out = outflow(entering, leaving)
    return Serving(out, np.cumsum(entering - out, axis=0))


def stored(entering: Array, delay_years: Array) -> Serving:
    """A store from which each battery comes out with the same chance in every later year.

    entering    : (year, chemistry, sample)
    delay_years : (sample,) mean time in the store, at least a year [year]
    out_y = stock_(y-1) / delay: what is put away in a year comes out in a later one.
    """
    rate = 1.0 / np.maximum(delay_years, 1.0)
    out, stock = np.zeros_like(entering), np.empty_like(entering)
    held = np.zeros_like(entering[0])
    for year in range(entering.shape[0]):
        out[year] = held * rate
        held = held + entering[year] - out[year]
        stock[year] = held
    return Serving(out, stock)
