"""Inflow-driven projection: cohorts times what one vehicle of the cohort brings, summed over cohorts.

Used where no rule needs the joint state: survival and replacement depend on age and cohort alone. The
batteries of a vehicle follow the renewal equation of `kernels`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import InputError
from kitaran.planning.fleet.alive_after import AliveAfter
from kitaran.planning.fleet.joint_state import TOO_SHORT_LIVED
from kitaran.planning.fleet.kernels import failures_with_replacement, kept_after
from kitaran.planning.fleet.lives import Table

Array = NDArray[np.float64]
Flows = dict[str, Array]


@dataclass(frozen=True)
class Renewals:
    """Batteries of a vehicle that is never scrapped, by step since sale; each (step, S).

    failing  : failures in the step                                    [battery/vehicle]
    old      : of batteries that were there when the step began        [battery/vehicle]
    replaced : probability of replacement                              [fraction]
    kept     : share of vehicles not given up after the step           [fraction]
    at_once  : vehicle and battery ends of a step are drawn at once, not in turn
    """

    failing: Array
    old: Array
    replaced: Array
    kept: Array
    at_once: bool

    def flows(self, alive: Array) -> Flows:
        """What a vehicle brings, from the share of its cohort alive after each step since sale.

        In turn, half of the step's scrapped vehicles going before its battery failures:
        worn = m phi, with vehicle = D (A_{k-1} + A_k) / 2, with D_k = S_{k-1} - S_k, m_k = S_k + D_k / 2
        At once: worn = S phi + D phi_old, with vehicle = D (A_{k-1} - phi_old)
        """
        steps = alive.shape[0]
        failing, old, kept = self.failing[:steps], self.old[:steps], self.kept[:steps]
        dying = _leaving(alive)
        before = np.concatenate([np.ones_like(kept[:1]), kept[:-1]])
        met = (0.0 if self.at_once else 0.5) * dying
        first = dying - met
        failed = (alive + met) * failing
        together = (first if self.at_once else 0.0) * old
        replaced = self.replaced[:steps] * failed
        return {
            "in_use": alive * kept,
            "scrapped": first * before + met * kept,
            "given_up": failed - replaced,
            "replaced": replaced,
            "worn": failed + together,
            "with_vehicle": first * before - together + met * kept,
        }


def renewals(battery_alive: Array, replaced: Array, born: int, at_once: bool) -> Renewals:
    """Renewals of batteries, from the share alive after each step of their life, (step, S).

    Raises InputError if every battery fails within the step of its own and is replaced.
    """
    first = _leaving(battery_alive)
    first, replaced = np.broadcast_arrays(first, replaced)
    successor = np.concatenate([np.zeros_like(first[:1]), first[:-1]]) if born else first
    if np.any(replaced * successor[0] >= 1.0):
        raise InputError(*TOO_SHORT_LIVED)
    failing, old = failures_with_replacement(first, replaced, successor)
    return Renewals(failing, old, replaced, kept_after(failing, replaced), at_once)


def with_batteries(entering: Array, alive: AliveAfter, batteries: Renewals) -> Flows:
    """Flows and stock by step, each (step, S), of vehicles that enter, (step, S)."""
    steps = entering.shape[0]
    total: Flows = {}
    shared = None if alive.lives.by_cohort else batteries.flows(alive.of(0))
    for cohort in np.flatnonzero(entering.any(axis=1)):
        own = batteries.flows(alive.of(int(cohort))) if shared is None else shared
        for name, flow in own.items():
            into = total.setdefault(name, np.zeros_like(entering))
            into[cohort:] += entering[cohort] * flow[: steps - cohort]
    return total or {name: np.zeros_like(entering) for name in batteries.flows(alive.of(0))}


def vehicles(
    entering: Array, alive: AliveAfter, stock: Array | None = None, at_start: Array | None = None
) -> Flows:
    """Vehicles in use and scrapped by period, each (period, S); exact at the edges, however long the periods.

    entering : (period, S) vehicles that enter, besides those that keep the stock               [vehicle]
    stock    : (period, S) vehicles in use to be kept at the end of each period, or None        [vehicle]
    at_start : (age, S) vehicles in use at the start, youngest first, one cohort a year         [vehicle]
    returns  : in_use, scrapped; with stock also sold, and negative: sales below zero that it would need
    """
    if isinstance(alive.lives, Table) and stock is None and at_start is None:
        in_use = _of_table(entering, alive.lives.alive)
        return {"in_use": in_use, "scrapped": _left(entering, in_use, None)}
    periods = entering.shape[0]
    in_use, sold, negative = (np.zeros_like(entering) for _ in range(3))
    for age in range(0 if at_start is None else at_start.shape[0]):
        assert at_start is not None
        in_use += at_start[age] * alive.earlier(alive.edges[0] - age - 1.0, alive.edges[0] - age)
    shared = None if alive.lives.by_cohort or not _even(alive.edges) else alive.of(0)
    own = shared is None and not isinstance(alive.lives, Table)  # rows that nobody else reads
    for period in range(periods):
        row = alive.of(period) if shared is None else shared[: periods - period]
        enter = entering[period]
        if stock is not None:
            rest = stock[period] - in_use[period] - enter * row[0]
            needed = np.divide(rest, row[0], out=np.zeros_like(rest), where=row[0] > 1e-12)
            sold[period], negative[period] = np.maximum(needed, 0.0), np.minimum(needed, 0.0)
            enter = enter + sold[period]
        if enter.any():
            in_use[period:] += np.multiply(
                row, enter, out=row if own and row.shape[1] == enter.size else None
            )
    found = {"in_use": in_use, "scrapped": _left(entering + sold, in_use, at_start)}
    return found if stock is None else found | {"sold": sold, "negative": negative}


def _of_table(entering: Array, alive: Array) -> Array:
    """In use at the end of each period, one pass over the table: sum over c of entering_c alive_ct."""
    in_use = np.empty_like(entering)
    for period in range(entering.shape[0]):
        np.einsum("cs,cs->s", entering[: period + 1], alive[: period + 1, period], out=in_use[period])
    return in_use


def _left(entered: Array, in_use: Array, at_start: Array | None) -> Array:
    """What left in each period: what was there or came, and is no longer there. Survival that does not rise
    makes it positive, but for rounding."""
    left = entered - in_use
    left[1:] += in_use[:-1]
    if at_start is not None:
        left[0] += at_start.sum(axis=0)
    return np.maximum(left, 0.0, out=left)


def _leaving(alive: Array) -> Array:
    leaving = np.empty_like(alive)
    np.subtract(1.0, alive[0], out=leaving[0])
    np.subtract(alive[:-1], alive[1:], out=leaving[1:])
    return leaving


def _even(edges: Array) -> bool:
    widths = np.diff(edges)
    return bool(np.all(np.abs(widths - widths[0]) <= 1e-9 * widths[0]))
