"""How heavy a pack is for its energy: by chemistry, class of vehicle and year of sale.

Early packs were about half as good as those of today, so a tonne of retired packs holds less energy than a
tonne of new ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kitaran.foundation.errors import NotFoundError
from kitaran.reference import FactTable, Row, read

Array = NDArray[np.float64]

FAMILIES = {
    **dict.fromkeys(("NMC111", "NMC532", "NMC622", "NMC721", "NMC811", "NCA", "NMCA"), "nickel"),
    **dict.fromkeys(("LFP", "LMFP"), "phosphate"),
    "LMO": "spinel",
}
_SHOWN_FOR = {"nickel": "NMC622", "phosphate": "LFP", "spinel": "LMO"}
TABLE = "pack_specific_energy"
_OF_ALL_YEARS = "car"
_KG_PER_KWH = 1000.0


@dataclass(frozen=True)
class PackMass:
    """Mass of a pack per nameplate energy, (year,) each [kg/kWh], and the rows it rests on."""

    low: Array
    value: Array
    high: Array
    rows: tuple[Row, ...]


def pack_mass(
    chemistry: str, vehicle_class: str, years: Sequence[int] | Array, overrides: Path | None = None
) -> PackMass:
    """Mass of new packs by year of sale.

    chemistry     : a chemistry of the table `composition`
    vehicle_class : a class of the region; one without rows is taken as a car
    years         : (year,) years of sale
    returns       : low, value and high, (year,)  [kg/kWh]

    m(c, k, y) = 1000 / e(f, k, y) x m0(c) / m0(r), where e is the specific energy of the family f in Wh/kg
    (interpolated between the years of the table, level outside them), r the chemistry that the table shows
    the family for, and m0 the mass in `composition`. A chemistry without a family has m0 in every year.
    NotFoundError if `composition` does not know the mass of the chemistry.
    """
    at = np.asarray(years, dtype=np.float64)
    masses = {row.text("chemistry"): row for row in _pack_rows(overrides)}
    if chemistry not in masses:
        raise NotFoundError(
            f"No mass of packs is known for {chemistry}.", "composition", f"Choose one of {sorted(masses)}."
        )
    own = masses[chemistry]
    if chemistry not in FAMILIES:
        low, value, high = (np.full(at.shape, bound) for bound in _bounds(own))
        return PackMass(low, value, high, (own,))
    table = read(TABLE, overrides).where(family=FAMILIES[chemistry]).resolve()
    cars = sorted(table.where(vehicle_class=_OF_ALL_YEARS), key=lambda row: row.year or 0)
    energy = np.array([np.interp(at, [row.year or 0 for row in cars], bound) for bound in _by_bound(cars)])
    of_class = _of_class(table, vehicle_class)
    energy = energy * _ratio_to_cars(of_class, cars)
    relative = own.central / masses[_SHOWN_FOR[FAMILIES[chemistry]]].central
    high, value, low = _KG_PER_KWH / energy * relative
    return PackMass(low, value, high, (own, *cars, *of_class))


def mass_factor(
    chemistry: str, vehicle_class: str, years: Sequence[int] | Array, overrides: Path | None = None
) -> Array:
    """Mass of new packs over that of `composition`, (year,): what a constant mass per kWh is multiplied
    with to become a mass by year of sale."""
    own = next(row for row in _pack_rows(overrides) if row.text("chemistry") == chemistry)
    factor: Array = pack_mass(chemistry, vehicle_class, years, overrides).value / own.central
    return factor


def _pack_rows(overrides: Path | None) -> FactTable:
    return read("composition", overrides).where(item="pack_mass").resolve()


def _of_class(table: FactTable, vehicle_class: str) -> tuple[Row, ...]:
    return () if vehicle_class == _OF_ALL_YEARS else tuple(table.where(vehicle_class=vehicle_class))


def _ratio_to_cars(of_class: Sequence[Row], cars: Sequence[Row]) -> float:
    """Specific energy of a class over that of cars in the year that the class has a row for."""
    if not of_class:
        return 1.0
    row = max(of_class, key=lambda each: each.year or 0)
    knots, central = [each.year or 0 for each in cars], [each.central for each in cars]
    return row.central / float(np.interp(row.year or 0, knots, central))


def _bounds(row: Row) -> tuple[float, float, float]:
    central = row.central
    return (
        central if row.low is None else row.low,
        central,
        central if row.high is None else row.high,
    )


def _by_bound(rows: Sequence[Row]) -> list[tuple[float, ...]]:
    """Low, central and high of rows, each over the rows."""
    return list(zip(*map(_bounds, rows), strict=True))
