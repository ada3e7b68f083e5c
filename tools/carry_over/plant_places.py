"""What a recycling plant pays and emits in each place.

The four places of EverBatt stand as they are. Other economies have what was found for them; a subregion and
the whole region have the median of their economies, so that a lookup is always answered and says that it is a
proxy. Wages that nobody has seen follow income per head.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from cited import figure
from given import Given, read
from sources import UNKNOWN_LICENCE, Register
from writing import packaged_rows

Row = dict[str, Any]
Rows = list[Row]
PLACE = {"U.S.": "USA", "California": "USA-CA", "China": "CHN", "Korea": "KOR"}
EVERBATT = {"source": "everbatt-2023", "year": 2023, "licence": "BSD-3 style licence of Argonne"}
DERIVED = {"source": "kitaran-derivation-2026", "year": 2026, "licence": "CC BY 4.0", "grade": "D"}
GRID = {"source": "owid-grid-2025", "licence": "CC BY 4.0", "grade": "B"}
GALLONS_IN_M3 = 264.172052
TONNES_IN_SHORT_TON = 0.90718474
UNIT = {
    "capital_cost_factor_k_geo": "1",
    "wage_usd_per_h": "USD/hour",
    "electricity_usd_per_kWh": "USD/kWh",
    "natural_gas_usd_per_mmBtu": "USD/mmBtu",
    "water_usd_per_gal": "USD/gal",
    "wastewater_usd_per_gal": "USD/gal",
    "landfill_usd_per_short_ton": "USD/short_ton",
    "building_cost_usd_per_m2": "USD/m2",
    "road_freight_usd_per_t_km": "USD/t/km",
    "electricity_co2e_g_per_kWh": "g/kWh",
    "coal_share": "fraction",
    "renewables_share": "fraction",
}
# item of local_costs.csv -> parameter, factor into its unit, what a reader must know
LOCAL = {
    "manufacturing_labour_cost": ("wage_usd_per_h", 1.0, ""),
    "electricity_industrial": ("electricity_usd_per_kWh", 1.0, ""),
    "natural_gas_industrial": ("natural_gas_usd_per_mmBtu", 1.0, ""),
    "lpg_industrial": ("natural_gas_usd_per_mmBtu", 1.0, "LPG in place of natural gas"),
    "water_industrial": ("water_usd_per_gal", 1 / GALLONS_IN_M3, "from USD/m3"),
    "wastewater_industrial": ("wastewater_usd_per_gal", 1 / GALLONS_IN_M3, "from USD/m3"),
    "hazardous_waste_gate_fee": (
        "landfill_usd_per_short_ton",
        TONNES_IN_SHORT_TON,
        "gate fee for hazardous waste, from USD/t",
    ),
    "plant_construction_index_us1": ("capital_cost_factor_k_geo", 1.0, ""),
    "building_cost": ("building_cost_usd_per_m2", 1.0, "average of building types"),
    "factory_building_cost": ("building_cost_usd_per_m2", 1.0, "factory"),
    "road_freight": ("road_freight_usd_per_t_km", 1.0, ""),
    "road_freight_price": ("road_freight_usd_per_t_km", 1.0, ""),
}
# EverBatt's figures that other rows contradict, or that mean something else than elsewhere.
DOUBTED = {
    ("CHN", "wage_usd_per_h"): "far below the 4 to 8 USD/h that others report",
    ("KOR", "wage_usd_per_h"): "far below what others report",
    ("KOR", "electricity_usd_per_kWh"): "before the increases of 2022 to 2025",
    ("CHN", "landfill_usd_per_short_ton"): "municipal landfill, not hazardous waste",
    ("KOR", "landfill_usd_per_short_ton"): "municipal landfill, not hazardous waste",
}
FEWEST_FOR_A_SUBREGION = 3


def rows(shared: Path, register: Register, macro: Rows) -> Rows:
    """Figures of places, then medians of subregions and of all."""
    own = [*_everbatt(shared), *_local(shared, register), *_electricity(macro), *_grid(shared)]
    own = _newest_of_a_page(own)
    own += _wages_by_income(own, macro)
    return own + _medians(own)


def _newest_of_a_page(own: Rows) -> Rows:
    """One row where a page gives the figure of several years."""
    newest: dict[tuple[str, str, str], Row] = {}
    for row in own:
        key = (row["region"], row["parameter"], row["source"])
        if key not in newest or row["year"] > newest[key]["year"]:
            newest[key] = row
    return list(newest.values())


def _fact(region: str, parameter: str, value: Any, **more: Any) -> Row:
    return {"region": region, "parameter": parameter, "value": value, "unit": UNIT[parameter], **more}


def _everbatt(shared: Path) -> Iterator[Row]:
    """Prices are a snapshot without a named survey: grade C; its capital factors B."""
    for row in read(shared / "facts" / "plants", "geography.csv"):
        if row["plant"] == "cathode_production":
            continue
        for name, code in PLACE.items():
            doubt = DOUBTED.get((code, row["parameter"]), "")
            grade = "D" if doubt else "B" if row["parameter"].startswith("capital") else "C"
            note = "; ".join(filter(None, (doubt, row["source_cells"])))
            yield _fact(code, row["parameter"], row[name], **EVERBATT, grade=grade, note=note)


def _local(shared: Path, register: Register) -> Iterator[Row]:
    for given in read(shared / "data", "local_costs.csv"):
        if given["item"] not in LOCAL or given["publisher"].startswith("Argonne") or given["iso3"] == "USA":
            continue
        parameter, factor, remark = LOCAL[given["item"]]
        fact = figure(given, register, UNIT[parameter], factor)
        if given["publisher"].startswith("JETRO"):
            fact |= {"source": "jetro-survey-2018", "licence": UNKNOWN_LICENCE, "grade": "C"}
        if given["publisher"].startswith("Energy Update"):
            fact["grade"] = "D"  # a press report of another press report
        fact["note"] = "; ".join(filter(None, (remark, str(fact["note"]))))
        yield {"region": given["iso3"], "parameter": parameter, "year": _year(given), **fact}


def _year(given: Given) -> int:
    return int(given["year"][:4])


def _electricity(macro: Rows) -> Iterator[Row]:
    """The worldwide list of one date, for economies that no better figure covers too."""
    for row in macro:
        if row["parameter"] == "electricity_price":
            kept = {name: row[name] for name in ("year", "source", "licence", "grade", "note")}
            yield _fact(row["economy"], "electricity_usd_per_kWh", row["value"], **kept)


def _grid(shared: Path) -> Iterator[Row]:
    """The newest year of each grid: intensity, share of coal and of renewables."""
    newest: dict[str, Given] = {}
    for given in read(shared / "data", "grid.csv"):
        code = given["iso3"]
        known = newest.get(code)
        if code and given["carbon_intensity_gco2_kwh"] and (not known or given["year"] > known["year"]):
            newest[code] = given
    for code, given in newest.items():
        about = {**GRID, "year": int(given["year"])}
        intensity = float(given["carbon_intensity_gco2_kwh"])
        yield _fact(code, "electricity_co2e_g_per_kWh", intensity, **about, note="life cycle")
        if given["renewables_share_pct"]:
            share = float(given["renewables_share_pct"]) / 100
            yield _fact(code, "renewables_share", share, **about, note="of generation")
        if given["coal_twh"] and given["generation_twh"] and float(given["generation_twh"]):
            share = float(given["coal_twh"]) / float(given["generation_twh"])
            yield _fact(code, "coal_share", min(share, 1.0), **about, note="of generation")


def _wages_by_income(own: Rows, macro: Rows) -> Rows:
    """wage = median of (wage / GDP per head) x GDP per head, where nobody has seen a wage."""
    income = _income(macro)
    seen: dict[str, list[float]] = defaultdict(list)
    for row in own:
        if row["parameter"] == "wage_usd_per_h" and row["region"] in income and row["value"]:
            seen[row["region"]].append(float(row["value"]))
    ratios = sorted(median(wages) / income[code] for code, wages in seen.items())
    middle, low, high = median(ratios), ratios[len(ratios) // 10], ratios[-1 - len(ratios) // 10]
    note = f"DERIVED: GDP per head x {middle:.3g} per hour, the median of {len(ratios)} economies"
    return [
        _fact(
            code,
            "wage_usd_per_h",
            head * middle,
            low=head * low,
            high=head * high,
            **DERIVED,
            note=note,
        )
        for code, head in sorted(income.items())
        if code not in seen
    ]


def _income(macro: Rows) -> dict[str, float]:
    """GDP per head in USD of the newest year that has both."""
    gdp: dict[str, dict[int, float]] = defaultdict(dict)
    people: dict[str, dict[int, float]] = defaultdict(dict)
    for row in macro:
        if row["parameter"] in ("gdp_current", "population"):
            (gdp if row["parameter"] == "gdp_current" else people)[row["economy"]][row["year"]] = row["value"]
    income = {}
    for code, years in gdp.items():
        if both := sorted(set(years) & set(people[code])):
            income[code] = years[both[-1]] / people[code][both[-1]]
    return income


def _medians(own: Rows) -> Rows:
    """The middle of an economy's own figures, and the middle of those by subregion and over all."""
    subregion = {row["economy"]: row["subregion"] for row in packaged_rows("economies")}
    figures: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in own:
        if row["region"] in subregion and row["source"] != DERIVED["source"] and row["value"] is not None:
            figures[row["parameter"]][row["region"]].append(float(row["value"]))
    found: Rows = []
    for parameter, by_place in sorted(figures.items()):
        groups: dict[str, list[float]] = defaultdict(list)
        for code, values in by_place.items():
            if code != "USA":
                groups[subregion[code]].append(median(values))
                groups["ALL"].append(median(values))
        for region, values in sorted(groups.items()):
            if len(values) >= FEWEST_FOR_A_SUBREGION:
                note = f"DERIVED: median of {len(values)} economies with a figure"
                span = {"low": min(values), "high": max(values)}
                found.append(_fact(region, parameter, median(values), **span, **DERIVED, note=note))
    return found
