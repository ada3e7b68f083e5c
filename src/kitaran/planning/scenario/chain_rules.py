"""Samples of what happens after first life: rows of one economy as shares by year, with their grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kitaran.planning.fleet.routes import Collection, Triage, Use
from kitaran.planning.fleet.second_life import leaving_by_year
from kitaran.planning.fleet.survival import Family
from kitaran.planning.scenario.economy_result import YEARS
from kitaran.planning.scenario.model import Scenario, ShareInYear
from kitaran.planning.scenario.parameters import interpolated
from kitaran.planning.scenario.provenance import Trail
from kitaran.planning.uncertainty.draws import Draws
from kitaran.reference import Found, Row, find, region_chain

Array = NDArray[np.float64]

COLLECTION, TRIAGE, USES, RECOVERY = (
    "collection_routes",
    "retirement_routes",
    "second_life_uses",
    "recovery_routes",
)
TABLES = (COLLECTION, TRIAGE, USES, RECOVERY, "recovery_capacity", "recovery_yields", "route_effects")
SECOND_USES = ("stationary_storage", "light_vehicles", "forklifts")
REUSE = "reuse"
_EVERY_CLASS = "any"


@dataclass
class Rules:
    """Draws of one economy's rows after first life, and the weakest grade by role.

    made : arrays by what they are made of, kept from one economy to the next
    Every array has the sample last; what changes by year is (year, 1, sample), else (sample,).
    """

    trail: Trail
    draws: Draws
    scenario: Scenario
    made: dict[tuple[object, ...], Array] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)

    def collection(self, battery_type: str, vehicle_class: str) -> Collection:
        """Where the batteries of a class go; the scenario's path of formal collection goes before the
        table's."""
        shares = {
            name: self._of_class(battery_type, vehicle_class, name)
            for name in ("in_vehicles", "formal", "hoarded", "lost")
        }
        return Collection(
            shares["in_vehicles"],
            self._path_of_formal(shares["formal"], battery_type),
            shares["hoarded"],
            self._at_most(shares["lost"], shares["hoarded"]),
        )

    def _path_of_formal(self, share: Array, battery_type: str) -> Array:
        key = ("formal", id(share), self.trail.economy if self.scenario.collection else "", battery_type)
        if key not in self.made:
            self.made[key] = _towards(share, self._wanted(self.scenario.collection, battery_type))
        return self.made[key]

    def _at_most(self, lost: Array, hoarded: Array) -> Array:
        """What is lost, so that lost and hoarded are at most one."""
        key = ("lost", id(lost), id(hoarded))
        if key not in self.made:
            self.made[key] = np.minimum(lost, 1.0 - hoarded)
        return self.made[key]

    def triage(self, battery_type: str) -> Triage:
        """What licensed collectors do. Only lithium batteries are used again."""
        lithium = battery_type == "lithium"
        nothing = np.zeros((len(YEARS), 1, self.draws.samples))
        used = {
            name: self.by_year("triage", TRIAGE, battery_type, name) if lithium else nothing
            for name in ("passing", "reused", "repurposed")
        }
        if lithium:
            path = self._wanted(self.scenario.repurposing, battery_type)
            used["repurposed"] = _towards(used["repurposed"], path)
        shares = {
            name: self.by_year("triage", TRIAGE, battery_type, name)
            for name in ("spent_export", "stockpiled", "informal_to_formal")
        }
        return Triage(
            **used,
            **shares,
            stockpile_years=self.of("triage", TRIAGE, battery_type=battery_type, parameter="stockpile_years"),
            hoard_years=self.of("collection", TRIAGE, battery_type=battery_type, parameter="hoard_years"),
            formal_again=self.by_year("collection", TRIAGE, battery_type, "formal_again")
            if lithium
            else nothing,
        )

    def uses(self) -> list[Use]:
        """Second uses of repurposed batteries; shares add up to one."""
        shares = [self.of("second_life", USES, use=name, parameter="share") for name in SECOND_USES]
        whole = np.sum(shares, axis=0)
        return [
            Use(name, share / whole, self.life(name)) for name, share in zip(SECOND_USES, shares, strict=True)
        ]

    def life(self, use: str) -> Array:
        """Share that leaves a second use by year since entry, (year, sample)."""
        mean = self.of("second_life", USES, use=use, parameter="life")
        spread = self._find("second_life", USES, use=use, parameter="life_spread").table.rows[0].central
        key = ("life", id(mean), spread)
        if key not in self.made:
            self.made[key] = leaving_by_year(Family.WEIBULL, mean, spread, len(YEARS))
        return self.made[key]

    def displaced(self, use: str) -> Array:
        """Part of a new battery that an as-new kWh in a second use stands for, (sample,)."""
        return self.of("second_life", USES, use=use, parameter="displaced")

    def of(self, role: str, table: str, **keys: str) -> Array:
        """(sample,) draws of the one row of the nearest region."""
        found = self._find(role, table, **keys)
        return self._drawn(found.table.rows[0])

    def by_year(self, role: str, table: str, battery_type: str, parameter: str, **keys: str) -> Array:
        """(year, 1, sample) shares: rows of the nearest region, drawn with one score, linear between
        years."""
        found = self._find(role, table, battery_type=battery_type, parameter=parameter, **keys)
        rows = sorted(found.table.rows, key=lambda row: row.year or 0)
        key = tuple((row.id, row.cells) for row in rows)
        if key not in self.made:
            self.made[key] = self._path(found, rows, (battery_type, *keys.values(), parameter))
        return self.made[key]

    def _path(self, found: Found, rows: Sequence[Row], words: tuple[str, ...]) -> Array:
        name = ".".join((f"{found.table.name}/{found.region}", *words))
        score = self.draws.score(name)
        drawn = np.stack(
            [
                self.draws.figure(
                    name, row.value, row.low, row.high, grade=row.grade, fraction=True, score=score
                )
                for row in rows
            ]
        )
        knots = np.array([row.year or 0 for row in rows], dtype=np.float64)
        return interpolated(knots, drawn, YEARS.astype(np.float64))[:, None, :]

    def _drawn(self, row: Row) -> Array:
        key = (row.id, row.cells)
        if key not in self.made:
            self.made[key] = self.draws.figure(
                row.id, row.value, row.low, row.high, grade=row.grade, fraction=row.unit == "fraction"
            )
        return self.made[key]

    def note(self, role: str, row: Row) -> None:
        """Note a row that holds everywhere."""
        self.trail.note_row(role, row)
        self.grades[role] = max(row.grade, self.grades.get(role, row.grade))

    def _of_class(self, battery_type: str, vehicle_class: str, parameter: str) -> Array:
        """Shares of a class, or of any class where the class has no row in a region around."""
        table = self.trail.table(COLLECTION).where(
            battery_type=battery_type, vehicle_class=vehicle_class, parameter=parameter
        )
        own = {str(row["region"]) for row in table} & set(region_chain(self.trail.economy))
        chosen = vehicle_class if own else _EVERY_CLASS
        return self.by_year("collection", COLLECTION, battery_type, parameter, vehicle_class=chosen)

    def _find(self, role: str, table: str, **keys: str) -> Found:
        nearest = find(self.trail.table(table), self.trail.economy, **keys)
        found = Found(nearest.table.resolve(), nearest.region, nearest.proxy_for)
        of_class = keys.get("vehicle_class", _EVERY_CLASS)
        for row in found.table:
            grade = found.grade(row)
            shown = "" if of_class == _EVERY_CLASS else of_class
            self.trail.note_row(role, row, shown, grade, found.proxy_for)
            self.grades[role] = max(grade, self.grades.get(role, grade))
        return found

    def _wanted(self, paths: tuple[ShareInYear, ...], battery_type: str) -> Array | None:
        """(year,) the scenario's path for this economy and type of battery, NaN before its first year."""
        path = sorted(
            (each.year, each.share)
            for each in paths
            if each.holds_in(self.trail.economy)
            and getattr(each, "battery_type", None) in (None, battery_type)
        )
        if not path:
            return None
        knots, values = np.array(path, dtype=np.float64).T
        return np.where(knots[0] <= YEARS, np.interp(YEARS, knots, values), np.nan)


def _towards(share: Array, wanted: Array | None) -> Array:
    """The wanted path from its first year on, the same in every sample."""
    if wanted is None:
        return share
    return np.where(np.isnan(wanted)[:, None, None], share, np.nan_to_num(wanted)[:, None, None])
