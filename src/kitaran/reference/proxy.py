"""Looking a figure up for an economy that may lack it: its subregion or the region stands in, and says so."""

from __future__ import annotations

from dataclasses import dataclass

from kitaran.foundation.errors import NotFoundError
from kitaran.reference.fact_table import FactTable
from kitaran.reference.region import region_chain
from kitaran.reference.row import Cell, Row
from kitaran.reference.sidecar import GRADES


@dataclass(frozen=True, slots=True)
class Found:
    """The rows found for an economy.

    region    : where they were found, the economy itself or what stands in for it
    proxy_for : the economy for which the region stands in; empty when the figures are its own
    """

    table: FactTable
    region: str
    proxy_for: str

    def grade(self, row: Row) -> str:
        """Grade of a row as used here: one step lower, at most D, where it is a proxy."""
        return lower_grade(row.grade) if self.proxy_for else row.grade


def lower_grade(grade: str) -> str:
    """One step down, at most to D."""
    return GRADES[min(GRADES.index(grade) + 1, len(GRADES) - 1)] if grade in GRADES else "D"


def find(table: FactTable, economy: str, **keys: Cell) -> Found:
    """Rows of the nearest region that has any: the economy, its subregion, ALL.

    NotFoundError if even ALL has none.
    """
    column = "region" if "region" in table.meta.columns else "economy"
    selected = table.where(**keys) if keys else table
    for region in region_chain(economy):
        rows = selected.where(**{column: region})
        if len(rows):
            return Found(rows, region, "" if region == economy else economy)
    wanted = ", ".join(f"{name} {cell}" for name, cell in keys.items())
    raise NotFoundError(
        f"No figure for {economy} nor for a region around it{': ' + wanted if wanted else ''}.",
        table.name,
        "Add a row for ALL to the table, or an override.",
    )
