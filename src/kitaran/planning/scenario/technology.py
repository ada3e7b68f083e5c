"""What the vehicles of one class in one economy carry: kernels, types and chemistry of batteries,
energy, spares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.history import History
from kitaran.planning.fleet.kernels import Kernel
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.parameters import (
    JUDGED_COHORT,
    LEAD_ACID,
    Kernels,
    capacity_kwh,
    chemistry_shares,
    class_kernel,
    interpolated,
    judge_composition,
    spares_per_vehicle,
)
from kitaran.planning.scenario.past import sampled_series
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.provenance import Trail

Array = NDArray[np.float64]

_JUDGED = JUDGED_COHORT - FIRST_COHORT
_KWH_PER_GWH = 1e6


@dataclass(frozen=True)
class Technology:
    """Batteries of one class by type (lithium, lead-acid).

    kernels   : by type, per vehicle sold
    share     : by type, (cohort, sample) part of the vehicles sold
    energy    : by type, (cohort, sample) nameplate energy of the battery of a new vehicle  [kWh]
    chemistry : (cohort, chemistry, sample) part of the vehicles sold
    spares    : (sample,) swap spares beyond the battery on board, per vehicle sold
    """

    kernels: Mapping[str, Kernel]
    share: Mapping[str, Array]
    energy: Mapping[str, Array]
    chemistry: Array
    spares: Array

    @property
    def alive(self) -> Array:
        """Share of vehicles in use by cohort and years since sale, (cohort, step, sample)."""
        parts = [self.share[kind][:, None] * kernel.in_use[None] for kind, kernel in self.kernels.items()]
        total: Array = np.sum(parts, axis=0)
        return total

    def batteries(self, kind: str, entered: Array) -> tuple[list[int], Array, Array]:
        """Batteries that come with vehicles, spares included, of the chemistries of one type.

        entered : (cohort, sample) vehicles
        returns : indices of the chemistries, and (cohort, chemistry, sample) batteries and energy [GWh]
        """
        members = _members(kind)
        within = self.chemistry[:, members]
        within = within / np.maximum(within.sum(axis=1, keepdims=True), 1e-12)
        count = (entered * self.share[kind])[:, None] * within * (1.0 + self.spares)
        return members, count, count * self.energy[kind][:, None] / _KWH_PER_GWH


def technology(
    trail: Trail, kernels: Kernels, scenario: Scenario, assume: Assumptions, known: History
) -> Technology:
    """Samples of what the vehicles of a class carry, with their rows noted and judged."""
    draws, vehicle_class = assume.draws, known.vehicle_class
    chemistry = chemistry_shares(trail, draws, scenario, vehicle_class, COHORTS)
    judge_composition(trail, vehicle_class, chemistry[_JUDGED].mean(axis=-1))
    share = _by_type(trail, vehicle_class, chemistry)
    weights = {kind: float(part[_JUDGED].mean()) for kind, part in share.items()}
    return Technology(
        {kind: class_kernel(trail, kernels, scenario, vehicle_class, kind, weights[kind]) for kind in share},
        share,
        {kind: _energy(trail, assume, known, kind, weight) for kind, weight in weights.items()},
        chemistry,
        spares_per_vehicle(trail, draws, vehicle_class),
    )


def _by_type(trail: Trail, vehicle_class: str, chemistry: Array) -> dict[str, Array]:
    """Part of the vehicles with each type of battery; where no energy is given for lead-acid there is
    none."""
    keys = {"powertrain": "BEV", "battery_type": "lead_acid"}
    if trail.find_or_none("capacity", "battery_capacity", vehicle_class, **keys) is None:
        return {"lithium": np.ones_like(chemistry[:, LEAD_ACID])}
    return {"lithium": 1.0 - chemistry[:, LEAD_ACID], "lead_acid": chemistry[:, LEAD_ACID]}


def _energy(trail: Trail, assume: Assumptions, known: History, kind: str, weight: float) -> Array:
    """Energy of the battery of a new electric vehicle of one type, (cohort, sample) [kWh]; hybrids
    weighed in."""
    draws, vehicle_class = assume.draws, known.vehicle_class
    if kind == "lead_acid":
        return capacity_kwh(trail, draws, vehicle_class, "BEV", kind, COHORTS, weight)
    hybrid = plug_in_share(trail, assume, vehicle_class, known)
    now = float(hybrid[_JUDGED].mean())
    full = capacity_kwh(trail, draws, vehicle_class, "BEV", kind, COHORTS, weight * (1 - now))
    if not hybrid.any():
        return full
    small = capacity_kwh(trail, draws, vehicle_class, "PHEV", kind, COHORTS, weight * now)
    return full * (1 - hybrid) + small * hybrid


def plug_in_share(trail: Trail, assume: Assumptions, vehicle_class: str, known: History) -> Array:
    """Plug-in hybrids among electric vehicles sold, (cohort, sample).

    As published by year; after the last year its level drifts with one score for all years ahead. Where the
    economy has none, powertrain_share.
    """
    draws = assume.draws
    name = f"hybrids/{trail.economy}.{vehicle_class}"
    if known.hybrids:
        for figure in known.hybrids.values():
            trail.note("sales", figure.rows, vehicle_class, figure.grade)
        series = sampled_series(known.hybrids, draws, name)
        years = np.flatnonzero(~np.isnan(series).any(axis=1))
        path = interpolated(COHORTS[years], series[years], COHORTS)
        path[max(known.hybrids) < COHORTS] = _later_hybrids(known, assume, name)
        return path
    found = trail.find_or_none("use", "powertrain_share", vehicle_class)
    if found is None:
        return np.zeros((len(COHORTS), draws.samples))
    rows = sorted(found.table.rows, key=lambda row: row.year or 0)
    drawn = np.stack(
        [draws.figure(row.id, row.value, row.low, row.high, grade=row.grade, fraction=True) for row in rows]
    )
    return interpolated(np.array([row.year or 0 for row in rows], dtype=np.float64), drawn, COHORTS)


def _later_hybrids(known: History, assume: Assumptions, name: str) -> Array:
    """Plug-in hybrids after the last year of counts: the mean of the last three years, with the spread
    assumed."""
    level = float(np.mean([known.hybrids[year].value for year in sorted(known.hybrids)[-3:]]))
    if not 0 < level < 1:
        return assume.draws.fixed(level)
    odds, drift = level / (1 - level), assume.value("phev_share_trend")
    low, high = (end / (1 + end) for end in (odds / drift, odds * drift))
    return assume.draws.figure(f"{name}/later", level, low, high, fraction=True)


def _members(kind: str) -> list[int]:
    return [LEAD_ACID] if kind == "lead_acid" else [i for i in range(len(CHEMISTRIES)) if i != LEAD_ACID]
