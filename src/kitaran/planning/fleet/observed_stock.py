"""Stock by cohort as a register counts it, put in the place of the modelled stock at the end of one year.

Flows up to that year stay as they were; those after it start from what is counted. What a register does not
count stays as modelled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

POWERTRAINS: Final = ("BEV", "PHEV", "EV")
_BEV, _PHEV, _EV = range(3)
LEAST_ALIVE: Final = 1e-6
"""Below this share in use the flows of a kernel are lost in rounding: such vehicles count as younger ones."""


@dataclass(frozen=True)
class Counts:
    """What a register counts of one class at the end of a year; the sample axis may have length one.

    counted : (cohort, powertrain, chemistry + 1, sample) vehicles, the last chemistry not known; NaN where
              nothing is counted                                                               [vehicle]
    least   : (cohort, chemistry + 1, sample) vehicles known to be in use among others; zero for none
              [vehicle]
    """

    counted: Array
    least: Array

    @property
    def has_rows(self) -> NDArray[np.bool_]:
        """(cohort, powertrain) whether all vehicles are counted."""
        return np.asarray(~np.isnan(self.counted).all(axis=(2, 3)))


@dataclass(frozen=True)
class Stock:
    """What is in use by cohort, and the sales that would have left it.

    entered  : (cohort, sample) vehicles that enter                                    [vehicle]
    mix      : (cohort, chemistry, sample) part of them with each chemistry
    hybrid   : (cohort, sample) plug-in hybrids among them
    modelled : (cohort, chemistry, sample) in use by the model at the end of the year  [vehicle]
    in_use   : (cohort, chemistry, sample) in use as counted                           [vehicle]
    touched  : (cohort,) whether anything is counted of a cohort
    """

    entered: Array
    mix: Array
    hybrid: Array
    modelled: Array
    in_use: Array
    touched: NDArray[np.bool_]


def as_counted(entered: Array, mix: Array, hybrid: Array, alive: Array, counts: Counts) -> Stock:
    """Entries by cohort and chemistry of which exactly the counted vehicles are left.

    entered : (cohort, sample) as modelled; mix : (cohort, chemistry, sample); hybrid : (cohort, sample)
    alive   : (cohort, chemistry, sample) share of them in use at the end of the year; zero for later cohorts

    N_ck = u_c M_ck + K_ck + A_c M_ck / sum_k M_ck : modelled M where the powertrain is not counted (part u),
    counted K where the chemistry is known, and A where it is not; at least L where only some are counted.
    E_c = sum_k N_ck / s_ck, with s the share alive.
    """
    alive = np.where(alive >= LEAST_ALIVE, alive, 0.0)
    modelled = entered[:, None] * mix * alive
    target = _target(modelled, mix, hybrid, alive, counts)
    kept = _with_younger(target, alive)
    touched = np.any(kept != modelled, axis=(1, 2)) | counts.has_rows.any(axis=1)
    sold = np.divide(kept, alive, out=np.zeros_like(kept), where=alive > 0)
    whole = sold.sum(axis=1)
    new_mix = np.divide(sold, whole[:, None], out=mix.copy(), where=(whole > 0)[:, None])
    rows = touched[:, None]
    return Stock(
        np.where(rows, whole, entered),
        np.where(rows[..., None], new_mix, mix),
        np.where(rows, _hybrids(modelled, hybrid, counts), hybrid),
        modelled,
        np.where(rows[..., None], kept, modelled),
        touched,
    )


def _target(modelled: Array, mix: Array, hybrid: Array, alive: Array, counts: Counts) -> Array:
    """(cohort, chemistry, sample) vehicles to be in use."""
    natural = _shares(mix * alive, mix)
    known, unknown = _summed(counts.counted)
    possible = np.asarray((alive > 0).any(axis=2))[:, :, None]
    unknown = unknown + np.where(possible, 0.0, known).sum(axis=1)
    target = modelled * _left_to_model(hybrid, counts)[:, None] + np.where(possible, known, 0.0)
    target = target + unknown[:, None] * natural
    free = ~np.asarray(counts.has_rows.any(axis=1))[:, None, None]
    target = np.where(free, np.maximum(target, np.where(possible, counts.least[:, :-1], 0.0)), target)
    short = np.maximum(counts.least.sum(axis=1) - target.sum(axis=1), 0.0)[:, None]
    return np.asarray(np.where(free, target + short * natural, target))


def _summed(counted: Array) -> tuple[Array, Array]:
    """Over powertrains: (cohort, chemistry, sample) of known chemistry, (cohort, sample) of unknown one."""
    whole = np.nansum(counted, axis=1)
    return whole[:, :-1], whole[:, -1]


def _left_to_model(hybrid: Array, counts: Counts) -> Array:
    """(cohort, sample) part of the modelled vehicles whose powertrain is not counted."""
    rows = counts.has_rows
    bev, phev = rows[:, _BEV, None] | rows[:, _EV, None], rows[:, _PHEV, None] | rows[:, _EV, None]
    return np.asarray(np.where(bev, 0.0, 1.0 - hybrid) + np.where(phev, 0.0, hybrid))


def _hybrids(modelled: Array, hybrid: Array, counts: Counts) -> Array:
    """(cohort, sample) plug-in hybrids among the vehicles in use; as modelled where they are not split."""
    rows = counts.has_rows
    of_model = modelled.sum(axis=1)
    by_powertrain = np.nansum(counts.counted, axis=2)
    plugged = np.where(rows[:, _PHEV, None], by_powertrain[:, _PHEV], of_model * hybrid)
    plain = np.where(rows[:, _BEV, None], by_powertrain[:, _BEV], of_model * (1.0 - hybrid))
    whole = plugged + plain
    split = np.divide(plugged, whole, out=hybrid.copy(), where=whole > 0)
    return np.asarray(np.where(rows[:, _EV, None] | ~np.asarray(rows.any(axis=1))[:, None], hybrid, split))


def _shares(amounts: Array, otherwise: Array) -> Array:
    """Along the chemistries, adding up to one; `otherwise` where there is nothing."""
    whole = amounts.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(amounts, whole, out=otherwise.copy(), where=whole > 0))


def _with_younger(target: Array, alive: Array) -> Array:
    """Vehicles older than any that the model keeps in use count with the oldest that it does."""
    kept, carried = np.zeros_like(target), np.zeros_like(target[0])
    for cohort in range(target.shape[0]):
        here = target[cohort] + carried
        kept[cohort] = np.where(alive[cohort] > 0, here, 0.0)
        carried = np.where(alive[cohort] > 0, 0.0, here)
        carried = np.where((alive[cohort:] > 0).any(axis=0), carried, 0.0)
    return kept
