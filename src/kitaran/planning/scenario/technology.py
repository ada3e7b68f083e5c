"""What the vehicles of one class in one economy carry: kernels, types and chemistry of batteries,
energy, spares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.history import History
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.kernels import Kernels
from kitaran.planning.scenario.lives import Kind, kinds
from kitaran.planning.scenario.model import Scenario
from kitaran.planning.scenario.parameters import (
    JUDGED_COHORT,
    LEAD_ACID,
    capacity_kwh,
    chemistry_shares,
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
_TRACE = 1e-9


@dataclass(frozen=True)
class Technology:
    """Batteries of one class.

    kinds     : batteries that share lives, with their kernels per vehicle sold
    share     : by type of battery, (cohort, sample) part of the vehicles sold
    energy    : by type, (cohort, sample) nameplate energy of the battery of a new vehicle  [kWh]
    chemistry : (cohort, chemistry, sample) part of the vehicles sold
    spares    : (sample,) swap spares beyond the battery on board, per vehicle sold
    """

    kinds: Sequence[Kind]
    share: Mapping[str, Array]
    energy: Mapping[str, Array]
    chemistry: Array
    spares: Array
    _parts: dict[int, Array] = field(default_factory=dict, compare=False, repr=False)
    _whole: dict[str, Array] = field(default_factory=dict, compare=False, repr=False)

    def with_lives(self, others: Sequence[Kind]) -> Technology:
        """The same batteries with other lives."""
        return replace(self, kinds=others, _parts={})

    def alive(self, until: int) -> Array:
        """Share of vehicles in use by cohort and years since sale, (cohort, step, sample), as far as the grid
        goes; of cohorts sold after a year, in the year of sale only."""
        years, samples = len(COHORTS), self.spares.size
        total = np.zeros((years, years, samples))
        later = until < COHORTS
        total[later, 0] = 1.0
        flow = np.empty((years, samples))
        for kind in self.kinds:
            vehicles = self.vehicles(kind)
            for cohort in np.flatnonzero(vehicles.any(axis=1) & ~later):
                steps = years - cohort
                total[cohort, :steps] += np.multiply(
                    vehicles[cohort], kind.kernel.in_use[:steps], out=flow[:steps]
                )
        return total

    def vehicles(self, kind: Kind) -> Array:
        """Part of the vehicles sold that has a kind of battery, (cohort, sample)."""
        part: Array = self.parts(kind).sum(axis=1)
        return part

    def parts(self, kind: Kind) -> Array:
        """Part of the vehicles sold that has each chemistry of a kind, (cohort, member, sample)."""
        if id(kind) not in self._parts:
            share, sold = self.share[kind.battery_type][:, None], kind.cohorts[:, None, None]
            self._parts[id(kind)] = share * self._within(kind) * sold
        return self._parts[id(kind)]

    def batteries(self, kind: Kind, entered: Array) -> tuple[Array, Array]:
        """Batteries of a kind that come with vehicles, spares included.

        entered : (cohort, sample) vehicles
        returns : (cohort, member, sample) batteries and energy [GWh]
        """
        count = entered[:, None] * self.parts(kind) * (1.0 + self.spares)
        return count, count * self.energy[kind.battery_type][:, None] / _KWH_PER_GWH

    def _within(self, kind: Kind) -> Array:
        """Part of each chemistry in the batteries of its type, (cohort, member, sample)."""
        if kind.battery_type not in self._whole:
            of_type = self.chemistry[:, _members(kind.battery_type)].sum(axis=1, keepdims=True)
            self._whole[kind.battery_type] = np.maximum(of_type, 1e-12)
        part: Array = self.chemistry[:, list(kind.members)] / self._whole[kind.battery_type]
        return part


def technology(
    trail: Trail,
    kernels: Kernels,
    scenario: Scenario,
    assume: Assumptions,
    known: History,
    seen: NDArray[np.bool_] | None = None,
) -> Technology:
    """Samples of what the vehicles of a class carry, with their rows noted and judged.

    seen : (cohort, chemistry) what is counted in use: a chemistry that the tables do not have in such a year
           gets a life too
    """
    draws, vehicle_class = assume.draws, known.vehicle_class
    chemistry = chemistry_shares(trail, draws, scenario, vehicle_class, COHORTS)
    judge_composition(trail, vehicle_class, chemistry[_JUDGED].mean(axis=-1))
    if seen is not None:
        chemistry = np.where(seen[..., None], np.maximum(chemistry, _TRACE), chemistry)
    share = _by_type(trail, vehicle_class, chemistry)
    weights = {kind: float(part[_JUDGED].mean()) for kind, part in share.items()}
    return Technology(
        lives_of(trail, kernels, scenario, vehicle_class, share, chemistry, scenario.by_engine),
        share,
        {kind: _energy(trail, assume, known, kind, weight) for kind, weight in weights.items()},
        chemistry,
        spares_per_vehicle(trail, draws, vehicle_class),
    )


def lives_of(
    trail: Trail,
    kernels: Kernels,
    scenario: Scenario,
    vehicle_class: str,
    share: Mapping[str, Array],
    chemistry: Array,
    engine: bool,
) -> list[Kind]:
    """Kinds of batteries of a class: of every chemistry that is sold in some year, at least one a type."""
    judged = chemistry[_JUDGED].mean(axis=-1)
    sold = np.asarray(chemistry.any(axis=(0, 2)))
    weights = {}
    for kind, part in share.items():
        members = [m for m in _members(kind) if sold[m]] or _members(kind)
        whole = max(float(judged[members].sum()), 1e-12)
        weights[kind] = {m: float(part[_JUDGED].mean()) * float(judged[m]) / whole for m in members}
    years = np.asarray(chemistry.any(axis=2))
    return kinds(trail, kernels, scenario, vehicle_class, weights, years, engine)


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
