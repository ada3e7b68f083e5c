"""Monthly temperatures of cities from WorldClim 1.4, as one row a parameter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import number, read
from sources import Register, Source

PARAMETERS = {"tmax_mean_c": "tmax_mean", "tmean_c": "tmean", "tmin_mean_c": "tmin_mean"}
LICENCE = "CC BY-SA 4.0"


def rows(shared: Path, register: Register) -> list[dict[str, Any]]:
    source = register.name("worldclim-1-4", Source(
        "WorldClim 1.4, current conditions 1960-1990 (Hijmans and co-authors 2005), 2.5 arc-minutes",
        "WorldClim; Hijmans, Cameron, Parra, Jones and Jarvis", "publisher", "http://www.worldclim.org/version1",
        LICENCE, "secondary", "2005",
        "Read at weather stations by the R data package GSODRdata; tmean is (tmax + tmin) / 2."))  # fmt: skip
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for given in read(shared / "data", "climate_normals.csv"):
        for column, parameter in PARAMETERS.items():
            # Ho Chi Minh City stands twice with the same cell: the first is kept.
            found.setdefault((given["iso3"], given["city"], given["month"], parameter), {
                "economy": given["iso3"], "place": given["city"], "lat": number(given["lat"]),
                "lon": number(given["lon"]), "elevation_m": number(given["elev_m"]), "month": int(given["month"]),
                "parameter": parameter, "period": given["period"], "value": number(given[column]), "unit": "degC",
                "source": source, "year": 1990, "licence": LICENCE, "grade": given["quality"],
                "note": given["station_or_grid"] if parameter == "tmean" and given["month"] == "1" else None,
            })  # fmt: skip
    return list(found.values())
