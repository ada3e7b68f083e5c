"""A vehicle register as counts: how many, of which class and powertrain, registered when, with which battery.

A register of single vehicles is counted while it is read; nothing of a single vehicle is kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from kitaran.reference import read
from kitaran.reference.own_data.sheets import Field

ANY: Final = "any"
FIRST_COHORT: Final = 2000
"""Vehicles registered before it count with it."""


@dataclass(frozen=True, order=True)
class RegisterCell:
    """Vehicles of one kind in use.

    cohort     : year of first registration in the economy
    chemistry  : of the battery; `any` where it is not known
    counted    : `all` vehicles of the cohort and powertrain, or `at_least` these
    energy_kwh : mean nameplate energy of the batteries of one vehicle; None where not given
    grade      : how well the count is known
    """

    vehicle_class: str
    powertrain: str
    cohort: int
    chemistry: str
    counted: str
    count: int
    energy_kwh: float | None = None
    grade: str = "A"

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Register:
    """What was read of a file.

    rows     : lines with vehicles in the file
    not_read : headers of columns that were left alone, such as number plates
    """

    cells: tuple[RegisterCell, ...]
    rows: int
    not_read: tuple[str, ...] = ()

    @property
    def vehicles(self) -> int:
        return sum(cell.count for cell in self.cells)

    @property
    def last_cohort(self) -> int:
        return max(cell.cohort for cell in self.cells)


def chemistries() -> tuple[str, ...]:
    """Chemistries of which the forecast knows the life and the content."""
    return tuple(name for name in read("observed_stock").meta.columns["chemistry"].values if name != ANY)


def fields() -> tuple[Field, ...]:
    """The columns that are read, in the order of the template."""
    columns = read("observed_stock").meta.columns
    uses = read("use_share").meta.columns["use"].values
    return (
        Field(
            "vehicle_class",
            "vehicle class",
            "choice",
            "Class of the vehicles.",
            "car",
            choices=columns["vehicle_class"].values,
        ),
        Field(
            "powertrain",
            "powertrain",
            "choice",
            "EV only where BEV and PHEV are not split.",
            "BEV",
            choices=columns["powertrain"].values,
        ),
        Field(
            "cohort",
            "first registered",
            "past_year",
            "Year or day of the first registration in the economy.",
            2021,
        ),
        Field(
            "count",
            "count",
            "count",
            "Vehicles in use. Without this column every row is one vehicle.",
            1250,
            False,
        ),
        Field(
            "chemistry",
            "chemistry",
            "choice",
            "Of the battery; empty where it is not known.",
            "LFP",
            False,
            chemistries(),
        ),
        Field(
            "energy_kwh",
            "energy kwh",
            "figure",
            "Nameplate energy of the batteries of one vehicle.",
            51.2,
            False,
        ),
        Field("use", "use", "choice", "Who drives it; checked, and not used yet.", "private", False, uses),
    )


def counted(lines: Iterable[tuple[RegisterCell, float | None]]) -> tuple[RegisterCell, ...]:
    """Cells added up by kind. lines : a cell, and the energy of one of its vehicles where it is given"""
    count: dict[tuple[str, str, int, str, str, str], int] = {}
    energy: dict[tuple[str, str, int, str, str, str], list[float]] = {}
    for cell, kwh in lines:
        key = (cell.vehicle_class, cell.powertrain, cell.cohort, cell.chemistry, cell.counted, cell.grade)
        count[key] = count.get(key, 0) + cell.count
        if kwh is not None and cell.count:
            known = energy.setdefault(key, [0.0, 0.0])
            known[0] += cell.count * kwh
            known[1] += cell.count
    return tuple(sorted(RegisterCell(*key[:5], count[key], _mean(energy.get(key)), key[5]) for key in count))


def _mean(known: list[float] | None) -> float | None:
    return None if known is None else round(known[0] / known[1], 6)
