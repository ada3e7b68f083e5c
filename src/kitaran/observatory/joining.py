"""Register and registry made one: rows of the table `observed_stock` for one economy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kitaran.observatory.register import ANY, FIRST_COHORT, RegisterCell
from kitaran.reference.own_data import OwnRow
from kitaran.reference.row import Cell

TABLE: Final = "observed_stock"
SHEET: Final = "register"


def joined(
    register: Sequence[RegisterCell], registered: Sequence[RegisterCell], observed: int
) -> tuple[RegisterCell, ...]:
    """Cells of both. Of cohorts that the register counts, registered batteries tell the chemistry of as many
    of its vehicles, at most of those whose chemistry it does not know; of other cohorts they count as
    `at_least`. Batteries of cohorts after the year of the register are left out."""
    able = [cell for cell in registered if cell.cohort <= observed]
    counted = {(cell.vehicle_class, cell.cohort) for cell in register}
    inside = [cell for cell in able if (cell.vehicle_class, cell.cohort) in counted]
    beside = [replace(cell, cohort=max(cell.cohort, FIRST_COHORT)) for cell in able if cell not in inside]
    return tuple(sorted([*_told_chemistry(register, inside), *beside]))


def _told_chemistry(
    register: Sequence[RegisterCell], registered: Sequence[RegisterCell]
) -> list[RegisterCell]:
    cells = list(register)
    for told in registered:
        if told.chemistry == ANY:
            continue
        of_cohort = [c for c in cells if (c.vehicle_class, c.cohort) == (told.vehicle_class, told.cohort)]
        missing = told.count - sum(c.count for c in of_cohort if c.chemistry == told.chemistry)
        for cell in of_cohort:
            part = min(missing, cell.count) if cell.chemistry == ANY and cell.powertrain != "PHEV" else 0
            if part > 0:
                cells.remove(cell)
                cells.append(replace(cell, count=cell.count - part))
                cells.append(replace(cell, chemistry=told.chemistry, count=part))
                missing -= part
    return _added(cells)


def _added(cells: Iterable[RegisterCell]) -> list[RegisterCell]:
    """Cells of one kind made one; a cell that was emptied goes, one that was zero stays."""
    by_kind: dict[tuple[str, str, int, str], RegisterCell] = {}
    for cell in cells:
        key = (cell.vehicle_class, cell.powertrain, cell.cohort, cell.chemistry)
        known = by_kind.get(key)
        by_kind[key] = cell if known is None else replace(known, count=known.count + cell.count)
    return list(by_kind.values())


def rows(
    cells: Iterable[RegisterCell], economy: str, observed: int, source: Mapping[str, Cell]
) -> tuple[OwnRow, ...]:
    """Rows of `observed_stock`: counts, and energies where they are given."""
    made = []
    for line, cell in enumerate(cells, start=1):
        figures: list[tuple[str, float | int, str]] = [("in_use", cell.count, "vehicle")]
        if cell.energy_kwh is not None and cell.count:
            figures.append(("energy", cell.energy_kwh, "kWh"))
        for measure, value, unit in figures:
            told: dict[str, Cell] = {
                "economy": economy,
                **{
                    name: getattr(cell, name)
                    for name in ("vehicle_class", "powertrain", "cohort", "chemistry")
                },
                "counted": cell.counted,
                "measure": measure,
                "year": observed,
                "value": value,
                "unit": unit,
                "source": source["source"],
                "licence": source["licence"],
                "grade": cell.grade,
            }
            made.append(OwnRow(SHEET, line, TABLE, told))
    return tuple(made)
