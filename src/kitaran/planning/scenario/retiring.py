"""What leaves first life: what ended it, and how healthy and how old it still is.

State of health is known of batteries that retire by an ageing model; a few of the samples are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.stock import outflow
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.battery_life import AGES, FEW, HORIZON, SOH_LIMITS
from kitaran.planning.scenario.lives import Kind
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.technology import Technology
from kitaran.planning.scenario.use_life import UseLife

Array = NDArray[np.float64]

_LEAST_SHARE = 0.005


def causes(life: UseLife) -> dict[str, Array]:
    """Share of first batteries that each cause alone would leave, by cause, (age, few)."""
    few = {name: alive[:, FEW] for name, alive in life.ended.items()}
    vehicle = life.vehicle[:, FEW]
    return {**few, "scrapped": vehicle / np.maximum(few["accident"], 1e-12)}


def soh_above(lives: Iterable[tuple[UseLife, float]]) -> tuple[Array, Array]:
    """Share of retiring first batteries whose state of health is above each of SOH_LIMITS, (age, limit), and
    how many retire, (age,), of those sold; row a is the year of age from a to a + 1. NaN where none retires
    by a model.

    lives : first batteries and the part of the vehicles that has them
    """
    healthier, exits = np.zeros((HORIZON, SOH_LIMITS.size)), np.zeros(HORIZON)
    for life, share in lives:
        if life.life is None or life.healthy is None:
            continue
        worn, other = _exits(life)
        at_threshold = life.life.threshold[FEW] > SOH_LIMITS[:, None]
        above = worn @ at_threshold.T + np.einsum("af,alf->al", other, life.healthy[:-1])
        healthier += share * above / worn.shape[1]
        exits += share * (worn + other).mean(axis=1)
    some = exits > 1e-6 * max(float(exits.sum()), 1e-12)
    share_above = np.full_like(healthier, np.nan)
    share_above[some] = healthier[some] / exits[some, None]
    return share_above, exits


def soh_above_of_kind(kind: Kind) -> tuple[Array, Array]:
    """`soh_above` over the uses of a kind of battery, so by class, chemistry and era of sale."""
    return soh_above((life, float(life.share.mean())) for life in kind.uses)


def soh_above_by_year(carried: Technology, entered: Array) -> Array:
    """Share of the energy that retires in a year by a model whose state of health is above each of
    SOH_LIMITS, (cohort, chemistry, limit); NaN where none does.

    entered : (cohort, sample) vehicles, as they enter
    Mean flows over the samples; a replacement counts as old as its vehicle. Kinds that hardly anybody has
    are left out.
    """
    energies = [carried.batteries(kind, entered)[1].mean(axis=-1)[..., None] for kind in carried.kinds]
    least = _LEAST_SHARE * sum(float(energy.sum()) for energy in energies)
    whole = np.zeros((len(COHORTS), len(CHEMISTRIES), 1))
    above = np.zeros((len(COHORTS), len(CHEMISTRIES), SOH_LIMITS.size))
    for kind, energy in zip(carried.kinds, energies, strict=True):
        if kind.modelled is None or energy.sum() <= least:
            continue
        members = list(kind.members)
        share = _by_step(soh_above_of_kind(kind)[0])
        retired = kind.modelled.mean(axis=-1)[:, None]
        whole[:, members] += outflow(energy, retired)
        above[:, members] += outflow(
            np.broadcast_to(energy, (*energy.shape[:2], share.shape[1])), retired * share
        )
    return np.divide(
        above, whole, out=np.full_like(above, np.nan), where=whole > 1e-12 * max(whole.max(), 1e-12)
    )


def _by_step(by_age: Array) -> Array:
    """Rows by calendar years since sale, (cohort, limit), from rows by year of age: sales are spread over
    their year, so that step t takes the ages t - 1 to t and t to t + 1 alike. Gaps take their neighbour."""
    known = np.flatnonzero(~np.isnan(by_age[:, 0]))
    if not known.size:
        return np.zeros((len(COHORTS), by_age.shape[1]))
    at = np.arange(len(COHORTS), dtype=np.float64) - 0.5
    return np.stack([np.interp(at, known, column[known]) for column in by_age.T], axis=1)


def _exits(life: UseLife) -> tuple[Array, Array]:
    """Batteries that leave in each year by wear and by anything else, (year, few) of those sold."""
    alone = causes(life)
    whole = np.prod(list(alone.values()), axis=0)
    hazards = {name: -np.diff(np.log(np.maximum(alive, 1e-12)), axis=0) for name, alive in alone.items()}
    together = np.maximum(np.sum(list(hazards.values()), axis=0), 1e-15)
    leaving = whole[:-1] - whole[1:]
    worn = leaving * hazards["wear"] / together
    return worn, leaving - worn


def soh_band(share_above: Array) -> Array:
    """P10, P50 and P90 of state of health of what retires in the year before each of AGES, (age, 3).

    share_above : (age, limit) as `soh_above` gives it
    """
    band = np.full((AGES.size, 3), np.nan)
    for year in np.flatnonzero(~np.isnan(share_above[:, 0])):
        below = 1.0 - share_above[year]
        knots = np.maximum.accumulate(np.clip(np.concatenate([[0.0], below, [1.0]]), 0.0, 1.0))
        band[year + 1] = np.interp((0.1, 0.5, 0.9), knots, np.concatenate([[0.4], SOH_LIMITS, [1.0]]))
    return band
