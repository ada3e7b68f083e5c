"""Where a plant stands: wages, energy, water, gate fees, capital factor, freight, and the grid.

`published_place` gives the four places of EverBatt as they are; `place` any economy by its own rows, with a
proxy named and its grade lowered where it has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from kitaran import reference
from kitaran.foundation.errors import InputError, NotFoundError
from kitaran.planning.processes.capital import Array
from kitaran.planning.processes.feed import Masses
from kitaran.planning.processes.figures import Figures, figures
from kitaran.reference import FactTable, Row, lower_grade, region_chain

CALIFORNIA = "USA-CA"
AMERICAN = ("USA", CALIFORNIA)
PUBLISHED = ("USA", CALIFORNIA, "CHN", "KOR")
PUBLISHER = "everbatt-2023"
GASES = ("VOC_g", "CO_g", "CH4_g", "N2O_g", "CO2_g")
PLANT = (
    "capital_cost_factor_k_geo",
    "wage_usd_per_h",
    "electricity_usd_per_kWh",
    "natural_gas_usd_per_mmBtu",
    "water_usd_per_gal",
    "wastewater_usd_per_gal",
    "landfill_usd_per_short_ton",
    "building_cost_usd_per_m2",
)
OURS = ("diesel_usd_per_mmBtu", "road_freight_usd_per_t_km")
GRID = ("electricity_co2e_g_per_kWh", "coal_share", "renewables_share")


@dataclass(frozen=True)
class PlaceFigure:
    """One parameter of a place as used: its row, its grade here, and for whom the row stands in."""

    parameter: str
    value: float
    low: float
    high: float
    unit: str
    grade: str
    source: str
    year: int | None
    row: str
    proxy_for: str
    note: str

    def as_dict(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Place:
    """parameters by name, each (sample,) in the unit that ends the name; electricity: burdens per mmBtu."""

    code: str
    name: str
    parameters: Masses
    electricity: Masses
    figures: tuple[PlaceFigure, ...]

    @property
    def is_american(self) -> bool:
        """In the United States, whose electricity and truck rates the model was made with."""
        return self.code in AMERICAN

    def __getitem__(self, parameter: str) -> Array:
        return self.parameters[parameter]

    def with_parameters(self, changed: Masses) -> Place:
        """The same place with some parameters set by the user."""
        return replace(self, parameters={**self.parameters, **changed})

    def with_electricity(self, changed: Masses) -> Place:
        return replace(self, electricity={**self.electricity, **changed})


def published_place(code: str, overrides: Path | None = None) -> Place:
    """One of the four places of EverBatt, every figure from there."""
    if code not in PUBLISHED:
        raise InputError(
            f"The published model does not know the location {code!r}.",
            "location",
            f"Choose one of {', '.join(PUBLISHED)}, or leave out --legacy for any economy.",
        )
    table = reference.read("plant_places", overrides).where(region=code, source=PUBLISHER)
    own = reference.read("plant_places", overrides)
    rows = {row.text("parameter"): (row, "") for row in table} | {
        name: _found(own, code, name) for name in OURS
    }
    burdens = figures(overrides).burdens["electricity", code]
    return _place(code, rows, {name: np.asarray(value, np.float64) for name, value in burdens.items()})


def place(code: str, overrides: Path | None = None) -> Place:
    """Any economy, or USA-CA. Its own rows, else the median of its subregion, else of all.

    Electricity: the United States by GREET; elsewhere the published intensity of the grid (CO2 equivalents,
    life cycle), and energy and water from its shares of coal, renewables and the rest as natural gas.
    """
    economy_of(code)
    table = reference.read("plant_places", overrides)
    rows = {name: _found(table, code, name) for name in (*PLANT, *OURS)}
    known = figures(overrides)
    if code in AMERICAN:
        greet = known.burdens["electricity", code]
        return _place(code, rows, {name: np.asarray(value, np.float64) for name, value in greet.items()})
    rows |= {name: _found(table, code, name) for name in GRID}
    return _place(code, rows, _grid({name: rows[name][0].central for name in GRID}, known))


def economy_of(code: str) -> reference.Economy:
    """The economy of a location code; InputError names what a location may be."""
    try:
        return reference.economy("USA" if code == CALIFORNIA else code)
    except NotFoundError as error:
        raise InputError(
            f"There is no location {code!r}.",
            "location",
            "Give an ISO 3166 alpha-3 code of an economy, for example THA, or USA-CA for California.",
        ) from error


def _found(table: FactTable, code: str, parameter: str) -> tuple[Row, str]:
    """The row of the nearest region, and the code for which it stands in (empty for its own)."""
    chain = region_chain("USA" if code == CALIFORNIA else code)
    for region in (CALIFORNIA, *chain) if code == CALIFORNIA else chain:
        rows = table.where(region=region, parameter=parameter).resolve().rows
        if rows:
            return rows[0], "" if region == code else code
    raise InputError(
        f"No figure of {parameter} for {code} nor around it.",
        "plant_places",
        "Add a row for ALL as an override.",
    )


def _place(code: str, rows: Mapping[str, tuple[Row, str]], electricity: Masses) -> Place:
    name = economy_of(code).name
    return Place(
        code=code,
        name=f"{name}, California" if code == CALIFORNIA else name,
        parameters={key: np.asarray(row.central, np.float64) for key, (row, _) in rows.items()},
        electricity=electricity,
        figures=tuple(_figure(key, row, proxy_for) for key, (row, proxy_for) in rows.items()),
    )


def _figure(parameter: str, row: Row, proxy_for: str) -> PlaceFigure:
    low, high = row.span
    return PlaceFigure(
        parameter,
        row.central,
        low,
        high,
        row.unit,
        lower_grade(row.grade) if proxy_for else row.grade,
        row.source,
        row.year,
        row.id,
        proxy_for,
        row.note,
    )


def _grid(grid: Mapping[str, float], known: Figures) -> dict[str, Array]:
    """Burdens of a mmBtu of electricity from intensity and shares.

    Intensity counts CO2 equivalents, so the other gases are zero beside it. Renewables weigh as `others` in
    energy and water: the shares of hydropower are not published beside them.
    """
    kwh = known.parameter["mended"]["kwh_per_mmbtu"]
    coal = grid["coal_share"]
    renewable = min(grid["renewables_share"], 1 - coal)
    shares = {"coal": coal, "others": renewable, "natural gas": 1 - coal - renewable}
    burdens: dict[str, Array] = {name: np.asarray(0.0) for name in GASES}
    burdens["CO2_g"] = np.asarray(grid["electricity_co2e_g_per_kWh"] * kwh, np.float64)
    for name in ("total_energy_Btu", "water_gal"):
        mixed = sum(share * known.burdens["generation", fuel][name] for fuel, share in shares.items())
        burdens[name] = np.asarray(mixed, np.float64)
    return burdens
