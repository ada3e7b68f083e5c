"""Second-hand trade between economies: who sends how many used electric vehicles of which age to whom.

The exporter's cohorts are projected first; what leaves them is a share of each cohort, scaled to the counts
of `used_trade`. It is sent to partners by shares; the rest, and what a partner cannot take, leaves the region
or nobody tells where it went. Means over the samples: in all of them a year has one part of used vehicles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import KitaranError
from kitaran.planning.scenario.lives import Kind
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.technology import Technology
from kitaran.planning.scenario.trade_kernels import exporters_kernel, importers_kernel, kept, leaving_by_age
from kitaran.reference import ALL_ECONOMIES, FactTable, Row, read

Array = NDArray[np.float64]

COUNTS, PARAMETERS, ROLE = "used_trade", "used_trade_parameters", "history"
OUTSIDE = "outside"
USED = "lithium, used"
LARGEST_PART = 0.95
BALANCED = 1e-9


@dataclass(frozen=True)
class Outflow:
    """Used vehicles that leave one economy.

    vehicles : (year, age in years since sale), years as COHORTS, mean of the samples      [vehicle]
    energy   : (year,) mean nameplate energy of the battery of a vehicle that leaves        [kWh]
    share    : part of a cohort that ever leaves, were nothing scrapped
    leaving  : (age,) part of these that leaves at each age
    begins   : first year in which vehicles leave
    shares   : by partner and for OUTSIDE, (year,) each, sum 1
    counted_until : last year with a count
    rows     : what it rests on
    """

    economy: str
    vehicle_class: str
    vehicles: Array
    energy: Array
    share: float
    leaving: Array
    begins: int
    shares: Mapping[str, Array]
    counted_until: int
    rows: tuple[Row, ...]

    def to(self, partner: str) -> Array:
        """(year, age) vehicles that are sent to a partner, or outside."""
        sent: Array = self.vehicles * self.shares[partner][:, None]
        return sent


@dataclass(frozen=True)
class Inflow:
    """Used vehicles that arrive in one economy.

    vehicles : (year, age) sent by all exporters [vehicle]; energy : (year,) of their batteries [kWh]
    counted  : part of them that the importer's published sales hold already
    most     : largest part of used vehicles in what enters after the years with counts
    """

    vehicles: Array
    energy: Array
    counted: float
    most: float
    counted_until: int
    rows: tuple[Row, ...]

    def taken(self, sold: Array) -> Array:
        """Used vehicles that the importer takes, (year,); what is sent beyond it goes elsewhere.

        sold : (year,) electric vehicles that its figures and outlook hold
        After the counts: n <= m (sold + (1 - c) n), with m the largest part and c what sales hold already.
        """
        sent = self.vehicles.sum(axis=1)
        most = self.most * sold / (1.0 - self.most * (1.0 - self.counted))
        taken: Array = np.where(self.counted_until < COHORTS, np.minimum(sent, most), sent)
        return taken


def exporters(overrides: Path | None = None) -> list[tuple[str, str]]:
    """Economies and classes whose used exports are projected: those with an age of export."""
    rows = read(PARAMETERS, overrides).where(parameter="age_mean")
    return sorted((row.text("economy"), row.text("vehicle_class")) for row in rows)


def outflow_of(
    economy: str, vehicle_class: str, carried: Technology, entered: Array, overrides: Path | None = None
) -> Outflow:
    """What leaves an economy used, scaled to what is counted.

    entered : (cohort, sample) vehicles
    share = counted / what would leave if all of a cohort did, over the years counted; at most 1
    """
    own = read(PARAMETERS, overrides).where(economy=economy, vehicle_class=vehicle_class).resolve()
    mean, spread, first = (_one(own, name) for name in ("age_mean", "age_sd", "first_year"))
    leaving = leaving_by_age(mean.central, spread.central, len(COHORTS))
    begins = int(first.central)
    willing = _by_year_and_age(_there(carried, entered) * leaving)
    willing[begins > COHORTS] = 0.0
    counted, rows = counted_exports(economy, vehicle_class, overrides)
    last = max(counted)
    share = min(counted[last] / max(float(willing[: last - FIRST_COHORT + 1].sum()), 1e-9), 1.0)
    partners, ends = own.where(parameter="share"), own.where(parameter="last_year")
    shares = {row.text("partner"): np.full(len(COHORTS), row.central) for row in partners}
    for row in ends:
        shares[row.text("partner")][row.central < COHORTS] = 0.0
    energy = sum(carried.vehicles(kind) * carried.energy[kind.battery_type] for kind in carried.kinds)
    return Outflow(
        economy,
        vehicle_class,
        share * willing,
        _mean_energy(willing, np.asarray(energy).mean(axis=1)),
        share,
        leaving,
        begins,
        {**shares, OUTSIDE: 1.0 - np.sum(list(shares.values()), axis=0)},
        last,
        (mean, spread, first, *partners.rows, *ends.rows, *rows),
    )


def counted_exports(
    economy: str, vehicle_class: str, overrides: Path | None = None
) -> tuple[dict[int, float], tuple[Row, ...]]:
    """Used electric vehicles sent to all partners up to a year, by that year, and the rows behind them.

    Plug-in hybrids join in the ratio of a year in which both are counted.
    """
    rows = read(COUNTS, overrides).where(
        exporter=economy, economy="WORLD", vehicle_class=vehicle_class, condition="used"
    )
    so_far = rows.where(basis="cumulative", powertrain="BEV")
    hybrids = rows.where(basis="annual", powertrain="PHEV")
    both = [
        (row.central / other.central, row, other)
        for row in hybrids
        for other in rows.where(basis="annual", powertrain="BEV", year=row["year"])
    ]
    ratio = float(np.mean([part for part, *_ in both])) if both else 0.0
    used = tuple(dict.fromkeys([*so_far.rows, *(row for _, *pair in both for row in pair)]))
    return {row.year or 0: row.central * (1 + ratio) for row in so_far}, used


@dataclass
class Trade:
    """All used trade of a run; the outflow of each exporter is worked out once, when first asked for.

    flow_of : gives an exporter's class as it would be without trade: what it carries and what enters
    """

    flow_of: Callable[[str, str], tuple[Technology, Array]]
    overrides: Path | None = None
    _made: dict[tuple[str, str], Outflow] = field(default_factory=dict)

    def outflow(self, economy: str, vehicle_class: str) -> Outflow | None:
        """What leaves an economy; None where no used exports of it are projected."""
        key = (economy, vehicle_class)
        if key not in exporters(self.overrides):
            return None
        if key not in self._made:
            carried, entered = self.flow_of(economy, vehicle_class)
            self._made[key] = outflow_of(economy, vehicle_class, carried, entered, self.overrides)
            assert_balance(self._made[key])
        return self._made[key]

    def inflow(self, economy: str, vehicle_class: str) -> Inflow | None:
        """What arrives in an economy from all exporters; None where nothing does."""
        table = read(PARAMETERS, self.overrides)
        known = table.where(partner=economy, vehicle_class=vehicle_class, parameter="share")
        sources = [self.outflow(row.text("economy"), vehicle_class) for row in known]
        found = [each for each in sources if each is not None]
        if not found:
            return None
        counted, most = (
            self._of_importer(economy, vehicle_class, n) for n in ("counted_in_sales", "most_used")
        )
        vehicles = np.sum([each.to(economy) for each in found], axis=0)
        weights = np.array([each.to(economy).sum(axis=1) for each in found])
        energy = np.average([each.energy for each in found], axis=0, weights=np.maximum(weights, 1e-12))
        until = max(each.counted_until for each in found)
        rows = [*known.rows, counted, most, *(row for each in found for row in each.rows)]
        return Inflow(vehicles, energy, counted.central, most.central, until, tuple(dict.fromkeys(rows)))

    def _of_importer(self, economy: str, vehicle_class: str, parameter: str) -> Row:
        table = read(PARAMETERS, self.overrides).where(vehicle_class=vehicle_class, parameter=parameter)
        own = table.where(economy=economy)
        (row,) = (own if len(own) else table.where(economy=ALL_ECONOMIES)).resolve()
        return row


def assert_balance(outflow: Outflow) -> None:
    """KitaranError if what arrives in all partners and outside is not what left."""
    arrived = np.sum([outflow.to(partner) for partner in outflow.shares], axis=0)
    broken = float(np.abs(arrived - outflow.vehicles).max()) / max(1.0, float(outflow.vehicles.max()))
    if not broken <= BALANCED:
        raise KitaranError(
            f"Used vehicles are lost between economies: a relative {broken:.1e}.",
            f"{PARAMETERS}, shares of {outflow.economy}",
            "Correct the shares so that none is above 1 in sum.",
        )


def with_exports(trail: Trail, carried: Technology, outflow: Outflow) -> Technology:
    """What an exporter's vehicles carry, when part of each cohort leaves used."""
    _note(trail, outflow.vehicle_class, outflow.rows)
    kinds = []
    for sold, left in _eras(outflow):
        of_era = [(kind, kind.cohorts * sold) for kind in carried.kinds]
        kinds += [_exporting(kind, cohorts, left) for kind, cohorts in of_era if cohorts.any()]
    return carried.with_lives(kinds)


def with_imports(
    trail: Trail, vehicle_class: str, carried: Technology, entered: Array, inflow: Inflow
) -> tuple[Technology, Array]:
    """What an importer's vehicles carry, and what enters, when used ones arrive.

    Used vehicles that its sales hold take the place of new ones; others come beside them. They bring the
    chemistries of their year of arrival, batteries of the exporter's energy, and the rest of a life.
    """
    _note(trail, vehicle_class, inflow.rows)
    sold = entered.mean(axis=1)
    arrive = inflow.taken(sold)
    whole = np.maximum(sold + arrive * (1.0 - inflow.counted), arrive / LARGEST_PART)
    entering = np.where(sold[:, None] > 0, entered + (whole - sold)[:, None], whole[:, None])
    part = np.divide(arrive, whole, out=np.zeros_like(whole), where=whole > 0)
    by_age = inflow.vehicles.sum(axis=0)
    ages = by_age / max(float(by_age.sum()), 1e-12)
    kinds = []
    for kind in carried.kinds:
        kinds.append(replace(kind, cohorts=kind.cohorts * (1.0 - part)))
        if kind.battery_type == "lithium" and (kind.cohorts * part).any():
            kinds.append(_arriving(kind, part, ages))
    energy = np.broadcast_to(inflow.energy[:, None], entering.shape)
    both = replace(
        carried.with_lives(kinds),
        share={**carried.share, USED: carried.share["lithium"]},
        energy={**carried.energy, USED: energy},
    )
    return both, entering


def _eras(outflow: Outflow) -> list[tuple[Array, Array]]:
    """Cohorts that leave alike, (cohort,) 1 or 0, and what is kept of them, (step,): those sold before the
    first exports each for itself, since they were older when exports began; all later ones together."""
    earlier = [int(year) for year in COHORTS[outflow.begins > COHORTS]]
    eras = []
    for year in earlier:
        old_enough = np.arange(len(COHORTS)) >= outflow.begins - year
        eras.append(
            (np.equal(COHORTS, year).astype(np.float64), kept(outflow.leaving * old_enough, outflow.share))
        )
    later = (outflow.begins <= COHORTS).astype(np.float64)
    return [*eras, (later, kept(outflow.leaving, outflow.share))]


def _exporting(kind: Kind, cohorts: Array, left: Array) -> Kind:
    kernel, exported = exporters_kernel(kind.kernel, left)
    before = np.concatenate([[1.0], left[:-1]])[:, None]
    modelled = kernel.retired if kind.modelled is kind.kernel.retired else kind.modelled
    if modelled is not None and modelled is not kernel.retired:
        modelled = modelled * before
    return replace(kind, cohorts=cohorts, kernel=kernel, modelled=modelled, exported=exported)


def _arriving(kind: Kind, part: Array, ages: Array) -> Kind:
    """The used vehicles of a kind. How healthy their batteries are when they retire is not followed."""
    kernel = importers_kernel(kind.kernel, ages)
    return replace(
        kind,
        battery_type=USED,
        cohorts=kind.cohorts * part,
        kernel=kernel,
        modelled=None,
        uses=(),
        arrived_used=True,
    )


def _there(carried: Technology, entered: Array) -> Array:
    """Vehicles of each cohort in use so many years after their sale, (cohort, step), mean of the samples."""
    flows = [
        np.einsum("cs,ts->ct", entered * carried.vehicles(kind), kind.kernel.in_use) for kind in carried.kinds
    ]
    there: Array = np.sum(flows, axis=0) / entered.shape[1]
    return there


def _by_year_and_age(by_cohort: Array) -> Array:
    """(year, age) from (cohort, step): what a cohort does so many years after its year."""
    years = by_cohort.shape[0]
    moved = np.zeros((years, years))
    for cohort in range(years):
        for_years = np.arange(years - cohort)
        moved[cohort + for_years, for_years] = by_cohort[cohort, for_years]
    return moved


def _mean_energy(vehicles: Array, energy: Array) -> Array:
    """Mean energy of what leaves in each year, (year,), from that of new vehicles by year of sale [kWh]."""
    years = len(energy)
    of_sale = np.array([[energy[max(year - age, 0)] for age in range(years)] for year in range(years)])
    weights = np.maximum(vehicles, 1e-12)
    mean: Array = (weights * of_sale).sum(axis=1) / weights.sum(axis=1)
    return mean


def _one(table: FactTable, parameter: str) -> Row:
    (row,) = table.where(parameter=parameter)
    return row


def _note(trail: Trail, vehicle_class: str, rows: tuple[Row, ...]) -> None:
    for row in rows:
        trail.note_row(ROLE, row, vehicle_class)
