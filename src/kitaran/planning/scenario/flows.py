"""One economy from sales to what is in its retired batteries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.history import VEHICLE_CLASSES, History
from kitaran.planning.fleet.stock import assert_balance, outflow
from kitaran.planning.materials.content import CHEMISTRIES, ITEMS, contained
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.model import FIRST_YEAR, Scenario
from kitaran.planning.scenario.outlook import market_of_class, projected_sales
from kitaran.planning.scenario.parameters import (
    JUDGED_COHORT,
    LEAD_ACID,
    Kernels,
    capacity_kwh,
    chemistry_shares,
    class_kernel,
    composition,
    interpolated,
    judge_composition,
    spares_per_vehicle,
)
from kitaran.planning.scenario.past import Past, past, sampled_series
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.region import COHORTS, ELECTRIC_BY_DEFINITION, FIRST_COHORT, Market, Region

Array = NDArray[np.float64]

QUANTITIES: Mapping[str, str] = {
    "retired_batteries": "count",
    "retired_energy": "GWh",
    "retired_mass": "t",
    "contained_li": "t",
    "contained_co": "t",
    "contained_ni": "t",
    "contained_mn": "t",
    "contained_cu": "t",
    "contained_graphite": "t",
    "contained_pb": "t",
}
YEARS = np.arange(FIRST_YEAR, int(COHORTS[-1]) + 1)
_SHOWN = slice(FIRST_YEAR - FIRST_COHORT, None)
_KWH_PER_GWH = 1e6


@dataclass(frozen=True)
class ClassResult:
    """One class of one economy; arrays over (year 2010-2050, ..., sample).

    retired      : (quantity, year, chemistry, sample) in the order of QUANTITIES and CHEMISTRIES
    sold, in_use : (year, sample) electric vehicles  [vehicle]
    known        : (year, sample) part of `retired_energy` from vehicles sold up to the last year with a figure [GWh]
    last_year    : last year with a figure; 0 where peers stand in for all of it
    history      : what was published, and what of it could not be closed
    """

    vehicle_class: str
    retired: Array
    sold: Array
    in_use: Array
    known: Array
    last_year: int
    history: History
    past: Past
    from_peers: bool

    @cached_property
    def over_chemistries(self) -> Array:
        """(quantity, year, sample)."""
        total: Array = self.retired.sum(axis=2)
        return total


@dataclass
class EconomyResult:
    """All classes of one economy, and the inputs they rest on."""

    economy: str
    trail: Trail
    classes: list[ClassResult] = field(default_factory=list)

    def total(self) -> Array:
        """(quantity, year, sample) over classes and chemistries."""
        sums = [part.over_chemistries for part in self.classes]
        return np.sum(sums, axis=0) if sums else np.zeros(0)


@dataclass
class Forecast:
    """What economies share in a run: the scenario, what is known of the region, kernels of kinds of vehicles."""

    scenario: Scenario
    region: Region
    kernels: Kernels

    @classmethod
    def of(cls, scenario: Scenario, region: Region) -> Forecast:
        return cls(scenario, region, Kernels(region.assumptions.draws, region.assumptions, len(COHORTS)))

    @property
    def assume(self) -> Assumptions:
        return self.region.assumptions

    def economy(self, code: str) -> EconomyResult:
        """Forecast of one economy."""
        result = EconomyResult(code, Trail(code, self.region.overrides))
        content = composition(result.trail, self.assume.draws)
        for row in self.assume.rows:
            result.trail.note_row("method", row)
        for vehicle_class in VEHICLE_CLASSES:
            market = self.region.market(code, vehicle_class)
            known = self._known(result.trail, vehicle_class, market)
            if known.sold or known.in_use:
                result.classes.append(self._class(result.trail, known, market, content))
        return result

    def _class(self, trail: Trail, known: History, market: Market | None, content: Array) -> ClassResult:
        draws, vehicle_class = self.assume.draws, known.vehicle_class
        chemistry = chemistry_shares(trail, draws, self.scenario, vehicle_class, COHORTS)
        has_lead = _has_lead_acid(trail, vehicle_class)
        lead = chemistry[:, LEAD_ACID] if has_lead else np.zeros_like(chemistry[:, LEAD_ACID])
        by_kind = {"lithium": 1.0 - lead, **({"lead_acid": lead} if has_lead else {})}
        judged = JUDGED_COHORT - FIRST_COHORT
        weights = {kind: float(share[judged].mean()) for kind, share in by_kind.items()}
        judge_composition(trail, vehicle_class, chemistry[judged].mean(axis=-1))
        kinds = {
            kind: class_kernel(trail, self.kernels, self.scenario, vehicle_class, kind, weights[kind])
            for kind in by_kind
        }
        alive = sum(by_kind[kind][:, None] * kinds[kind].in_use[None] for kind in kinds)
        before = past(
            known,
            np.asarray(alive),
            draws,
            self.assume.sampled(
                "stock_backcast_growth" if vehicle_class != "e_bike" else "stock_backcast_growth_e_bike"
            ),
            self.assume.sampled("unrecorded_share"),
        )
        sold = self._sold(trail, vehicle_class, market, before)
        entered = sold + before.adjustment.unrecorded
        energy = self._energy_per_vehicle(trail, known, weights)
        spares = 1.0 + spares_per_vehicle(trail, draws, vehicle_class)
        retired, recent = 0.0, 0.0
        leaving, in_use = np.zeros_like(entered), np.zeros_like(entered)
        counted = np.zeros((2, len(COHORTS), len(CHEMISTRIES), draws.samples))
        observed = before.last_year >= COHORTS
        for kind, kernel in kinds.items():
            members = _members(kind)
            share = chemistry[:, members] / np.maximum(
                chemistry[:, members].sum(axis=1, keepdims=True), 1e-12
            )
            batteries = entered[:, None] * by_kind[kind][:, None] * share * spares
            gwh = batteries * energy[kind][:, None] / _KWH_PER_GWH
            counted[0][:, members] += outflow(batteries, kernel.retired)
            counted[1][:, members] += outflow(gwh, kernel.retired)
            recent = recent + outflow(gwh.sum(axis=1) * observed[:, None], kernel.retired)
            of_kind = entered * by_kind[kind]
            leaving += outflow(of_kind, kernel.retired) - outflow(of_kind, kernel.installed)
            in_use += outflow(of_kind, kernel.in_use)
        assert_balance(entered, leaving, in_use, f"{trail.economy} {vehicle_class}")
        retired = _quantities(counted[:, _SHOWN], content)
        return ClassResult(
            vehicle_class,
            retired,
            entered[_SHOWN],
            in_use[_SHOWN],
            np.asarray(recent)[_SHOWN],
            before.last_year,
            known,
            before,
            from_peers=known is not self.region.history(trail.economy, vehicle_class),
        )

    def _known(self, trail: Trail, vehicle_class: str, market: Market | None) -> History:
        """The economy's own history, or shares of its peers applied to its market."""
        own = self.region.history(trail.economy, vehicle_class)
        if own.sold or own.in_use:
            for role, yearly in (("sales", own.sold), ("stock", own.in_use)):
                for figure in yearly.values():
                    trail.note(role, figure.rows, vehicle_class, figure.grade)
            return own
        shares, peers = self.region.shares_of_peers(trail.economy, vehicle_class)
        people = self.region.population(trail.economy)
        sold = {}
        if market is not None:
            now = market.year - FIRST_COHORT
            for year, share in shares.items():
                scale = market.figure.value * people[year - FIRST_COHORT] / people[now]
                spread = self.assume.value("peer_spread")
                value = share.value * scale
                sold[year] = type(share)(value, value / spread, value * spread, "D", share.rows)
                trail.note(
                    "sales",
                    share.rows,
                    vehicle_class,
                    "D",
                    trail.economy,
                    f"Peers of like income: {', '.join(peers)}",
                )
        return History(trail.economy, vehicle_class, sold, {}, {}, {}, {})

    def _sold(self, trail: Trail, vehicle_class: str, market: Market | None, before: Past) -> Array:
        if market is None:
            return before.sold
        whole = market_of_class(trail, self.region, market, vehicle_class)
        # A market cannot be smaller than the electric part of it that was counted.
        whole = whole * np.maximum(1.0, (before.sold / np.maximum(whole, 1e-9)).max(axis=0) / 0.97)
        if vehicle_class in ELECTRIC_BY_DEFINITION:
            return self._steady(before, whole)
        targets = [
            target
            for target in self.scenario.sales_targets
            if target.vehicle_class == vehicle_class
            and trail.economy in (target.economies or (trail.economy,))
        ]
        return projected_sales(
            trail, self.region, vehicle_class, before.sold, whole, before.last_year, targets
        )

    @staticmethod
    def _steady(before: Past, market: Array) -> Array:
        """A class that is electric by definition goes on from the sales of its last year as its market does."""
        path = before.sold.copy()
        last = before.last_year - FIRST_COHORT
        path[last + 1 :] = path[last] * market[last + 1 :] / market[last]
        return path

    def _energy_per_vehicle(
        self, trail: Trail, known: History, weights: Mapping[str, float]
    ) -> dict[str, Array]:
        """Energy of the battery of a new electric vehicle by type, (cohort, sample) [kWh].

        weights : part of the class with each type of battery
        """
        draws, vehicle_class = self.assume.draws, known.vehicle_class
        energy = {}
        for kind, weight in weights.items():
            hybrid = (
                plug_in_share(trail, self.assume, vehicle_class, known) if kind == "lithium" else np.zeros(1)
            )
            small = float(hybrid[min(JUDGED_COHORT - FIRST_COHORT, len(hybrid) - 1)].mean())
            full = capacity_kwh(trail, draws, vehicle_class, "BEV", kind, COHORTS, weight * (1 - small))
            if hybrid.any():
                other = capacity_kwh(trail, draws, vehicle_class, "PHEV", kind, COHORTS, weight * small)
                full = full * (1 - hybrid) + other * hybrid
            energy[kind] = full
        return energy


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
        recent = [known.hybrids[year].value for year in sorted(known.hybrids)[-3:]]
        level = float(np.mean(recent))
        drift = assume.value("phev_share_trend")
        odds = level / (1 - level) if 0 < level < 1 else 0.0
        ends = [odds / drift, odds * drift]
        later = draws.figure(f"{name}/later", level, *(end / (1 + end) for end in ends), fraction=True)
        path[max(known.hybrids) < COHORTS] = later
        return path
    found = trail.find_or_none("use", "powertrain_share", vehicle_class)
    if found is None:
        return np.zeros((len(COHORTS), draws.samples))
    rows = sorted(found.table.rows, key=lambda row: row.year or 0)
    drawn = np.stack(
        [draws.figure(row.id, row.value, row.low, row.high, grade=row.grade, fraction=True) for row in rows]
    )
    return interpolated(np.array([row.year or 0 for row in rows], dtype=np.float64), drawn, COHORTS)


def _has_lead_acid(trail: Trail, vehicle_class: str) -> bool:
    """Whether the class has lead-acid batteries at all: where no energy is given for them it has none."""
    keys = {"powertrain": "BEV", "battery_type": "lead_acid"}
    return trail.find_or_none("capacity", "battery_capacity", vehicle_class, **keys) is not None


def _members(kind: str) -> list[int]:
    return [LEAD_ACID] if kind == "lead_acid" else [i for i in range(len(CHEMISTRIES)) if i != LEAD_ACID]


def _quantities(counted: Array, content: Array) -> Array:
    """(quantity, year, chemistry, sample) from counts and energy (2, year, chemistry, sample)."""
    mass = contained(counted[1], content)
    items = [
        mass[:, :, ITEMS.index(item)]
        for item in ("pack_mass", "Li", "Co", "Ni", "Mn", "Cu", "graphite", "Pb")
    ]
    return np.stack([counted[0], counted[1], *items])
