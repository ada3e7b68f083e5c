"""The stock from which an economy's forecast starts where a register of it was accepted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.figures import Figure
from kitaran.planning.fleet.history import History
from kitaran.planning.fleet.observed_stock import POWERTRAINS, Counts, Stock, as_counted
from kitaran.planning.materials.content import CHEMISTRIES
from kitaran.planning.scenario.assumptions import Assumptions
from kitaran.planning.scenario.parameters import BATTERY_TYPES, LEAD_ACID, capacity_kwh
from kitaran.planning.scenario.people import COHORTS, FIRST_COHORT
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.scenario.technology import Technology, plug_in_share
from kitaran.planning.scenario.used_vehicles import USED
from kitaran.reference import Row, read

Array = NDArray[np.float64]

TABLE: Final = "observed_stock"
ROLE: Final = "initial_stock"
ANY: Final = "any"
_PLACES: Final = {name: index for index, name in enumerate((*CHEMISTRIES, ANY))}


@dataclass(frozen=True)
class Observed:
    """What is counted of one class of one economy at the end of a year.

    energy : (type of battery, powertrain, cohort) mean nameplate energy of the batteries of one vehicle, NaN
             where not given                                                                        [kWh]
    """

    vehicle_class: str
    year: int
    counts: Counts
    energy: Array
    rows: tuple[Row, ...]

    @property
    def row(self) -> int:
        """Place of the year of observation on the grid of cohorts."""
        return self.year - FIRST_COHORT

    @property
    def grade(self) -> str:
        """The weakest of the rows."""
        return max(row.grade for row in self.rows)

    def as_history(self, economy: str) -> History:
        """The history of a class of which nothing else is known: so many in use at the end of the year."""
        count = Figure(
            self.vehicles, self.vehicles, self.vehicles, self.grade, tuple(r.id for r in self.rows)
        )
        return History(economy, self.vehicle_class, {}, {self.year: count}, {}, {}, {})

    @property
    def vehicles(self) -> float:
        """All vehicles counted."""
        return float(np.nansum(self.counts.counted.mean(axis=-1)) + self.counts.least.mean(axis=-1).sum())

    @property
    def sold(self) -> NDArray[np.bool_]:
        """(cohort, chemistry) whether a chemistry is counted in a cohort."""
        known = np.nansum(self.counts.counted, axis=(1, 3)) + self.counts.least.sum(axis=2)
        found: NDArray[np.bool_] = known[:, :-1] > 0
        return found


def observed(economy: str, overrides: Path | None = None) -> dict[str, Observed]:
    """What is counted of an economy, by class: of each the observation of the latest year, and of several in
    one year the one that was accepted last."""
    by_class: dict[str, list[Row]] = {}
    for row in read(TABLE, overrides).where(economy=economy):
        by_class.setdefault(row.text("vehicle_class"), []).append(row)
    return {name: _of_rows(name, _of_one_source(rows)) for name, rows in sorted(by_class.items())}


def _of_one_source(rows: Sequence[Row]) -> list[Row]:
    last = max(row.year or 0 for row in rows)
    source = [row.source for row in rows if row.year == last][-1]
    return [row for row in rows if row.year == last and row.source == source]


def _of_rows(vehicle_class: str, rows: Sequence[Row]) -> Observed:
    cohorts, width = len(COHORTS), len(_PLACES)
    counted = np.full((cohorts, len(POWERTRAINS), width, 1), np.nan)
    least = np.zeros((cohorts, width, 1))
    energy = np.zeros((2, len(BATTERY_TYPES), len(POWERTRAINS), cohorts))
    year = rows[0].year or 0
    in_use = {_key(row): row.central for row in rows if row.text("measure") == "in_use"}
    for row in rows:
        cohort, powertrain, place = _at(row)
        if cohort > year - FIRST_COHORT:
            continue
        if row.text("measure") == "energy":
            kind = 1 if place == LEAD_ACID else 0
            weight = in_use.get(_key(row), 0.0)
            energy[:, kind, powertrain, cohort] += weight * row.central, weight
        elif row.text("counted") == "all":
            counted[cohort, powertrain, place] = np.nan_to_num(counted[cohort, powertrain, place])
            counted[cohort, powertrain, place] += row.central
        else:
            least[cohort, place] += row.central
    mean = np.divide(energy[0], energy[1], out=np.full_like(energy[0], np.nan), where=energy[1] > 0)
    return Observed(vehicle_class, year, Counts(counted, least), mean, tuple(rows))


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row.text(name) for name in ("cohort", "powertrain", "chemistry", "counted"))


def _at(row: Row) -> tuple[int, int, int]:
    cohort = max(int(row.number("cohort") or 0) - FIRST_COHORT, 0)
    return cohort, POWERTRAINS.index(row.text("powertrain")), _PLACES[row.text("chemistry")]


@dataclass(frozen=True)
class Start:
    """The forecast from the observed stock: what is carried, entries that leave it, and both stocks."""

    observed: Observed
    carried: Technology
    entered: Array
    stock: Stock

    @property
    def correction(self) -> Array:
        """(cohort, chemistry, sample) vehicles beyond the modelled ones at the end of the year; below zero
        where fewer are left."""
        more: Array = self.stock.in_use - self.stock.modelled
        return more

    @property
    def covered(self) -> float:
        """Part of the vehicles in use that stand in cohorts which are counted."""
        by_cohort = self.stock.in_use.mean(axis=-1).sum(axis=1)
        whole = float(by_cohort.sum())
        return float(by_cohort[self.stock.touched].sum()) / whole if whole > 0 else 0.0


def start_from(
    seen: Observed, aside: Trail, assume: Assumptions, known: History, carried: Technology, entered: Array
) -> Start:
    """What is carried and entered such that at the end of the year exactly the counted vehicles are in use.

    aside : a trail that nobody reads; the forecast has noted these rows already
    """
    hybrid = np.zeros_like(entered) + plug_in_share(aside, assume, seen.vehicle_class, known)
    alive = _alive(carried, seen.row)
    stock = as_counted(entered, carried.chemistry, hybrid, alive, seen.counts)
    energy = _energies(seen, aside, assume, carried, stock.hybrid, hybrid)
    lithium = 1.0 - stock.mix[:, LEAD_ACID] if "lead_acid" in carried.share else carried.share["lithium"]
    share = {"lithium": lithium, "lead_acid": stock.mix[:, LEAD_ACID], USED: lithium}
    other = replace(
        carried,
        share={name: share[name] for name in carried.share},
        energy=energy,
        chemistry=stock.mix,
        _parts={},
        _whole={},
    )
    return Start(seen, other, stock.entered, stock)


def _alive(carried: Technology, row: int) -> Array:
    """Share of the vehicles of each cohort and chemistry that are in use at the end of a year, (cohort,
    chemistry, sample); zero for cohorts after it and for a chemistry that no battery of the cohort has."""
    sold, left = (np.zeros_like(carried.chemistry) for _ in range(2))
    steps = row - np.arange(row + 1)
    for kind in carried.kinds:
        members = list(kind.members)
        parts = carried.parts(kind)[: row + 1]
        sold[: row + 1, members] += parts
        left[: row + 1, members] += parts * kind.kernel.in_use[steps][:, None]
    return np.divide(left, sold, out=np.zeros_like(sold), where=sold > 0)


def _energies(
    seen: Observed, aside: Trail, assume: Assumptions, carried: Technology, hybrid: Array, before: Array
) -> Mapping[str, Array]:
    """By type of battery, (cohort, sample) nameplate energy of the battery of a vehicle  [kWh]."""
    found = dict(carried.energy)
    for place, kind in enumerate(BATTERY_TYPES):
        if kind in found:
            by_powertrain = seen.energy[place]
            if kind == "lithium" and (np.any(hybrid != before) or not np.isnan(by_powertrain[:2]).all()):
                found[kind] = _mixed(seen, aside, assume, found[kind], hybrid, before, by_powertrain)
            else:
                given = np.nan_to_num(by_powertrain, nan=-1.0).max(axis=0)[:, None]
                found[kind] = np.where(given >= 0, given, found[kind])
    if USED in found:
        told = ~np.isnan(seen.energy[0]).all(axis=0)[:, None]
        found[USED] = np.where(told, found["lithium"], found[USED])
    return found


def _mixed(
    seen: Observed,
    aside: Trail,
    assume: Assumptions,
    modelled: Array,
    hybrid: Array,
    before: Array,
    given: Array,
) -> Array:
    """Energy of battery-electric vehicles and plug-in hybrids, in the parts counted."""
    full, small = (_capacity(aside, assume, seen.vehicle_class, name, modelled) for name in ("BEV", "PHEV"))
    full, small = (
        np.where(np.isnan(own)[:, None], table, np.nan_to_num(own)[:, None])
        for own, table in ((given[0], full), (given[1], small))
    )
    unsplit = given[2][:, None]
    changed = np.any(hybrid != before, axis=1) | ~np.isnan(given[:2]).all(axis=0)
    mixed = np.where(changed[:, None], full * (1.0 - hybrid) + small * hybrid, modelled)
    return np.where(np.isnan(unsplit), mixed, unsplit)


def _capacity(
    aside: Trail, assume: Assumptions, vehicle_class: str, powertrain: str, otherwise: Array
) -> Array:
    keys = {"powertrain": powertrain, "battery_type": "lithium"}
    if aside.find_or_none("capacity", "battery_capacity", vehicle_class, **keys) is None:
        return otherwise
    return capacity_kwh(aside, assume.draws, vehicle_class, powertrain, "lithium", COHORTS, 0.0)


def note(trail: Trail, seen: Observed) -> None:
    """The rows of the register among the inputs."""
    for row in seen.rows:
        trail.note_row(ROLE, row, seen.vehicle_class)


def spliced(before: Array, after: Array, row: int, axis: int = 0) -> Array:
    """`before` up to and with a place along an axis, `after` beyond it."""
    first = [slice(None)] * before.ndim
    first[axis] = slice(0, row + 1)
    made = after.copy()
    made[tuple(first)] = before[tuple(first)]
    return made
