"""People, income, lending, exchange rates, and prices of metals, black mass and packs."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from statistics import fmean
from typing import Any

from given import number, read
from sources import UNKNOWN_LICENCE, Register, Source, grade_of

Rows = list[dict[str, Any]]
FIRST_YEAR = 2010
WORLD_BANK = "CC BY 4.0 (World Bank)"

# indicator of the given file -> (parameter, unit, factor, source id, licence, grade, note)
INDICATOR: dict[str, tuple[str, str, float, str, str, str, str]] = {
    "population": ("population", "person", 1, "world-bank-wdi", WORLD_BANK, "B", ""),
    "gdp_current": ("gdp_current", "USD", 1, "world-bank-wdi", WORLD_BANK, "B", "current US dollars"),
    "population_projection_un_wup2018": ("population_projection", "person", 1, "un-wup-2018", "CC BY 3.0 IGO", "B",
                                         "revision of 2018, superseded by World Population Prospects 2024"),
    "lending_rate_wb_FR.INR.LEND": ("lending_rate", "fraction/year", 0.01, "world-bank-lending-2021", WORLD_BANK, "C",
                                    "nominal, local currency; latest of 2010 to 2021, seen in a ranking"),
    "electricity_price_electriccost_usd_kwh": ("electricity_price", "USD/kWh", 1, "globalpetrolprices-copy-2022",
        UNKNOWN_LICENCE, "D", "customer class and date not stated; Sri Lanka's predates the tariff rises"),
    "manufacturing_worker_monthly_base_pay_median_jetro": ("manufacturing_wage_month", "USD/month", 1,
        "jetro-survey-2020", UNKNOWN_LICENCE, "C", "median base pay in Japanese affiliates, August-September 2020"),
    "manufacturing_worker_annual_cost_jetro": ("manufacturing_labour_cost_year", "USD/year", 1, "jetro-survey-2018",
        UNKNOWN_LICENCE, "C", "Japanese affiliates; survey year not stated, about 2018-19"),
    "motor_vehicles_per_1000": ("motor_vehicles_per_1000", "vehicle/1000 persons", 1, "nationmaster-2014",
        UNKNOWN_LICENCE, "D", "old and weak; most two-wheelers are not in it"),
    "automobiles_per_1000": ("automobiles_per_1000", "vehicle/1000 persons", 1, "fourin-2022", UNKNOWN_LICENCE, "C",
                             "rounded, mixed years"),
}  # fmt: skip
PRICE_UNIT = {"USD_per_mt": "USD/t", "USD_per_bbl": "USD/bbl", "USD_per_kWh": "USD/kWh", "USD_per_t": "USD/t"}
POUND_KG = 0.45359237


def macro(shared: Path, register: Register) -> Rows:
    """macro.csv from 2010 on, and commercial lending rates of local_costs.csv."""
    _register_macro(register)
    rows = []
    for given in read(shared / "data", "macro.csv"):
        if given["indicator"] not in INDICATOR or int(given["year"]) < FIRST_YEAR:
            continue
        parameter, unit, factor, source, licence, grade, note = INDICATOR[given["indicator"]]
        rows.append({
            "economy": given["iso3"], "parameter": parameter, "year": int(given["year"]),
            "value": float(given["value"]) * factor, "unit": unit, "source": source, "licence": licence,
            "grade": grade, "note": note,
        })  # fmt: skip
    return rows


def exchange_rates(shared: Path, register: Register) -> Rows:
    """Annual means of the Federal Reserve from 2010, spot rates of 2024 and 2026 elsewhere."""
    reserve = register.name("federal-reserve-h10", Source(
        "Foreign exchange rates H.10, annual means", "Board of Governors of the Federal Reserve System", "official",
        "https://www.federalreserve.gov/releases/h10/", "public domain", "secondary", "2026",
        "Copy in a public repository."))  # fmt: skip
    spot = register.name("currency-api", Source(
        "currency-api, rates of 31 December 2024 and 29 September 2026", "fawazahmed0/exchange-api", "repository",
        "https://www.npmjs.com/package/@fawazahmed0/currency-api", "CC0", "primary", "2026",
        "Aggregator of market middle rates."))  # fmt: skip
    rows = []
    for given in read(shared / "data", "macro.csv"):
        if given["indicator"] == "exchange_rate_lcu_per_usd_annual_avg" and int(given["year"]) >= FIRST_YEAR:
            rows.append({
                "economy": given["iso3"], "year": int(given["year"]), "basis": "annual_mean",
                "value": float(given["value"]), "unit": "LCU/USD", "source": reserve, "licence": "public domain",
                "grade": "A",
            })  # fmt: skip
    for given in read(shared / "data", "local_costs.csv"):
        if given["item"] == "exchange_rate" and "currency-api" in given["source_title"]:
            rows.append({
                "economy": given["iso3"], "year": int(given["year"][:4]), "basis": "spot",
                "value": float(given["value"]), "unit": "LCU/USD", "source": spot, "licence": "CC0", "grade": "C",
                "note": f"rate of {given['year']}",
            })  # fmt: skip
    return rows


def prices(shared: Path, register: Register) -> Rows:
    """Annual means of monthly series, USGS and BloombergNEF years, quotations of 2023-26, EverBatt's list."""
    return _series(shared, register) + _quotations(shared, register) + _everbatt(shared, register)


def _series(shared: Path, register: Register) -> Rows:
    sources = _register_series(register)
    months: dict[tuple[str, str, str, str], list[float]] = defaultdict(list)
    rows: Rows = []
    for given in read(shared / "data", "prices.csv"):
        unit = PRICE_UNIT.get(given["unit"].split(" ")[0])
        if unit is None or int(given["date"][:4]) < FIRST_YEAR:
            continue
        source, licence = sources[given["source_id"]]
        if given["freq"] == "M":
            months[given["series"], unit, given["date"][:4], source].append(float(given["value"]))
            continue
        rows.append({
            "item": given["series"], "basis": "annual, as published", "period": given["date"],
            "value": float(given["value"]), "unit": unit, "source": source, "year": int(given["date"][:4]),
            "licence": licence, "grade": "B", "note": given["basis"],
        })  # fmt: skip
    for (item, unit, year, source), values in months.items():
        rows.append({
            "item": item, "basis": "annual mean of months, nominal", "period": year, "value": fmean(values),
            "low": min(values), "high": max(values), "unit": unit, "source": source, "year": int(year),
            "licence": WORLD_BANK, "grade": "B",
            "note": f"DERIVED: mean of {len(values)} months; low and high are the lowest and highest month",
        })  # fmt: skip
    return rows


def _quotations(shared: Path, register: Register) -> Rows:
    rows = []
    for given in read(shared / "data", "metal_prices.csv"):
        unit, factor = _quoted_unit(given["unit"])
        known = given["publisher"] != "analyst"
        figures = {name: factor * found for name in ("value", "low", "high")
                   if (found := number(given[name])) is not None}  # fmt: skip
        rows.append({
            "item": given["item"], "basis": given["basis"], "period": given["date"] or given["year"], **figures,
            "unit": unit, "source": register.cite(given, given["year"][:4]) if known else "analyst-range-2026",
            "year": int(given["year"][:4]), "licence": UNKNOWN_LICENCE if known else "own assumption",
            "grade": grade_of(given, register),
            "note": given["note"].replace("GENERAL KNOWLEDGE, no source: ", ""),
        })  # fmt: skip
    return rows


def _quoted_unit(unit: str) -> tuple[str, float]:
    if unit == "USD/lb":
        return "USD/kg", 1 / POUND_KG
    return ("CNY/mtu", 1) if unit.startswith("CNY per mtu") else (unit.replace(" per ", "/"), 1)


def _everbatt(shared: Path, register: Register) -> Rows:
    """EverBatt's list of 2022-23; an item that stands in several groups with one price is kept once."""
    found: dict[tuple[str, float], dict[str, Any]] = {}
    for given in read(shared / "facts" / "planning", "prices.csv"):
        if given["source"] == "EverBatt 2023 Materials":
            value = float(given["value"])
            found.setdefault((given["item"], value), {
                "item": given["item"], "basis": "EverBatt 2023, United States", "period": "2022-23", "value": value,
                "unit": "USD/kg", "source": "everbatt-2023", "year": 2023,
                "licence": "BSD-3 style licence of Argonne", "grade": "B",
                "note": "snapshot near the peak of lithium prices",
            })  # fmt: skip
    return list(found.values())


def _register_macro(register: Register) -> None:
    second = "secondary"
    for source_id, source in {
        "world-bank-wdi": Source("World Development Indicators", "World Bank", "official",
            "https://data.worldbank.org", WORLD_BANK, second, "2025", "COK, NIU and TWN are missing."),
        "un-wup-2018": Source("World Urbanization Prospects, 2018 revision", "United Nations, Population Division",
            "official", "https://population.un.org/wup/", "CC BY 3.0 IGO", second, "2018",
            "Superseded by World Population Prospects 2024."),
        "world-bank-lending-2021": Source("Lending interest rate FR.INR.LEND, ranking", "World Bank and IMF",
            "official", "https://www.indexmundi.com/facts/indicators/FR.INR.LEND", WORLD_BANK, second, "2021",
            "Not comparable across countries."),
        "globalpetrolprices-copy-2022": Source("Electricity prices", "GlobalPetrolPrices (copy)", "mirror",
            "https://github.com/OlafurKonrad/OlafurKonrad.github.io", UNKNOWN_LICENCE, second, "2022", ""),
        "jetro-survey-2020": Source("Survey on business conditions of Japanese affiliates, 2020", "JETRO",
            "publisher", "https://www.jetro.go.jp", UNKNOWN_LICENCE, second, "2020", "Seen in a copy."),
        "jetro-survey-2018": Source("Survey on business conditions of Japanese affiliates, about 2018-19", "JETRO",
            "publisher", "https://kisvn.vn", UNKNOWN_LICENCE, second, "2019", "Seen in a copy."),
        "nationmaster-2014": Source("Motor vehicles per 1000 people", "NationMaster, in Our World in Data",
            "repository", "https://github.com/owid/owid-datasets", UNKNOWN_LICENCE, second, "2014", ""),
        "fourin-2022": Source("Automobiles per 1000 people", "FOURIN", "publisher", "https://aaa.fourin.com",
            UNKNOWN_LICENCE, second, "2022", ""),
    }.items():  # fmt: skip
        register.name(source_id, source)


def _register_series(register: Register) -> dict[str, tuple[str, str]]:
    return {
        "S10": (register.name("world-bank-pink-sheet-2025", Source(
            "Commodity Markets, monthly prices (Pink Sheet) of 2 December 2025", "World Bank", "official",
            "https://www.worldbank.org/en/research/commodity-markets", WORLD_BANK, "secondary", "2025",
            "Copy in a public repository.")), WORLD_BANK),
        "S11": (register.name("usgs-ds140", Source(
            "Data Series 140: lithium", "United States Geological Survey", "official",
            "https://www.usgs.gov/centers/national-minerals-information-center", "public domain", "secondary",
            "2021", "Unit value, no battery-grade price.")), "public domain"),
        "S12": (register.name("usgs-mcs", Source(
            "Mineral Commodity Summaries 2019, 2020 and 2023", "United States Geological Survey", "official",
            "https://www.usgs.gov/centers/national-minerals-information-center/mineral-commodity-summaries",
            "public domain", "secondary", "2023", "Copies; the last year of each is an estimate.")), "public domain"),
        "S14": (register.name("bnef-pack-survey", Source(
            "Lithium-ion battery price survey, released figures 2019 to 2024", "BloombergNEF", "publisher",
            "https://about.bnef.com", "proprietary survey; released figures only", "secondary", "2024",
            "Base years differ: do not chain.")), "proprietary survey; released figures only"),
    }  # fmt: skip
