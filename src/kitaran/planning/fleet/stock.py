"""Stock and flow by cohort: what is retired, replaced and in use each year, and whether it balances.

Cohorts and years share one yearly grid. A cohort's flows are its sales times the kernel of its kind of
vehicle, shifted to its year; vehicles in use before the sales record enter as the cohorts that they were.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError, KitaranError

Array = NDArray[np.float64]

BALANCE_TOLERANCE = 1e-9


def outflow(sold: Array, kernel: Array) -> Array:
    """Flow (or stock) by year that cohorts bring: the convolution of cohorts with a kernel.

    sold   : (cohort, ..., sample) units that enter in each year              [unit]
    kernel : (step, sample) per unit, by years since entry; step >= cohort    [1]
    returns: (cohort, ..., sample), entry y = sum_{c <= y} sold_c kernel_{y-c} [unit]
    """
    years = sold.shape[0]
    if kernel.shape[0] < years:
        raise InputError(
            f"A kernel of {kernel.shape[0]} years cannot serve {years} years.",
            "kernel",
            "Lengthen the kernel.",
        )
    per_unit = kernel.reshape(kernel.shape[0], *(1,) * (sold.ndim - 2), kernel.shape[-1])
    flow = np.zeros_like(sold)
    brought = np.empty_like(flow)
    for cohort in np.flatnonzero(sold.reshape(years, -1).any(axis=1)):
        steps = years - cohort
        flow[cohort:] += np.multiply(sold[cohort], per_unit[:steps], out=brought[:steps])
    return flow


@dataclass(frozen=True)
class Adjustment:
    """Where published stock and published sales do not close; each (year, sample) unless said otherwise.

    unrecorded : vehicles taken to have entered outside the sales record        [vehicle]
    modelled   : stock that recorded and unrecorded entries give                [vehicle]
    gap        : published minus modelled stock, NaN where none is published    [vehicle]
    """

    unrecorded: Array
    modelled: Array
    gap: Array


def adjust_to_stock(
    sold: Array, alive: Array, published: Array, rise_unexplained: Array, share: Array
) -> Adjustment:
    """Let in what published stock proves and sales do not show; report the rest.

    sold             : (year, sample) recorded entries                                           [vehicle]
    alive            : (year, step, sample) share in use by cohort and years since entry         [fraction]
    published        : (year,) published stock at year's end, NaN where there is none            [vehicle]
    rise_unexplained : (year,) rise of published stock beyond that year's sales, zero if none    [vehicle]
    share            : (sample,) share of an unexplained rise that is real                       [fraction]

    unrecorded_y = share min(max(published_y - modelled_y, 0), rise_unexplained_y)
    A stock cannot rise by more than is sold unless vehicles came in unrecorded: only such a rise enters.
    A published stock that is high because its publisher retires no vehicle is reported as a gap and not
    followed; nor is one that is too low.
    """
    years = sold.shape[0]
    modelled = np.zeros_like(sold)
    unrecorded = np.zeros_like(sold)
    for year in range(years):
        if sold[year].any():
            modelled[year:] += sold[year] * alive[year, : years - year]
        short = np.fmax(published[year] - modelled[year], 0.0)
        unrecorded[year] = share * np.minimum(short, rise_unexplained[year])
        if unrecorded[year].any():
            modelled[year:] += unrecorded[year] * alive[year, : years - year]
    return Adjustment(unrecorded, modelled, published[:, None] - modelled)


def sales_that_fill(recorded: Array, stock: Array, alive: Array) -> Array:
    """Sales of every year: as recorded, and where there is no record those that keep the stock at a
    known path.

    recorded : (year, sample) sales, NaN where none are recorded                [vehicle]
    stock    : (year, sample) vehicles in use at year's end, NaN where unknown  [vehicle]
    alive    : (year, step, sample) share in use by cohort and years since sale [fraction]
    returns  : (year, sample), never negative: a stock that falls faster than vehicles wear out is not
    followed;
               zero where neither is known
    """
    years = recorded.shape[0]
    left = np.zeros_like(recorded)
    sold = np.zeros_like(recorded)
    for year in range(years):
        needed = np.fmax(stock[year] - left[year], 0.0) / alive[year, 0]
        sold[year] = np.where(np.isnan(recorded[year]), np.nan_to_num(needed), recorded[year])
        if sold[year].any():
            left[year:] += sold[year] * alive[year, : years - year]
    return sold


def imbalance(entered: Array, left: Array, stock: Array) -> float:
    """Largest break of the balance, relative to the largest stock.

    entered, left : (year, ...) in each year; stock : (year, ...) at year's end; the stock starts from nothing
    """
    broken = np.cumsum(entered - left, axis=0) - stock
    return float(np.max(np.abs(broken), initial=0.0) / max(1.0, float(np.max(np.abs(stock), initial=0.0))))


def assert_balance(entered: Array, left: Array, stock: Array, place: str) -> None:
    """Raise KitaranError if entries, exits and stock do not balance to a relative 1e-9."""
    broken = imbalance(entered, left, stock)
    if not broken <= BALANCE_TOLERANCE:
        raise KitaranError(
            f"The fleet does not balance: a relative {broken:.1e} is missing.",
            place,
            "This is an error of the program; please report it with the scenario.",
        )
