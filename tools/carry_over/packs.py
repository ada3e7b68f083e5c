"""Battery energy and lives of what moves on two and three wheels, of buses and trucks: tw_packs.csv as it stands.

Only rows that name one vehicle class, one battery family and one figure go straight into tables; what has to be
judged or put together (a scooter maker's three models, a split of NMC) stands in own/ with its reason.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import Given, number, read
from sources import UNKNOWN_LICENCE, Register, Source, grade_of

Rows = list[dict[str, Any]]

# (economy, class, chemistry) in the given file -> (region, vehicle class, battery type)
CAPACITY = {
    ("BGD", "easy_bike", "lead_acid"): None,  # own/: easy bikes and battery rickshaws together
    ("BGD", "battery_rickshaw", "lead_acid"): None,
    ("NPL", "safa_tempo", "lead_acid"): None,  # own/: two packs a vehicle, few vehicles
    ("IND", "3_wheeler_L5", "lithium"): None,  # own/: two variants of one maker
    ("IND", "e_rickshaw", "lithium"): None,
    ("VNM", "2_wheeler", "LFP"): None,  # own/: three models of one maker
    ("IND", "bus_12m", "LFP"): None,  # own/: 9 m and 12 m buses weighted
    ("IND", "bus_9m", "LFP"): None,
    ("PHL", "e_trike", "lithium"): ("PHL", "three_wheeler", "lithium"),
    ("IDN", "2_wheeler", "lithium"): ("IDN", "two_wheeler", "lithium"),
    ("CHN", "e_bike", "lead_acid"): ("CHN", "e_bike", "lead_acid"),
    ("CHN", "e_bike", "lithium"): ("CHN", "e_bike", "lithium"),
    ("CHN", "3_wheeler", "lead_acid"): ("CHN", "three_wheeler", "lead_acid"),
    ("IND", "2_wheeler", "lithium"): ("IND", "two_wheeler", "lithium"),
    ("IND", "3_wheeler_cargo", "lithium"): ("IND", "three_wheeler", "lithium"),
    ("PAK", "3_wheeler", "lead_acid"): ("PAK", "three_wheeler", "lead_acid"),
    ("THA", "2_wheeler", "lithium"): ("THA", "two_wheeler", "lithium"),
    ("CHN", "heavy_truck", "LFP"): ("CHN", "truck", "lithium"),
    ("CHN", "bus", "LFP"): ("CHN", "bus", "lithium"),
    ("ASIA", "light_truck_van", "LFP"): ("ALL", "van", "lithium"),
    ("JPN", "light_truck_van", ""): ("JPN", "van", "lithium"),
    ("KOR", "light_truck", "NMC"): ("KOR", "van", "lithium"),
}


def capacities(shared: Path, register: Register) -> Rows:
    """Pack energy per vehicle, and the charge a full lead-acid pack of a Pakistani e-bike takes."""
    assumption(register)
    rows = []
    for given in read(shared / "data", "tw_packs.csv"):
        target = CAPACITY.get((given["iso3"], given["vehicle_class"], given["chemistry"]))
        if given["parameter"] == "energy_per_full_charge" and given["iso3"] == "PAK":
            target = ("PAK", "two_wheeler", "lead_acid")
        elif given["parameter"] != "battery_kwh":
            continue
        if target:
            region, vehicle_class, battery_type = target
            rows.append({
                "region": region, "vehicle_class": vehicle_class, "powertrain": "BEV", "battery_type": battery_type,
                "year": 0, **_figure(given, register), "unit": "kWh",
            })  # fmt: skip
    return rows


def replacement_intervals(shared: Path, register: Register) -> Rows:
    """Lives of lead-acid packs by use, from interviews and makers."""
    target = {
        ("BGD", "easy_bike"): ("BGD", "three_wheeler", "e_rickshaw"),
        ("IND", "e_rickshaw"): ("IND", "three_wheeler", "e_rickshaw"),
        ("CHN", "e_bike"): ("CHN", "e_bike", "private"),
        ("CHN", "delivery_e_bike"): ("CHN", "e_bike", "delivery"),
        ("NPL", "safa_tempo"): ("NPL", "three_wheeler", "e_rickshaw"),
        ("PAK", "2_wheeler"): ("PAK", "two_wheeler", "private"),
    }
    rows = []
    for given in read(shared / "data", "tw_packs.csv"):
        if given["parameter"] not in ("battery_replacement_interval", "battery_life"):
            continue
        if given["chemistry"] == "lithium_second_life":
            continue
        region, vehicle_class, use = target[given["iso3"], given["vehicle_class"]]
        rows.append({
            "region": region, "vehicle_class": vehicle_class, "use": use, "component": "battery",
            "battery_type": given["chemistry"], "family": "weibull", "cv": 0.35, **_figure(given, register),
            "unit": "year",
        })  # fmt: skip
    return rows


def assumption(register: Register) -> str:
    """The analyst's ranges of the given data, which name no source."""
    return register.name("analyst-range-2026", Source(
        "Analyst's range without a source", "compilers of the data pack, November 2026", "assumption", "",
        "own assumption", "none", "2026", "General knowledge; replace before publishing."))  # fmt: skip


def _figure(given: Given, register: Register) -> dict[str, Any]:
    known = given["publisher"] != "analyst"
    year = given["year"][:4]
    return {
        "value": number(given["value"]), "low": number(given["low"]), "high": number(given["high"]),
        "source": register.cite(given, year) if known else assumption(register),
        "licence": UNKNOWN_LICENCE if known else "own assumption", "grade": grade_of(given, register),
        "note": given["note"].replace("GENERAL KNOWLEDGE, no source: ", "").strip(),
    }  # fmt: skip
