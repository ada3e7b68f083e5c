"""People, income, lending, and exchange rates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from given import read
from sources import UNKNOWN_LICENCE

Rows = list[dict[str, Any]]
FIRST_YEAR = 2010
WORLD_BANK = "CC BY 4.0 (World Bank)"


@dataclass(frozen=True)
class Indicator:
    """What an indicator of the given file becomes."""

    parameter: str
    unit: str
    source: str
    licence: str
    grade: str
    note: str = ""
    factor: float = 1.0


INDICATORS = {
    "population": Indicator("population", "person", "world-bank-wdi", WORLD_BANK, "B"),
    "gdp_current": Indicator("gdp_current", "USD", "world-bank-wdi", WORLD_BANK, "B", "current US dollars"),
    "population_projection_un_wup2018": Indicator(
        "population_projection",
        "person",
        "un-wup-2018",
        "CC BY 3.0 IGO",
        "B",
        "revision of 2018, superseded by World Population Prospects 2024",
    ),
    "lending_rate_wb_FR.INR.LEND": Indicator(
        "lending_rate",
        "fraction/year",
        "world-bank-lending-2021",
        WORLD_BANK,
        "C",
        "nominal, local currency; latest of 2010 to 2021, seen in a ranking",
        factor=0.01,
    ),
    "electricity_price_electriccost_usd_kwh": Indicator(
        "electricity_price",
        "USD/kWh",
        "globalpetrolprices-copy-2022",
        UNKNOWN_LICENCE,
        "D",
        "customer class and date not stated; Sri Lanka's predates the tariff rises",
    ),
    "manufacturing_worker_monthly_base_pay_median_jetro": Indicator(
        "manufacturing_wage_month",
        "USD/month",
        "jetro-survey-2020",
        UNKNOWN_LICENCE,
        "C",
        "median base pay in Japanese affiliates, August-September 2020",
    ),
    "manufacturing_worker_annual_cost_jetro": Indicator(
        "manufacturing_labour_cost_year",
        "USD/year",
        "jetro-survey-2018",
        UNKNOWN_LICENCE,
        "C",
        "Japanese affiliates; survey year not stated, about 2018-19",
    ),
    "motor_vehicles_per_1000": Indicator(
        "motor_vehicles_per_1000",
        "vehicle/1000 persons",
        "nationmaster-2014",
        UNKNOWN_LICENCE,
        "D",
        "old and weak; most two-wheelers are not in it",
    ),
    "automobiles_per_1000": Indicator(
        "automobiles_per_1000",
        "vehicle/1000 persons",
        "fourin-2022",
        UNKNOWN_LICENCE,
        "C",
        "rounded, mixed years",
    ),
}


def macro(shared: Path) -> Rows:
    """Rows of macro.csv from 2010 on."""
    rows = []
    for given in read(shared / "data", "macro.csv"):
        about = INDICATORS.get(given["indicator"])
        if about and int(given["year"]) >= FIRST_YEAR:
            rows.append(
                {
                    "economy": given["iso3"],
                    "parameter": about.parameter,
                    "year": int(given["year"]),
                    "value": float(given["value"]) * about.factor,
                    "unit": about.unit,
                    "source": about.source,
                    "licence": about.licence,
                    "grade": about.grade,
                    "note": about.note,
                }
            )
    return rows


def exchange_rates(shared: Path) -> Rows:
    """Annual means of the Federal Reserve from 2010; rates of one day in 2024 and in 2026 elsewhere."""
    means = [
        {
            **_rate(given["iso3"], given["year"], "annual_mean", given["value"]),
            "source": "federal-reserve-h10",
            "licence": "public domain",
            "grade": "A",
        }
        for given in read(shared / "data", "macro.csv")
        if given["indicator"] == "exchange_rate_lcu_per_usd_annual_avg" and int(given["year"]) >= FIRST_YEAR
    ]
    days = [
        {
            **_rate(given["iso3"], given["year"][:4], "spot", given["value"]),
            "source": "currency-api",
            "licence": "CC0",
            "grade": "C",
            "note": f"rate of {given['year']}",
        }
        for given in read(shared / "data", "local_costs.csv")
        if given["item"] == "exchange_rate" and "currency-api" in given["source_title"]
    ]
    return means + days


def _rate(economy: str, year: str, basis: str, value: str) -> dict[str, Any]:
    return {"economy": economy, "year": int(year), "basis": basis, "value": float(value), "unit": "LCU/USD"}
