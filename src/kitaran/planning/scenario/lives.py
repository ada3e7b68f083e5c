"""How long vehicles and batteries of a class last in one economy: kinds of batteries that share a kernel.

Two ways, never mixed within one use and chemistry: by the table `lifetimes`, or by the ageing engine, where
wear in the local climate, faults and calendar end the battery and scrappage and accidents end the vehicle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.kernels import Kernel, Life, Replacement, SurvivalCurve, vehicle_kernel
from kitaran.planning.fleet.survival import Family, survival
from kitaran.planning.lifetime.survival import without_event
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.ageing import AGES, Ageing, BatteryLife
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.model import LifeChange, Scenario
from kitaran.planning.scenario.parameters import use_shares
from kitaran.planning.scenario.people import COHORTS
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import Row

Array = NDArray[np.float64]

QUARTERS = 4  # steps a year where no battery lives for months only
Change = tuple[float, bool]  # factor on mean life, or the mean life itself with True


@dataclass(frozen=True)
class UseLife:
    """First batteries of one use and chemistries in one economy, by age (AGES) and sample.

    share   : (sample,) part of the class that has this use
    battery : (age, sample) share of batteries that have not failed; vehicle : of vehicles still in use
    ended   : by cause (wear, age, fault, accident), (age, sample) share that it alone would leave; empty by
              tables
    healthy : (age, limit, few) as in `BatteryLife`, mixed over climates; None by tables
    outside : share of time outside the tested range of the models
    table_years : mean life of the battery by the table lifetimes [year]
    places  : in whose climate they live, the largest first; none by tables
    """

    use: str
    chemistry: str
    share: Array
    battery: Array
    vehicle: Array
    ended: Mapping[str, Array]
    healthy: Array | None
    life: BatteryLife | None
    outside: float
    table_years: float
    places: tuple[str, ...] = ()

    @property
    def by_model(self) -> bool:
        return self.life is not None


@dataclass(frozen=True)
class Kind:
    """Batteries of a class that share lives.

    members  : indices of their chemistries
    kernel   : per vehicle sold
    cohorts  : (cohort,) 1 for the years of sale whose batteries they are, else 0
    modelled : (step, sample) the part of `kernel.retired` that retires by an ageing model; None for none
    outside  : share of time outside the tested range of the models
    """

    battery_type: str
    members: tuple[int, ...]
    cohorts: Array
    kernel: Kernel
    modelled: Array | None
    outside: float
    uses: tuple[UseLife, ...]


@dataclass(frozen=True)
class VehicleEnds:
    """Survival of vehicles by quarters of age: in all, and what accidents alone would leave."""

    curve: SurvivalCurve
    accident: Array


@dataclass
class Kernels:
    """Kernels of kinds of vehicles, each made once a run: economies that share rows share kernels."""

    assumptions: Assumptions
    ageing: Ageing
    years: int
    _made: dict[tuple[object, ...], Kernel] = field(default_factory=dict)
    _aged: dict[tuple[object, ...], dict[int, tuple[Array, Array]]] = field(default_factory=dict)
    _vehicles: dict[tuple[object, ...], VehicleEnds] = field(default_factory=dict)

    @property
    def draws(self) -> Draws:
        return self.assumptions.draws

    @property
    def rule(self) -> Replacement:
        return Replacement(
            self.assumptions.sampled("replacement_worth_share"),
            self.assumptions.sampled("replacement_probability"),
        )

    def by_tables(self, vehicle: tuple[Row, Change], battery: tuple[Row, Change]) -> Kernel:
        """Kernel of a vehicle and its battery; each a row of lifetimes and what the scenario changes."""
        key = tuple((row.id, row.cells, change) for row, change in (vehicle, battery))
        if key not in self._made:
            self._made[key] = vehicle_kernel(self.life(*vehicle), self.life(*battery), self.rule, self.years)
        return self._made[key]

    def life(self, row: Row, change: Change) -> Life:
        mean = self.draws.figure(row.id, row.value, row.low, row.high, grade=row.grade)
        factor, whole = change
        scaled = mean * (factor / row.central) if whole else mean * factor
        return Life(Family(row.text("family")), scaled, row.number("cv") or 0.0)

    def vehicle_ends(self, vehicle: tuple[Row, Change], accident: Row, limit: Row | None) -> VehicleEnds:
        """A vehicle that scrappage, accidents and, where there is one, the age that law sets take away."""
        row, change = vehicle
        key = (row.id, row.cells, change, accident.id, limit.id if limit else "")
        if key not in self._vehicles:
            grid = np.arange((self.years + 1) * QUARTERS + 1) / QUARTERS
            scrapped = self.life(row, change)
            met = without_event(grid, self.ageing.sampled(accident))
            alive = survival(scrapped.family, scrapped.mean, scrapped.cv, grid) * met
            if limit is not None:
                alive = alive * (grid < limit.central)[:, None]
            self._vehicles[key] = VehicleEnds(SurvivalCurve(grid, alive), met)
        return self._vehicles[key]

    def by_engine(
        self,
        key: tuple[object, ...],
        vehicle: SurvivalCurve,
        battery: BatteryLife,
        stretch: float,
        mixed: Array,
    ) -> Kernel:
        """Kernel of a vehicle whose battery retires by the ageing engine, mixed over reference climates.

        key     : names vehicle, battery and stretch
        stretch : factor on the battery's ages
        mixed   : (place,) weights of the reference climates
        Kept are only the flows in each climate that is asked for: the stock is what they leave.
        """
        flows = self._aged.setdefault(key, {})
        retired = installed = np.zeros((self.years, self.draws.samples))
        for place in np.flatnonzero(mixed).tolist():
            if place not in flows:
                flows[place] = self._in_one_climate(vehicle, battery, stretch, place)
            retired = retired + mixed[place] * flows[place][0]
            installed = installed + mixed[place] * flows[place][1]
        return Kernel(retired, installed, 1.0 + np.cumsum(installed - retired, axis=0))

    def _in_one_climate(
        self, vehicle: SurvivalCurve, battery: BatteryLife, stretch: float, place: int
    ) -> tuple[Array, Array]:
        """Batteries retired and put in again by year, (year, sample) each, in one reference climate."""
        lasting = SurvivalCurve(AGES * stretch, battery.alive_in(place))
        kernel = vehicle_kernel(vehicle, lasting, self.rule, self.years, QUARTERS)
        return kernel.retired, kernel.installed


def kinds(
    trail: Trail,
    kernels: Kernels,
    scenario: Scenario,
    vehicle_class: str,
    weights: Mapping[str, Mapping[int, float]],
    sold: NDArray[np.bool_],
    engine: bool,
) -> list[Kind]:
    """Kinds of batteries of a class in one economy.

    weights : by type of battery, part of the class that has each chemistry (by index); zero leaves it out of
              the grade
    sold    : (cohort, chemistry) whether a chemistry is sold in a year
    engine  : whether batteries retire by the ageing engine where it knows their chemistry
    """
    shares = use_shares(trail, kernels.draws, vehicle_class)
    until = kernels.ageing.early_until(trail, vehicle_class) if engine else 0
    first = (until >= COHORTS).astype(np.float64)
    eras = [(first, True), (1.0 - first, False)] if first.any() else [(1.0 - first, False)]
    made = []
    for battery_type, members in weights.items():
        each = _Class(trail, kernels, scenario, vehicle_class, battery_type, shares)
        known = [m for m in members if engine and kernels.ageing.knows(CHEMISTRIES[m])]
        for member in known:
            for era, early in eras:
                cohorts = era * sold[:, member]
                if early and not cohorts.any():
                    continue
                weight = 0.0 if early else members[member]
                made.append(each.kind((member,), CHEMISTRIES[member], cohorts, early, weight))
        rest = tuple(m for m in members if m not in known)
        if rest:
            made.append(each.kind(rest, "", np.ones(len(COHORTS)), False, sum(members[m] for m in rest)))
    return made


@dataclass(frozen=True)
class _Class:
    """Batteries of one type in one class of one economy."""

    trail: Trail
    kernels: Kernels
    scenario: Scenario
    vehicle_class: str
    battery_type: str
    shares: tuple[tuple[str, ...], Array]

    def kind(
        self, members: tuple[int, ...], chemistry: str, cohorts: Array, early: bool, weight: float
    ) -> Kind:
        """A kind of battery over all uses; by the engine if a chemistry is named, else by tables."""
        parts = [
            self._use(use, share, chemistry, early, weight * float(share.mean()))
            for use, share in zip(*self.shares, strict=True)
        ]
        weighted = [
            Kernel(kernel.retired * life.share, kernel.installed * life.share, kernel.in_use * life.share)
            for kernel, life in parts
        ]
        total = Kernel(*(np.sum([getattr(k, name) for k in weighted], axis=0) for name in _FLOWS))
        by_model = [k.retired for k, (_, life) in zip(weighted, parts, strict=True) if life.by_model]
        uses = tuple(life for _, life in parts)
        part = sum(float(life.share.mean()) for life in uses if life.by_model)
        outside = sum(life.outside * float(life.share.mean()) for life in uses if life.by_model)
        modelled = (
            (total.retired if len(by_model) == len(parts) else np.sum(by_model, axis=0)) if by_model else None
        )
        share = outside / part if part else 0.0
        return Kind(self.battery_type, members, cohorts, total, modelled, share, uses)

    def _use(
        self, use: str, share: Array, chemistry: str, early: bool, weight: float
    ) -> tuple[Kernel, UseLife]:
        vehicle_row, vehicle_change = self._row(use, "vehicle", "any", weight, judged=True)
        own = self.trail.table("lifetimes").overridden
        battery_row, battery_change = self._row(
            use, "battery", self.battery_type, weight, judged=not chemistry
        )
        if not chemistry or battery_row.id in own:
            if chemistry:
                self._row(use, "battery", self.battery_type, weight, judged=True)
            vehicle, battery = (vehicle_row, vehicle_change), (battery_row, battery_change)
            kernel = self.kernels.by_tables(vehicle, battery)
            lives = _alive(self.kernels.life(*battery)), _alive(self.kernels.life(*vehicle))
            years = _table_years(battery_row, battery_change)
            return kernel, UseLife(use, chemistry, share, *lives, {}, None, None, 0.0, years)
        ends = ((vehicle_row, vehicle_change), (battery_row, battery_change))
        return self._aged(use, share, chemistry, early, weight, *ends)

    def _aged(
        self,
        use: str,
        share: Array,
        chemistry: str,
        early: bool,
        weight: float,
        vehicle: tuple[Row, Change],
        battery: tuple[Row, Change],
    ) -> tuple[Kernel, UseLife]:
        ageing, change = self.kernels.ageing, battery[1]
        life = ageing.life(self.trail, self.vehicle_class, use, chemistry, weight, early)
        mixed, places = ageing.climates.of_economy(self.trail)
        stretch = _stretch(change, life, mixed)
        ends, rows = self._vehicle_ends(use, vehicle)
        at = stretch if change == _UNCHANGED or not change[1] else (stretch, self.trail.economy)
        key = (vehicle[0].id, vehicle[0].cells, vehicle[1], *rows, id(life), at)
        kernel = self.kernels.by_engine(key, ends.curve, life, stretch, mixed)
        yearly = slice(0, AGES.size * QUARTERS, QUARTERS)
        ended = {"wear": np.einsum("pan,p->an", life.wear, mixed), **life.other}
        if stretch != 1.0:
            ended = {name: _stretched(alive, stretch) for name, alive in ended.items()}
        return kernel, UseLife(
            use=use,
            chemistry=chemistry,
            share=share,
            battery=np.prod(list(ended.values()), axis=0),
            vehicle=ends.curve.alive[yearly],
            ended={**ended, "accident": ends.accident[yearly]},
            healthy=np.einsum("palf,p->alf", life.healthy, mixed),
            life=life,
            outside=float(life.outside @ mixed),
            table_years=_table_years(*battery),
            places=places,
        )

    def _vehicle_ends(self, use: str, vehicle: tuple[Row, Change]) -> tuple[VehicleEnds, list[str]]:
        """What ends the vehicle, and the ids of the rows used beside that of its life."""
        ageing = self.kernels.ageing
        accident = ageing.end(self.trail, self.vehicle_class, use, "accident_rate")
        limit = ageing.end_or_none(self.trail, self.vehicle_class, use, "vehicle_age_limit")
        rows = [row for row in (accident, limit) if row is not None]
        for row in rows:
            self.trail.note_row("vehicle_life", row, self.vehicle_class)
        return self.kernels.vehicle_ends(vehicle, accident, limit), [row.id for row in rows]

    def _row(self, use: str, component: str, kind: str, weight: float, judged: bool) -> tuple[Row, Change]:
        """Row of lifetimes and what the scenario changes of it; judged if the result rests on it."""
        role = f"{component}_life"
        keys = {"use": use, "component": component, "battery_type": kind}
        trail = self.trail if judged else Trail(self.trail.economy, self.trail.overrides)
        found = trail.find(role, "lifetimes", self.vehicle_class, **keys)
        row = found.table.rows[0]
        trail.judge(role, self.vehicle_class, weight, found, row)
        return row, _life_change(
            self.scenario.lives, trail.economy, self.vehicle_class, use, component, self.battery_type
        )


_FLOWS = ("retired", "installed", "in_use")
_UNCHANGED = (1.0, False)


def _life_change(
    changes: Sequence[LifeChange],
    economy: str,
    vehicle_class: str,
    use: str,
    component: str,
    battery_type: str,
) -> Change:
    """Factor on mean life, or the mean life itself with True; (1, False) if nothing fits."""
    for change in changes:
        fits = (
            change.component == component
            and economy in (change.economies or (economy,))
            and change.vehicle_class in (None, vehicle_class)
            and change.use in (None, use)
            and (component == "vehicle" or change.battery_type in (None, battery_type))
        )
        if fits:
            return change.value, change.unit == "year"
    return _UNCHANGED


def _table_years(row: Row, change: Change) -> float:
    """Mean life by the table lifetimes, with what the scenario changes [year]."""
    value, whole = change
    return value if whole else row.central * value


def _stretch(change: Change, life: BatteryLife, mixed: Array) -> float:
    """Factor on a battery's ages that makes a scenario's change."""
    value, whole = change
    if not whole:
        return value
    alive = np.sum([share * life.alive_in(place) for place, share in enumerate(mixed) if share], axis=0)
    return value / float(SurvivalCurve(AGES, alive).mean.mean())


def _stretched(alive: Array, stretch: float) -> Array:
    """Survival at AGES of lives whose ages are stretched."""
    at = np.minimum(AGES / stretch, AGES[-1])
    below = np.minimum(at.astype(int), AGES.size - 2)
    part = (at - below)[:, None]
    value: Array = alive[below] * (1 - part) + alive[below + 1] * part
    return value


def _alive(life: Life) -> Array:
    """Share alive at AGES by a table, (age, sample)."""
    return survival(life.family, life.mean, life.cv, AGES)
