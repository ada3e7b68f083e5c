"""One economy from sales to what is in its retired batteries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import VEHICLE_CLASSES, History, Yearly
from kitaran.planning.fleet.stock import assert_balance, outflow
from kitaran.planning.materials.content import (
    CHEMISTRIES,
    ITEMS,
    KG_PER_T,
    KWH_PER_GWH,
    contained,
    contained_in_all,
)
from kitaran.planning.materials.packs import PackMass, pack_mass
from kitaran.planning.scenario.ageing import Ageing
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.kernels import Kernels
from kitaran.planning.scenario.markets import ELECTRIC_BY_DEFINITION, Market
from kitaran.planning.scenario.measures import Measure
from kitaran.planning.scenario.model import FIRST_YEAR, Scenario
from kitaran.planning.scenario.observed import Observed, Start, note, observed, spliced, start_from
from kitaran.planning.scenario.outlook import market_of_class, projected_sales
from kitaran.planning.scenario.parameters import composition
from kitaran.planning.scenario.past import Past, past
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.region import Region
from kitaran.planning.scenario.retiring import soh_above_by_year
from kitaran.planning.scenario.technology import Technology, lives_of, technology
from kitaran.planning.scenario.trade import Trade, with_exports, with_imports

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
PACK_MASS = ITEMS.index("pack_mass")
_LARGEST_SHARE = 0.97
_AXES_OF_FLOWS = (1, 0, 1, 1, 0, 0, 0, 1)
"""Along which axis the years lie in what `Forecast._flows` gives."""


@dataclass(frozen=True)
class Tabled:
    """One class by the lifetime tables: (2, year, sample) retired batteries and energy [GWh], and what it
    carries."""

    retired: Array
    carried: Technology


@dataclass(frozen=True)
class ClassResult:
    """One class of one economy; arrays over (year 2010-2050, ..., sample).

    counted      : (2, year, chemistry, sample) retired batteries, and their energy [GWh]
    content      : (chemistry, item, sample) what is in a battery [kg/kWh]
    heavier      : (year, chemistry) mass of retired packs over that of new ones of the same energy
    age          : (year, chemistry) mean years from the sale of the vehicle to retirement; NaN where none
    healthy      : (year, chemistry, limit) share of retired energy whose state of health is above each of
    SOH_LIMITS; NaN where no model tells
    placed       : (2, year, chemistry, sample) nameplate energy that enters use: with new vehicles, spares
    among it, and as replacements [GWh]
    sold, in_use : (year, sample) electric vehicles  [vehicle]
    known        : (year, sample) part of `retired_energy` from vehicles sold up to the last year with a
    figure [GWh]
    last_year    : last year with a figure; 0 where peers stand in for all of it
    history      : what was published, and what of it could not be closed
    modelled     : (2, year, sample) batteries and energy [GWh] that retire by an ageing model
    outside      : (2, year, sample) the same times the share of time outside the models' tested range
    tabled       : the same class if all retired by the lifetime tables; None if they do
    """

    vehicle_class: str
    counted: Array
    content: Array
    heavier: Array
    age: Array
    healthy: Array
    placed: Array
    sold: Array
    in_use: Array
    known: Array
    last_year: int
    history: History
    past: Past
    from_peers: bool
    carried: Technology
    modelled: Array
    outside: Array
    tabled: Tabled | None
    start: Start | None = None

    @property
    def retired(self) -> Array:
        """(quantity, year, chemistry, sample) in the order of QUANTITIES and CHEMISTRIES: large, and worked
        out anew each time."""
        return _quantities(self.counted, self.content, self.mass)

    @property
    def mass(self) -> Array:
        """(year, chemistry, sample) mass of retired packs, early ones heavier than those of today [t]."""
        per_gwh = self.content[:, PACK_MASS] * (KWH_PER_GWH / KG_PER_T)
        mass: Array = self.counted[1] * self.heavier[:, :, None] * per_gwh
        return mass

    @cached_property
    def over_chemistries(self) -> Array:
        """(quantity, year, sample)."""
        mass = contained_in_all(self.counted[1], self.content)
        mass[PACK_MASS] = self.mass.sum(axis=1)
        total: Array = np.concatenate([self.counted.sum(axis=2), mass])
        return total


@dataclass
class EconomyResult:
    """All classes of one economy, and the inputs they rest on."""

    economy: str
    trail: Trail
    classes: list[ClassResult] = field(default_factory=list)
    further: dict[str, Measure] = field(default_factory=dict)

    def total(self) -> Array:
        """(quantity, year, sample) over classes and chemistries."""
        sums = [part.over_chemistries for part in self.classes]
        return np.sum(sums, axis=0) if sums else np.zeros(0)

    @cached_property
    def retired(self) -> Array:
        """(quantity, year, chemistry, sample) over classes."""
        counted = np.sum([part.counted for part in self.classes], axis=0)
        mass = np.sum([part.mass for part in self.classes], axis=0)
        return _quantities(counted, self.classes[0].content, mass)

    @cached_property
    def placed(self) -> Array:
        """(2, year, chemistry, sample) over classes: energy with new vehicles and as replacements [GWh]."""
        total: Array = np.sum([part.placed for part in self.classes], axis=0)
        return total

    @property
    def headline(self) -> dict[str, Measure]:
        """Every quantity of the headline in order: what retires, then what becomes of it and is needed."""
        return {**retired_measures(self.total()), **self.further}


def retired_measures(total: Array) -> dict[str, Measure]:
    """What retires, (quantity, year, sample), as quantities of the headline."""
    named = zip(QUANTITIES.items(), total, strict=True)
    return {name: Measure(unit, row, like=name) for (name, unit), row in named}


@dataclass
class Forecast:
    """What economies share in a run: the scenario, what is known of the region, kernels of kinds of vehicles,
    and whether the lifetime tables are set beside the engine."""

    scenario: Scenario
    region: Region
    kernels: Kernels
    compared: bool
    _masses: dict[tuple[str, int], PackMass] = field(default_factory=dict)

    @classmethod
    def of(cls, scenario: Scenario, region: Region, compared: bool = True) -> Forecast:
        """compared : whether a run by the engine also tells what the lifetime tables would give."""
        ageing = Ageing(region.assumptions, region.overrides)
        kernels = Kernels(region.assumptions, ageing, len(COHORTS))
        return cls(scenario, region, kernels, compared and scenario.by_engine)

    @property
    def assume(self) -> Assumptions:
        return self.region.assumptions

    def economy(self, code: str) -> EconomyResult:
        """Forecast of one economy."""
        result = EconomyResult(code, Trail(code, self.region.overrides))
        content = composition(result.trail, self.assume.draws)
        for row in self.assume.rows:
            result.trail.note_row("method", row)
        seen = observed(code, self.region.overrides)
        for vehicle_class in VEHICLE_CLASSES:
            market = self.region.market(code, vehicle_class)
            known = self._known(result.trail, vehicle_class, market)
            if vehicle_class in seen and not (known.sold or known.in_use):
                known = seen[vehicle_class].as_history(code)
            if known.sold or known.in_use:
                found = self._class(result.trail, known, market, content, seen.get(vehicle_class))
                result.classes.append(found)
        return result

    def _class(
        self, trail: Trail, known: History, market: Market | None, content: Array, seen: Observed | None
    ) -> ClassResult:
        """From the history of a class to its retired batteries."""
        chemistries = None if seen is None else seen.sold
        plain = technology(trail, self.kernels, self.scenario, self.assume, known, chemistries)
        before, sold = self._entered(trail, known, market, plain)
        carried, entered = self._traded(trail, known.vehicle_class, plain, sold)
        start = None
        if seen is not None:
            note(trail, seen)
            aside = Trail(trail.economy, self.region.overrides)
            start = start_from(seen, aside, self.assume, known, carried, entered)
        flows = self._flows(trail, known.vehicle_class, before.last_year, carried, entered, start)
        counted, from_known, modelled, outside, heavier, age, healthy, placed = flows
        return ClassResult(
            known.vehicle_class,
            counted[:, _SHOWN],
            content,
            heavier[_SHOWN],
            age[_SHOWN],
            healthy[_SHOWN],
            placed[:, _SHOWN],
            sold[_SHOWN],
            _in_use(carried, entered, f"{trail.economy} {known.vehicle_class}", start)[_SHOWN],
            from_known[_SHOWN],
            before.last_year,
            known,
            before,
            from_peers=known is not self.region.history(trail.economy, known.vehicle_class),
            carried=carried,
            modelled=modelled[:, _SHOWN],
            outside=outside[:, _SHOWN],
            tabled=self._by_tables(known, market, plain, seen) if self.compared else None,
            start=start,
        )

    def _flows(
        self,
        trail: Trail,
        vehicle_class: str,
        last_year: int,
        carried: Technology,
        entered: Array,
        start: Start | None,
    ) -> tuple[Array, ...]:
        """What `_retired` and `_heavier` give, `soh_above_by_year` and `_placed`; after the year of an
        observed stock those of that stock."""
        made = (
            *_retired(carried, entered, last_year),
            *self._heavier(trail, vehicle_class, carried, entered),
            soh_above_by_year(carried, entered),
            _placed(carried, entered),
        )
        if start is None:
            return made
        row, last = start.observed.row, max(last_year, start.observed.year)
        after = self._flows(trail, vehicle_class, last, start.carried, start.entered, None)
        return tuple(
            spliced(one, other, row, axis)
            for one, other, axis in zip(made, after, _AXES_OF_FLOWS, strict=True)
        )

    def _heavier(
        self, trail: Trail, vehicle_class: str, carried: Technology, entered: Array
    ) -> tuple[Array, Array]:
        """Mass of what retires in a year over that of packs in `composition`, by the years in which it was
        sold, and mean years since its vehicle's sale; (cohort, chemistry) each, mean flows over the samples.
        """
        whole, weighed, aged = (np.zeros((len(COHORTS), len(CHEMISTRIES), 1)) for _ in range(3))
        steps = np.arange(len(COHORTS), dtype=np.float64)[:, None]
        for kind in carried.kinds:
            members = list(kind.members)
            energy = carried.batteries(kind, entered)[1].mean(axis=-1)[..., None]
            retired = kind.kernel.retired.mean(axis=-1)[:, None]
            by_sale = np.stack([self._mass_by_sale(trail, vehicle_class, m) for m in members], axis=1)
            whole[:, members] += outflow(energy, retired)
            weighed[:, members] += outflow(energy * by_sale[..., None], retired)
            aged[:, members] += outflow(energy, retired * steps)
        heavier = np.divide(weighed, whole, out=np.ones_like(whole), where=whole > 0)
        age = np.divide(aged, whole, out=np.full_like(whole, np.nan), where=whole > 0)
        return heavier[..., 0], age[..., 0]

    def _mass_by_sale(self, trail: Trail, vehicle_class: str, member: int) -> Array:
        """Mass of new packs over that in `composition`, (cohort,)."""
        key = (vehicle_class, member)
        if key not in self._masses:
            self._masses[key] = pack_mass(CHEMISTRIES[member], vehicle_class, COHORTS, self.region.overrides)
        mass = self._masses[key]
        for row in mass.rows[1:]:
            trail.note_row("composition", row, vehicle_class)
        own: Array = mass.value / mass.rows[0].central
        return own

    def _entered(
        self, trail: Trail, known: History, market: Market | None, carried: Technology
    ) -> tuple[Past, Array]:
        """What is known of the past, and vehicles that enter, (cohort, sample), unrecorded ones among
        them."""
        name = "stock_backcast_growth"
        if known.vehicle_class in ELECTRIC_BY_DEFINITION:
            name = f"{name}_{known.vehicle_class}"
        growth, unrecorded = self.assume.sampled(name), self.assume.sampled("unrecorded_share")
        alive = carried.alive(known.last_year)
        before = past(known, alive, self.assume.draws, growth, unrecorded)
        return before, self._sold(trail, known.vehicle_class, market, before) + before.adjustment.unrecorded

    @cached_property
    def used_trade(self) -> Trade:
        """Used trade of all economies, worked out where it is first asked for."""
        return Trade(self._untraded, self.region.overrides)

    def _untraded(self, code: str, vehicle_class: str) -> tuple[Technology, Array]:
        """What the vehicles of an exporter carry and how many enter, without trade."""
        aside = Trail(code, self.region.overrides)
        market = self.region.market(code, vehicle_class)
        known = self._known(aside, vehicle_class, market)
        carried = technology(aside, self.kernels, self.scenario, self.assume, known)
        return carried, self._entered(aside, known, market, carried)[1]

    def _traded(
        self, trail: Trail, vehicle_class: str, carried: Technology, sold: Array
    ) -> tuple[Technology, Array]:
        """What vehicles carry, and what enters, where used ones leave or arrive."""
        leaves = self.used_trade.outflow(trail.economy, vehicle_class)
        if leaves is not None:
            carried = with_exports(trail, carried, leaves)
        arrives = self.used_trade.inflow(trail.economy, vehicle_class)
        return (
            (carried, sold) if arrives is None else with_imports(trail, vehicle_class, carried, sold, arrives)
        )

    def _by_tables(
        self, known: History, market: Market | None, carried: Technology, seen: Observed | None
    ) -> Tabled:
        """The class if the lifetime tables ruled: the same samples of everything else, so that the difference
        is the engine's alone."""
        aside = Trail(known.economy, self.region.overrides)
        lives = lives_of(
            aside,
            self.kernels,
            self.scenario,
            known.vehicle_class,
            carried.share,
            carried.chemistry,
            engine=False,
        )
        tabled = carried.with_lives(lives)
        _, sold = self._entered(aside, known, market, tabled)
        tabled, entered = self._traded(aside, known.vehicle_class, tabled, sold)
        retired = _retired_in_all(tabled, entered)
        if seen is not None:
            start = start_from(seen, aside, self.assume, known, tabled, entered)
            after = _retired_in_all(start.carried, start.entered)
            retired = spliced(retired, after, seen.row, axis=1)
        return Tabled(retired[:, _SHOWN], tabled)

    def _known(self, trail: Trail, vehicle_class: str, market: Market | None) -> History:
        """The economy's own history, or shares of its peers applied to its market."""
        own = self.region.history(trail.economy, vehicle_class)
        if own.sold or own.in_use:
            for role, yearly in (("sales", own.sold), ("stock", own.in_use)):
                trail.note_counts(role, yearly.values(), vehicle_class)
            return own
        shares, peers = self.region.shares_of_peers(trail.economy, vehicle_class) if market else ({}, ())
        note = f"Peers of like income: {', '.join(peers)}"
        for share in shares.values():
            trail.note("sales", share.rows, vehicle_class, "D", trail.economy, note)
        sold = self._share_of_market(trail.economy, shares, market) if market else {}
        return History(trail.economy, vehicle_class, sold, {}, {}, {}, {})

    def _share_of_market(self, code: str, shares: Yearly, market: Market) -> dict[int, Figure]:
        """Electric sales by year from their share, the market moved with the population."""
        spread = self.assume.value("peer_spread")
        per_person = market.figure.value / self.region.people.in_year(code, market.year)
        values = {
            y: share.value * per_person * self.region.people.in_year(code, y) for y, share in shares.items()
        }
        return {y: Figure(v, v / spread, v * spread, "D", shares[y].rows) for y, v in values.items()}

    def _sold(self, trail: Trail, vehicle_class: str, market: Market | None, before: Past) -> Array:
        """Electric vehicles sold, (cohort, sample): the past, then the outlook."""
        if market is None:
            return before.sold
        whole = market_of_class(trail, self.region, market, vehicle_class)
        # A market cannot be smaller than the electric part of it that was counted.
        whole = whole * np.maximum(1.0, (before.sold / np.maximum(whole, 1e-9)).max(axis=0) / _LARGEST_SHARE)
        if vehicle_class in ELECTRIC_BY_DEFINITION:
            return _steady(before, whole)
        targets = [
            target
            for target in self.scenario.sales_targets
            if target.vehicle_class == vehicle_class and target.holds_in(trail.economy)
        ]
        return projected_sales(
            trail, self.region, vehicle_class, before.sold, whole, before.last_year, targets
        )


def _steady(before: Past, market: Array) -> Array:
    """A class that is electric by definition goes on from the sales of its last year as its market does."""
    path = before.sold.copy()
    last = before.last_year - FIRST_COHORT
    path[last + 1 :] = path[last] * market[last + 1 :] / market[last]
    return path


def _retired(carried: Technology, entered: Array, last_year: int) -> tuple[Array, Array, Array, Array]:
    """Retired batteries and their energy, (2, cohort, chemistry, sample); (cohort, sample) the part of the
    energy that comes from vehicles sold up to the last year with a figure; (2, cohort, sample) what retires
    by an ageing model, and the same times the share of time outside the models' tested range."""
    counted = np.zeros((2, len(COHORTS), len(CHEMISTRIES), entered.shape[-1]))
    from_known = np.zeros_like(entered)
    modelled, outside = np.zeros((2, 2, *entered.shape))
    seen = (last_year >= COHORTS)[:, None]
    for kind in carried.kinds:
        each = carried.batteries(kind, entered)
        flows = [outflow(part, kind.kernel.retired) for part in each]
        for row, flow in enumerate(flows):
            counted[row][:, list(kind.members)] += flow
        from_known += outflow(each[1].sum(axis=1) * seen, kind.kernel.retired)
        if kind.modelled is not None:
            for row, part in enumerate(each):
                whole = kind.modelled is kind.kernel.retired
                flow = flows[row].sum(axis=1) if whole else outflow(part.sum(axis=1), kind.modelled)
                modelled[row] += flow
                outside[row] += kind.outside * flow
    return counted, from_known, modelled, outside


def _retired_in_all(carried: Technology, entered: Array) -> Array:
    """Retired batteries and their energy [GWh] over chemistries, (2, cohort, sample)."""
    flows = [
        [outflow(each.sum(axis=1), kind.kernel.retired) for each in carried.batteries(kind, entered)]
        for kind in carried.kinds
    ]
    return np.asarray(np.sum(flows, axis=0))


def _placed(carried: Technology, entered: Array) -> Array:
    """Energy of batteries that enter use, with new vehicles and as replacements, (2, cohort, chemistry,
    sample) [GWh]."""
    placed = np.zeros((2, len(COHORTS), len(CHEMISTRIES), entered.shape[-1]))
    for kind in carried.kinds:
        _, energy = carried.batteries(kind, entered)
        if not kind.arrived_used:
            placed[0][:, list(kind.members)] += energy
        placed[1][:, list(kind.members)] += outflow(energy, kind.kernel.installed)
    return placed


def _in_use(carried: Technology, entered: Array, place: str, start: Start | None) -> Array:
    """Vehicles in use at year's end, (cohort, sample), after the balance of entries, exits and stock is
    proved; at the end of the year of an observed stock its correction enters."""
    leaving, in_use = _left_and_in_use(carried, entered)
    coming = entered
    if start is not None:
        row = start.observed.row
        left, there = _left_and_in_use(start.carried, start.entered)
        leaving, in_use = spliced(leaving, left, row), spliced(in_use, there, row - 1)
        coming = spliced(entered, start.entered, row)
        coming[row] += start.correction.sum(axis=(0, 1))
    assert_balance(coming, leaving, in_use, place)
    return in_use


def _left_and_in_use(carried: Technology, entered: Array) -> tuple[Array, Array]:
    """Vehicles that leave in a year, and those in use at its end, (cohort, sample) each."""
    leaving, in_use = np.zeros_like(entered), np.zeros_like(entered)
    for kind in carried.kinds:
        of_kind = entered * carried.vehicles(kind)
        leaving += outflow(of_kind, kind.kernel.retired - kind.kernel.installed)
        if kind.exported is not None:
            leaving += outflow(of_kind, kind.exported)
        in_use += outflow(of_kind, kind.kernel.in_use)
    return leaving, in_use


def _quantities(counted: Array, content: Array, mass: Array) -> Array:
    """(quantity, year, chemistry, sample) from counts and energy (2, year, chemistry, sample) and the mass of
    packs."""
    made = np.empty((len(QUANTITIES), *counted.shape[1:]))
    made[:2] = counted
    made[2:] = contained(counted[1], content).transpose(2, 0, 1, 3)
    made[2 + PACK_MASS] = mass
    return made
