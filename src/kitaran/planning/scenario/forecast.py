"""One economy from sales to what is in its retired batteries."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import VEHICLE_CLASSES, History, Yearly
from kitaran.planning.fleet.stock import outflow
from kitaran.planning.materials.content import (
    CHEMISTRIES,
)
from kitaran.planning.materials.packs import PackMass, pack_mass
from kitaran.planning.scenario.ageing import Ageing
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.economy_result import ClassResult, EconomyResult, Tabled
from kitaran.planning.scenario.flows import placed_energy, retired, retired_in_all, vehicles_in_use
from kitaran.planning.scenario.kernels import Kernels
from kitaran.planning.scenario.markets import ELECTRIC_BY_DEFINITION, Market
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
from kitaran.planning.scenario.trade import Trade
from kitaran.planning.scenario.used_vehicles import with_exports, with_imports

Array = NDArray[np.float64]

_SHOWN = slice(FIRST_YEAR - FIRST_COHORT, None)
_LARGEST_SHARE = 0.97
_AXES_OF_FLOWS = (1, 0, 1, 1, 0, 0, 0, 1)
"""Along which axis the years lie in what `Forecast._flows` gives."""


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
            vehicles_in_use(carried, entered, f"{trail.economy} {known.vehicle_class}", start)[_SHOWN],
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
        """What `retired` and `_heavier` give, `soh_above_by_year` and `placed_energy`; after the year of an
        observed stock those of that stock."""
        made = (
            *retired(carried, entered, last_year),
            *self._heavier(trail, vehicle_class, carried, entered),
            soh_above_by_year(carried, entered),
            placed_energy(carried, entered),
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
            leaving = kind.kernel.retired.mean(axis=-1)[:, None]
            by_sale = np.stack([self._mass_by_sale(trail, vehicle_class, m) for m in members], axis=1)
            whole[:, members] += outflow(energy, leaving)
            weighed[:, members] += outflow(energy * by_sale[..., None], leaving)
            aged[:, members] += outflow(energy, leaving * steps)
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
        gone = retired_in_all(tabled, entered)
        if seen is not None:
            start = start_from(seen, aside, self.assume, known, tabled, entered)
            after = retired_in_all(start.carried, start.entered)
            gone = spliced(gone, after, seen.row, axis=1)
        return Tabled(gone[:, _SHOWN], tabled)

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
