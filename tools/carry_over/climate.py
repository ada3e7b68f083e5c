"""Monthly temperatures of cities from WorldClim 1.4, as one row a parameter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from given import number, read

PARAMETERS = {"tmax_mean_c": "tmax_mean", "tmean_c": "tmean", "tmin_mean_c": "tmin_mean"}


def rows(shared: Path) -> list[dict[str, Any]]:
    """Ho Chi Minh City stands twice with the same cell in the given file: the first is kept."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for given in read(shared / "data", "climate_normals.csv"):
        for column, parameter in PARAMETERS.items():
            first = parameter == "tmean" and given["month"] == "1"
            key = (given["iso3"], given["city"], given["month"], parameter)
            fact = {
                "economy": given["iso3"],
                "place": given["city"],
                "lat": number(given["lat"]),
                "lon": number(given["lon"]),
                "elevation_m": number(given["elev_m"]),
                "month": int(given["month"]),
                "parameter": parameter,
                "period": given["period"],
                "value": number(given[column]),
                "unit": "degC",
                "source": "worldclim-1-4",
                "year": 1990,
                "licence": "CC BY-SA 4.0",
                "grade": given["quality"],
                "note": given["station_or_grid"] if first else None,
            }
            found.setdefault(key, fact)
    return list(found.values())
