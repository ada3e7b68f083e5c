"""The sidecar: what a table is about, which columns say WHICH figure, and what a cell may hold."""

from __future__ import annotations

from functools import cached_property
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from kitaran.foundation.errors import Fault, InputError
from kitaran.foundation.units import unit as known_unit

ColumnType = Literal[
    "economy",
    "region",
    "text",
    "number",
    "integer",
    "year",
    "month",
    "category",
    "source",
    "grade",
    "url",
]
NUMERIC: frozenset[str] = frozenset({"number", "integer", "year", "month"})
GRADES = ("A", "B", "C", "D")

_Closed = ConfigDict(extra="forbid", frozen=True)


class ColumnMeta(BaseModel):
    """Meaning and type of one column; `values` closes the list of a category."""

    model_config = _Closed

    meaning: str
    type: ColumnType
    values: tuple[str, ...] = ()
    unit: str = ""

    @property
    def numeric(self) -> bool:
        return self.type in NUMERIC


class Range(BaseModel):
    """Smallest and largest value that a figure can have."""

    model_config = _Closed

    minimum: float | None = None
    maximum: float | None = None


FACT_COLUMNS: dict[str, ColumnMeta] = {
    "value": ColumnMeta(meaning="The figure; empty only where low and high are given.", type="number"),
    "low": ColumnMeta(meaning="Lower bound of the figure.", type="number"),
    "high": ColumnMeta(meaning="Upper bound of the figure.", type="number"),
    "unit": ColumnMeta(meaning="Unit of value, low and high.", type="category"),
    "source": ColumnMeta(
        meaning="Where the figure is published: an id of the table `sources`.", type="source"
    ),
    "year": ColumnMeta(meaning="Year to which the figure refers.", type="year"),
    "licence": ColumnMeta(meaning="Licence or terms of the source.", type="text"),
    "grade": ColumnMeta(
        meaning="A measured, B official or peer-reviewed, C reported or estimated, D own assumption.",
        type="grade",
    ),
    "note": ColumnMeta(meaning="What a reader must know before using the figure.", type="text"),
}


class TableMeta(BaseModel):
    """The whole sidecar of one table. Facts carry the columns of `FACT_COLUMNS` whether declared or not."""

    model_config = _Closed

    title: str
    about: str
    kind: Literal["facts", "register"] = "facts"
    licence: str
    keys: tuple[str, ...] = Field(min_length=1)
    columns: dict[str, ColumnMeta]
    units: tuple[str, ...] = ()
    range: Range | None = None
    ranges: dict[str, dict[str, tuple[float, float]]] = {}
    checks: tuple[str, ...] = ()
    covers: dict[str, dict[str, tuple[str, ...]]] = {}
    """Cells of a key column that count what others count in parts: an own EV replaces BEV and PHEV."""
    interchangeable: dict[str, tuple[str, ...]] = {}
    """Cells of a key column that name the same figure: an own fiscal year replaces a calendar year."""

    @cached_property
    def positions(self) -> dict[str, int]:
        """Where each column stands in the cells of a row."""
        return {column: position for position, column in enumerate(self.columns)}

    @cached_property
    def key_positions(self) -> tuple[int, ...]:
        return tuple(self.positions[key] for key in self.keys)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.kind == "facts":
            if not self.units:
                raise ValueError("a table of facts names the units that its rows may carry (units: [...])")
            for name in self.units:
                known_unit(name, self.title)
            for name, standard in FACT_COLUMNS.items():
                self.columns.setdefault(name, standard)
            unit = self.columns["unit"]
            if not unit.values:
                self.columns["unit"] = unit.model_copy(update={"values": self.units, "type": "category"})
        if unknown := [key for key in self.keys if key not in self.columns]:
            raise ValueError(f"keys {', '.join(unknown)} are not among the columns")
        if unknown := [name for name in (*self.interchangeable, *self.covers) if name not in self.keys]:
            raise ValueError(f"interchangeable or covers speak of {', '.join(unknown)}, which is not a key")
        if unknown := [name for name in self.ranges if name not in self.columns]:
            raise ValueError(f"ranges speak of {', '.join(unknown)}, which is not a column")
        return self


def parse_sidecar(text: str, place: str) -> TableMeta:
    """Read a sidecar from YAML text; InputError names every wrong key."""
    try:
        return TableMeta.model_validate(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except yaml.YAMLError as error:
        raise InputError(f"The sidecar is not YAML: {error}", place, "Mend the YAML.") from error
    except ValidationError as error:
        faults = [
            Fault(
                f"{place} {'.'.join(map(str, item['loc']))}".strip(), f"{item['msg']}.", "Mend the sidecar."
            )
            for item in error.errors()
        ]
        raise InputError("The sidecar does not describe a table.", faults=faults) from error
