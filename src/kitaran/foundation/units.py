"""The units that tables may carry, what each measures, and conversion between units of one kind.

A unit is a base unit (`kWh`) or a quotient of them (`kg/kWh`, `W/K/kWh`, `vehicle/1000 persons`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from kitaran.foundation.errors import InputError


@dataclass(frozen=True)
class Unit:
    """name: as written in tables; measures: kind of quantity; factor: size in the base unit of its kind."""

    name: str
    measures: str
    factor: float


def _kind(measures: str, **factors: float) -> list[Unit]:
    return [Unit(name, measures, factor) for name, factor in factors.items()]


_BTU_KWH = 1055.05585262 / 3.6e6  # International Table British thermal unit
_YEAR_S = 31_557_600.0  # Julian year of 365.25 days, as astronomers and climatologists count

BASE: dict[str, Unit] = {
    unit.name: unit
    for unit in (
        *_kind("energy", Wh=1e-3, kWh=1.0, MWh=1e3, GWh=1e6, TWh=1e9, J=1 / 3.6e6, MJ=1 / 3.6, GJ=1e3 / 3.6),
        *_kind("energy", Btu=_BTU_KWH, mmBtu=_BTU_KWH * 1e6, cal=4.184 / 3.6e6),
        *_kind("power", W=1e-3, kW=1.0, MW=1e3, GW=1e6),
        *_kind("mass", g=1e-3, kg=1.0, t=1e3, kt=1e6, Mt=1e9, short_ton=907.18474),
        *_kind("length", m=1e-3, km=1.0, mile=1.609344),
        *_kind("area", m2=1.0),
        *_kind("volume", L=1e-3, m3=1.0, gal=3.785411784e-3),
        *_kind("amount of substance", mol=1.0),
        *_kind(
            "time",
            second=1 / _YEAR_S,
            minute=60 / _YEAR_S,
            hour=3600 / _YEAR_S,
            day=86_400 / _YEAR_S,
            month=1 / 12,
        ),
        *_kind("time", year=1.0, decade=10.0),
        *_kind("ratio", fraction=1.0, percent=1e-2, index=1e-2, factor=1.0, **{"1": 1.0}),
        *_kind("temperature", degC=1.0),
        *_kind("temperature difference", K=1.0),
        *_kind("electric potential", V=1.0),
        *_kind("electric resistance", ohm=1.0, megohm=1e6),
        *_kind("count", count=1.0),
        *_kind("vehicles", vehicle=1.0),
        *_kind("batteries", battery=1.0),
        *_kind("packs", pack=1.0),
        *_kind("sets", set=1.0),
        *_kind("people", person=1.0, persons=1.0),
        *_kind("oil", bbl=1.0),
        *_kind("metric ton units", mtu=1.0),
        *(one for currency in ("USD", "CNY", "PKR", "LCU") for one in _kind(currency, **{currency: 1.0})),
    )
}


@lru_cache(maxsize=256)
def unit(name: str, place: str = "") -> Unit:
    """The unit of that name. Raises InputError that lists the base units."""
    parts = [_term(text, name, place) for text in name.split("/")]
    factor = parts[0].factor
    for part in parts[1:]:
        factor /= part.factor
    return Unit(name, " per ".join(part.measures for part in parts), factor)


def _term(text: str, name: str, place: str) -> Unit:
    """A base unit, with a number before it or not: `1000 persons`."""
    number, _, base = text.rpartition(" ")
    if base not in BASE or not (number == "" or number.isdigit()):
        raise InputError(f"{name!r} is not a known unit.", place, f"Write it with {', '.join(BASE)}.")
    return Unit(text, BASE[base].measures, BASE[base].factor * int(number or 1))


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
