"""Battery energy and battery lives of two- and three-wheelers, buses and trucks: tw_packs.csv as it stands.

Only rows that name one class, one battery family and one figure go straight into tables. What has to be
judged or put together (a maker's three models, two kinds of rickshaw) stands in own/ with its reason.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cited import figure
from given import read
from sources import Register

Rows = list[dict[str, Any]]
LEAD_ACID_CV = 0.35

# (economy, class, chemistry) in the given file -> (region, vehicle class, battery type)
CAPACITY = {
    ("ASIA", "light_truck_van", "LFP"): ("ALL", "van", "lithium"),
    ("CHN", "3_wheeler", "lead_acid"): ("CHN", "three_wheeler", "lead_acid"),
    ("CHN", "bus", "LFP"): ("CHN", "bus", "lithium"),
    ("CHN", "e_bike", "lead_acid"): ("CHN", "e_bike", "lead_acid"),
    ("CHN", "e_bike", "lithium"): ("CHN", "e_bike", "lithium"),
    ("CHN", "heavy_truck", "LFP"): ("CHN", "truck", "lithium"),
    ("IDN", "2_wheeler", "lithium"): ("IDN", "two_wheeler", "lithium"),
    ("IND", "2_wheeler", "lithium"): ("IND", "two_wheeler", "lithium"),
    ("IND", "3_wheeler_cargo", "lithium"): ("IND", "three_wheeler", "lithium"),
    ("JPN", "light_truck_van", ""): ("JPN", "van", "lithium"),
    ("KOR", "light_truck", "NMC"): ("KOR", "van", "lithium"),
    ("PAK", "3_wheeler", "lead_acid"): ("PAK", "three_wheeler", "lead_acid"),
    ("PHL", "e_trike", "lithium"): ("PHL", "three_wheeler", "lithium"),
    ("THA", "2_wheeler", "lithium"): ("THA", "two_wheeler", "lithium"),
}
# A full charge of a Pakistani e-bike, from the grid, is the only figure of its pack.
FULL_CHARGE = {("PAK", "2_wheeler", "lead_acid"): ("PAK", "two_wheeler", "lead_acid")}

# (economy, class) in the given file -> (region, vehicle class, use)
USE = {
    ("BGD", "easy_bike"): ("BGD", "three_wheeler", "e_rickshaw"),
    ("CHN", "delivery_e_bike"): ("CHN", "e_bike", "delivery"),
    ("CHN", "e_bike"): ("CHN", "e_bike", "private"),
    ("IND", "e_rickshaw"): ("IND", "three_wheeler", "e_rickshaw"),
    ("NPL", "safa_tempo"): ("NPL", "three_wheeler", "e_rickshaw"),
    ("PAK", "2_wheeler"): ("PAK", "two_wheeler", "private"),
}


def capacities(shared: Path, register: Register) -> Rows:
    """Pack energy per vehicle."""
    rows = []
    for given in read(shared / "data", "tw_packs.csv"):
        targets = {"battery_kwh": CAPACITY, "energy_per_full_charge": FULL_CHARGE}.get(given["parameter"], {})
        target = targets.get((given["iso3"], given["vehicle_class"], given["chemistry"]))
        if target:
            region, vehicle_class, battery_type = target
            rows.append(
                {
                    "region": region,
                    "vehicle_class": vehicle_class,
                    "powertrain": "BEV",
                    "battery_type": battery_type,
                    "year": 0,
                    **figure(given, register, "kWh"),
                }
            )
    return rows


def replacement_intervals(shared: Path, register: Register) -> Rows:
    """Lives of packs by use, from interviews and makers; the spread is ours."""
    rows = []
    for given in read(shared / "data", "tw_packs.csv"):
        interval = given["parameter"] in ("battery_replacement_interval", "battery_life")
        if not interval or given["chemistry"] == "lithium_second_life":
            continue
        region, vehicle_class, use = USE[given["iso3"], given["vehicle_class"]]
        rows.append(
            {
                "region": region,
                "vehicle_class": vehicle_class,
                "use": use,
                "component": "battery",
                "battery_type": given["chemistry"],
                "family": "weibull",
                "cv": LEAD_ACID_CV,
                **figure(given, register, "year"),
                "year": int(given["year"]),
            }
        )
    return rows
