"""Electric vehicles that entered an economy in the years with figures, and what published stock says of
them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import History, Yearly
from kitaran.planning.fleet.stock import Adjustment, adjust_to_stock, sales_that_fill
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.uncertainty.draws import Draws

Array = NDArray[np.float64]

_COUNTS_ENOUGH = 3


@dataclass(frozen=True)
class Past:
    """Entries of one economy and class up to the last year with a figure.

    sold      : (cohort, sample) recorded or derived sales                              [vehicle]
    last_year : last year with a figure
    observed  : years with a published count of sales
    adjustment: unrecorded entries and gaps against published stock
    """

    sold: Array
    last_year: int
    observed: frozenset[int]
    adjustment: Adjustment


def past(known: History, alive: Array, draws: Draws, backcast_growth: Array, unrecorded_share: Array) -> Past:
    """Entries by cohort from a history.

    With three or more years of counted sales these rule, gaps between them are bridged, and stock tells
    only what was there before the first. With fewer, years without a count get the sales that keep the
    published stock.

    alive            : (cohort, step, sample) share in use by years since sale      [fraction]
    backcast_growth  : (sample,) growth of sales and stock before the first figure  [1/year]
    unrecorded_share : (sample,) see `adjust_to_stock`                              [fraction]
    """
    name = f"{known.economy}.{known.vehicle_class}"
    recorded = sampled_series(known.sold, draws, f"history/{name}")
    stock = sampled_series(known.in_use, draws, f"stock/{name}")
    published = np.where(np.isnan(stock).all(axis=1), np.nan, _middle(known.in_use))
    last = max([*known.sold, *known.in_use])
    counted = len(known.sold) >= _COUNTS_ENOUGH
    if counted:
        last = max(known.sold)
        stock[min(known.sold) < COHORTS] = np.nan
    path = _stock_path(stock, recorded, backcast_growth)
    if counted:
        path[min(known.sold) <= COHORTS] = np.nan
    recorded = _bridged(recorded)
    if np.isnan(path).all():
        recorded = extended_back(recorded, backcast_growth)
    recorded[last < COHORTS] = 0.0
    sold = _bridged_where_unknown(sales_that_fill(recorded, path, alive), recorded, path, last)
    rise = np.array([known.rise.get(int(year), 0.0) for year in COHORTS])
    adjustment = adjust_to_stock(sold, alive, published, rise, unrecorded_share)
    return Past(sold, last, frozenset(known.sold), adjustment)


def sampled_series(figures: Yearly, draws: Draws, name: str) -> Array:
    """(cohort, sample) draws of a series with one score for all years, NaN where no figure is."""
    series = np.full((len(COHORTS), draws.samples), np.nan)
    for year, figure in figures.items():
        if FIRST_COHORT <= year <= COHORTS[-1]:
            series[year - FIRST_COHORT] = sampled_figure(figure, draws, name)
    return series


def sampled_figure(figure: Figure, draws: Draws, name: str, fraction: bool = False) -> Array:
    """(sample,) draws of a figure of an economy; without a range the factor of its grade stands for one."""
    low, high = (None, None) if figure.exact else (figure.low, figure.high)
    return draws.figure(name, figure.value, low, high, grade=figure.grade, fraction=fraction)


def _middle(figures: Yearly) -> Array:
    return np.array([figures[int(year)].value if int(year) in figures else np.nan for year in COHORTS])


def _stock_path(stock: Array, recorded: Array, growth: Array) -> Array:
    """Published stock, filled between its years and carried back before the first of them.

    The year before a first stock that has recorded sales holds that stock less these sales: the initial
    stock.
    """
    known = np.flatnonzero(~np.isnan(stock).any(axis=1))
    if known.size == 0:
        return stock
    path = stock.copy()
    first = int(known[0])
    if first > 0 and not np.isnan(recorded[first]).any():
        path[first - 1] = np.maximum(stock[first] - recorded[first], 0.0)
        known = np.concatenate([[first - 1], known])
    return extended_back(_between(path, known), growth)


def extended_back(series: Array, growth: Array) -> Array:
    """The series with the years before its first known one, shrinking backwards at a rate; (cohort,
    sample)."""
    known = np.flatnonzero(~np.isnan(series).any(axis=1))
    if known.size == 0:
        return series
    first = int(known[0])
    before = np.arange(first, 0, -1)[:, None]
    extended = series.copy()
    extended[:first] = series[first] * (1.0 + growth) ** -before
    return extended


def _bridged(recorded: Array) -> Array:
    """Recorded sales with the gaps between recorded years bridged."""
    known = np.flatnonzero(~np.isnan(recorded).any(axis=1))
    return _between(recorded, known) if known.size else recorded


def _bridged_where_unknown(sold: Array, recorded: Array, path: Array, last_year: int) -> Array:
    """Years with neither count nor stock lie between their neighbours."""
    unknown = (np.isnan(recorded) & np.isnan(path)).any(axis=1) & (last_year >= COHORTS)
    known = np.flatnonzero(~unknown & (last_year >= COHORTS))
    return _between(sold, known) if unknown.any() and known.size else sold


def _between(series: Array, known: NDArray[np.intp]) -> Array:
    """Geometric steps between known rows (plain steps where one is zero); rows outside stay as they are."""
    filled = series.copy()
    for left, right in pairwise(known):
        for row in range(int(left) + 1, int(right)):
            part = (row - left) / (right - left)
            low, high = series[left], series[right]
            straight = low + part * (high - low)
            both = (low > 0) & (high > 0)
            filled[row] = np.where(
                both,
                np.exp((1 - part) * np.log(np.where(both, low, 1)) + part * np.log(np.where(both, high, 1))),
                straight,
            )
    return filled
