"""Numbers that move a life and that no ageing model gives: rows of the table `lifetime_assumptions`."""

from __future__ import annotations

from dataclasses import dataclass

from kitaran import reference
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.reference import FactTable


@dataclass(frozen=True)
class Figure:
    """A figure with its range, grade and the row it stands in."""

    value: float
    low: float
    high: float
    grade: str
    row_id: str


def assumption(name: str) -> Figure:
    """One assumption by name."""
    return figure(reference.read("lifetime_assumptions").where(name=name), name)


def figure(rows: FactTable, what: str) -> Figure:
    """The one figure of a selection of rows; NotFoundError if there is none."""
    found = rows.resolve()
    if not len(found):
        raise NotFoundError(f"The table {rows.name} has no {what}.", rows.name, "Add a row.")
    row = found.rows[0]
    value = row.number("value")
    if value is None:
        raise InputError(f"The {what} is not given.", row.id, "Give a value.")
    low, high = row.number("low"), row.number("high")
    return Figure(
        value, value if low is None else low, value if high is None else high, row.text("grade"), row.id
    )
