"""Climate normals of places: monthly means of daily extremes, and how far the air has warmed since."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from kitaran import reference
from kitaran.foundation.errors import NotFoundError
from kitaran.planning.lifetime.assumptions import assumption
from kitaran.planning.lifetime.equations import Array
from kitaran.reference import FactTable


@dataclass(frozen=True)
class Normals:
    """Monthly means of the daily maximum and minimum of a place, (12,) each [degC]."""

    economy: str
    place: str
    latitude: float
    longitude: float
    tmax_c: Array
    tmin_c: Array
    grade: str


def places() -> tuple[str, ...]:
    """All places with normals, as ECONOMY/place."""
    rows = reference.read("climate_normals")
    pairs = zip(rows.column("economy"), rows.column("place"), strict=True)
    return tuple(dict.fromkeys(f"{economy}/{place}" for economy, place in pairs))


def normals(place: str) -> Normals:
    """Normals of a city (Bangkok or THA/Bangkok), or of the capital of an economy code (THA)."""
    economy, _, city = place.rpartition("/")
    table = reference.read("climate_normals")
    if not economy and len(city) == 3 and city.isupper():
        economy, city = city, reference.economy(city).capital
    rows = _of_city(table.where(economy=economy) if economy else table, city)
    if not len(rows):
        raise NotFoundError(
            f"There are no climate normals of {place!r}.", "climate", "Choose a city of `climate_normals`."
        )
    first = rows.rows[0]
    return Normals(
        economy=first.text("economy"),
        place=first.text("place"),
        latitude=first.number("lat") or 0.0,
        longitude=first.number("lon") or 0.0,
        tmax_c=_months(rows, "tmax_mean"),
        tmin_c=_months(rows, "tmin_mean"),
        grade=max(row.text("grade") for row in rows),
    )


def _of_city(table: FactTable, city: str) -> FactTable:
    """Rows of a city; a part of its name is enough (Delhi for New Delhi) where nothing fits better."""
    wanted = _plain(city)
    names = sorted({str(name) for name in table.column("place")}) if len(table) else []
    exact = [name for name in names if _plain(name) == wanted]
    rows = table.where(place=exact or [name for name in names if wanted and wanted in _plain(name)][:1])
    economies = sorted({row.text("economy") for row in rows})
    return rows.where(economy=economies[0]) if economies else rows


def _plain(name: str) -> str:
    """A name without accents and capitals: tables write Male and Malé."""
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def _months(rows: FactTable, parameter: str) -> Array:
    found = {int(row["month"] or 0): row.number("value") for row in rows.where(parameter=parameter).resolve()}
    return np.array([found.get(month) for month in range(1, 13)], dtype=float)


def warming_k(year: float) -> float:
    """Warming of the air from the period of the normals to a year [K]."""
    return assumption("warming_per_decade").value * (year - assumption("normals_centre").value) / 10.0
