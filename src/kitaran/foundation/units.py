"""The units that tables may carry, what each measures, and conversion between units of one kind."""

from __future__ import annotations

from dataclasses import dataclass

from kitaran.foundation.errors import InputError


@dataclass(frozen=True)
class Unit:
    """name: as written in tables; measures: kind of quantity; factor: size in the base unit of its kind."""

    name: str
    measures: str
    factor: float


def _units(measures: str, **factors: float) -> list[Unit]:
    return [Unit(name, measures, factor) for name, factor in factors.items()]


UNITS: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        *_units("energy", Wh=1e-3, kWh=1.0, MWh=1e3, GWh=1e6, TWh=1e9, MJ=1 / 3.6, GJ=1e3 / 3.6),
        *_units("mass", g=1e-3, kg=1.0, t=1e3, kt=1e6, Mt=1e9),
        *_units("count", count=1.0, thousand=1e3, million=1e6),
        *_units("ratio", fraction=1.0, percent=1e-2),
        *_units("time", second=1 / 31_557_600, hour=1 / 8766, day=1 / 365.25, month=1 / 12, year=1.0),
    )
}


def unit(name: str, place: str = "") -> Unit:
    """The unit of that name. Raises InputError that lists the known ones."""
    if name not in UNITS:
        raise InputError(f"{name!r} is not a known unit.", place, f"Use one of {', '.join(UNITS)}.")
    return UNITS[name]


def conversion(source: str, target: str, place: str = "") -> float:
    """The number by which a figure in `source` is multiplied to stand in `target`.

    Raises InputError if a unit is unknown or the two measure different things.
    """
    old, new = unit(source, place), unit(target, place)
    if old.measures != new.measures:
        raise InputError(
            f"{source} measures {old.measures}, {target} measures {new.measures}.",
            place,
            f"Give a unit of {new.measures}.",
        )
    return old.factor / new.factor
