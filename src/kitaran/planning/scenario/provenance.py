"""Which rows of the fact tables an economy's result rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from kitaran.foundation.errors import NotFoundError
from kitaran.planning.fleet.figures import Figure
from kitaran.reference import ALL_ECONOMIES, FactTable, Found, Row, find, read

ROLES = {
    "history": "electric vehicles sold and in use",
    "sales": "electric vehicles sold",
    "stock": "electric vehicles in use",
    "initial_stock": "vehicles counted in use, by year of first registration",
    "market": "vehicles of all kinds sold",
    "outlook": "what others expect or aim at",
    "vehicle_life": "how long vehicles last",
    "battery_life": "how long batteries last",
    "capacity": "energy of a battery",
    "chemistry": "chemistry of batteries",
    "composition": "what a battery is made of",
    "use": "who uses the vehicles",
    "swapping": "spare batteries of swapping",
    "manufacturing": "plants that make cells, and what they reject",
    "people": "population and income",
    "collection": "where retired batteries go",
    "triage": "what is done with collected batteries",
    "second_life": "second uses of batteries",
    "recovery": "how materials are recovered",
    "effects": "jobs and emissions by step",
    "method": "assumptions of the method",
}


@dataclass(frozen=True, order=True)
class Input:
    """One row that a result rests on.

    vehicle_class : empty where it serves all classes
    proxy_for     : the economy for which another region's row stands in, else empty
    """

    economy: str
    vehicle_class: str
    role: str
    table: str
    row_id: str
    grade: str
    proxy_for: str
    note: str


@dataclass
class Trail:
    """Collects the inputs of one economy while its result is made."""

    economy: str
    overrides: Path | None = None
    inputs: set[Input] = field(default_factory=set)
    judged: dict[tuple[str, str], list[tuple[float, str]]] = field(default_factory=dict)
    missing: set[tuple[str, str]] = field(default_factory=set)

    def table(self, name: str) -> FactTable:
        return read(name, self.overrides)

    def find(self, role: str, table: str, vehicle_class: str = "", **keys: str | int) -> Found:
        """Rows of the nearest region, noted as inputs, conflicts resolved. NotFoundError if there are
        none."""
        if vehicle_class:
            keys["vehicle_class"] = vehicle_class
        found = find(self.table(table), self.economy, **keys)
        resolved = Found(found.table.resolve(), found.region, found.proxy_for)
        for row in resolved.table:
            self.note_row(role, row, vehicle_class, found.grade(row), found.proxy_for)
        return resolved

    def find_or_none(self, role: str, table: str, vehicle_class: str = "", **keys: str | int) -> Found | None:
        try:
            return self.find(role, table, vehicle_class, **keys)
        except NotFoundError:
            self.missing.add((role, vehicle_class))
            return None

    def note_row(
        self, role: str, row: Row, vehicle_class: str = "", grade: str = "", proxy_for: str = ""
    ) -> None:
        table = row.id.partition("/")[0]
        self.inputs.add(
            Input(self.economy, vehicle_class, role, table, row.id, grade or row.grade, proxy_for, row.note)
        )

    def note(
        self,
        role: str,
        row_ids: Iterable[str],
        vehicle_class: str,
        grade: str,
        proxy_for: str = "",
        note: str = "",
    ) -> None:
        """Note rows by id, with the grade of the figure that was made of them."""
        for row_id in row_ids:
            table = row_id.partition("/")[0]
            self.inputs.add(Input(self.economy, vehicle_class, role, table, row_id, grade, proxy_for, note))

    def note_counts(self, role: str, figures: Iterable[Figure], vehicle_class: str) -> None:
        """Note the rows of counted vehicles once each, with the best grade they serve with.

        A row may be a count of its own in one year and split another year's count of all classes.
        """
        grades: dict[str, str] = {}
        for figure in figures:
            for row_id in figure.rows:
                grades[row_id] = min(figure.grade, grades.get(row_id, figure.grade))
        for row_id, grade in grades.items():
            counted = self._class_counted(row_id)
            other = counted and counted != vehicle_class
            of = "all classes together" if counted == "all" else f"the class {counted}"
            part = f"A count of {of}; only a part of it, or a ratio to it, is used." if other else ""
            self.note(role, (row_id,), vehicle_class, grade, note=part)

    def _class_counted(self, row_id: str) -> str:
        """Vehicle class that a row counts; empty for a row that counts no vehicles."""
        table = row_id.partition("/")[0]
        row = self.table(table).by_id(row_id) if table in ("ev_sales", "ev_stock") else None
        return row.text("vehicle_class") if row else ""

    def judge(self, role: str, vehicle_class: str, weight: float, found: Found, row: Row) -> None:
        """Note how much a row of a technology weighs in the results of a class, and its grade.

        A row for ALL describes the vehicle or the battery and not a place: it counts with its own grade.
        Only a neighbour's row counts one step lower.
        """
        grade = row.grade if found.region == ALL_ECONOMIES else found.grade(row)
        self.judged.setdefault((role, vehicle_class), []).append((weight, grade))

    def best(self, role: str, vehicle_class: str) -> str:
        """Best grade among the inputs of a role that serve a class; empty if there are none."""
        return min((grade for grade in self._grades(role, vehicle_class)), default="")

    def weakest(self, role: str, vehicle_class: str) -> str:
        """Weakest grade among the inputs of a role that serve a class; empty if there are none."""
        return max((grade for grade in self._grades(role, vehicle_class)), default="")

    def _grades(self, role: str, vehicle_class: str) -> list[str]:
        return [
            entry.grade
            for entry in self.inputs
            if entry.role == role and entry.vehicle_class in ("", vehicle_class)
        ]
