"""A made-up run folder with the files of a real one: pages are tested without waiting for a forecast.

Figures follow simple curves; nothing here is an estimate of anything.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from kitaran.reference import economies, names, read

YEARS = range(2010, 2051)
CLASSES = ("e_bike", "two_wheeler", "three_wheeler", "car", "van", "bus", "truck")
CHEMISTRIES = ("LFP", "NMC622", "NMC811", "lead_acid")
UNITS = {
    "retired_batteries": "count",
    "retired_energy": "GWh",
    "retired_mass": "t",
    **{f"contained_{m}": "t" for m in ("li", "co", "ni", "mn", "cu", "graphite", "pb")},
}
PER_GWH = dict(zip(UNITS, (2e5, 1.0, 6.5e3, 110.0, 90.0, 300.0, 120.0, 700.0, 900.0, 2000.0), strict=True))
REGION = "ASIA_PACIFIC"
LARGE = {"CHN": 400.0, "IND": 90.0, "JPN": 20.0, "KOR": 18.0, "IDN": 15.0, "VNM": 12.0, "THA": 9.0}


def write_synthetic_run(folder: Path) -> Path:
    """Write every file of a run into `folder` and return it."""
    folder.mkdir(parents=True)
    codes = [economy.code for economy in economies()]
    _parquet(folder, "headline", list(_headline(codes)))
    _parquet(folder, "by_class", list(_split(codes, "vehicle_class", CLASSES)))
    _parquet(folder, "by_chemistry", list(_split(codes, "chemistry", CHEMISTRIES)))
    for name, size in (("sales", 3e5), ("stock", 3e6)):
        _parquet(folder, name, list(_vehicles(codes, size)))
    _parquet(folder, "inputs", list(_inputs(codes)))
    _parquet(folder, "adjustment", [_adjustment(code) for code in codes])
    _parquet(folder, "grades", [_grade(code) for code in [*codes, REGION]])
    _parquet(folder, "battery_lives", [row for code in codes for row in _lives(code)])
    _parquet(folder, "survival", [row for code in codes for row in _survival(code)])
    _parquet(folder, "lifetime_basis", list(_basis([*codes, REGION])))
    _parquet(folder, "lifetime_change", list(_change(codes)))
    made = {"format": 1, "scenario": {"name": "synthetic"}, "samples": 20, "seed": 1}
    (folder / "manifest.json").write_text(json.dumps(made))
    return folder


def gwh(code: str, year: int) -> float:
    """GWh that the made-up run retires."""
    top = LARGE.get(code, 0.002 * (1 + sum(map(ord, code)) % 40) ** 2)
    return top / (1 + math.exp(-(year - 2036) / 4)) if code != "PRK" or year > 2030 else 0.0


def _band(value: float) -> dict[str, float]:
    return {"p10": 0.4 * value, "p50": value, "p90": 1.9 * value}


def _headline(codes: list[str]) -> Iterator[dict[str, Any]]:
    inside = [economy.code for economy in economies() if economy.in_region]
    for year in YEARS:
        for quantity, unit in UNITS.items():
            keys = {"year": year, "quantity": quantity, "unit": unit}
            for code in codes:
                yield {
                    "economy": code,
                    **keys,
                    **_band(gwh(code, year) * PER_GWH[quantity]),
                    "grade": grade_of(code),
                }
            total = sum(gwh(code, year) for code in inside) * PER_GWH[quantity]
            yield {"economy": REGION, **keys, **_band(total), "grade": "C"}


def grade_of(code: str) -> str:
    """The grade that the made-up run gives an economy."""
    return "B" if code in LARGE else "C" if code < "M" else "D"


def _split(codes: list[str], column: str, parts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    weights = [1 / (n + 1.5) for n in range(len(parts))]
    for code in codes:
        for year in YEARS:
            for quantity, unit in UNITS.items():
                for part, weight in zip(parts, weights, strict=True):
                    value = gwh(code, year) * PER_GWH[quantity] * weight / sum(weights)
                    yield {
                        "economy": code,
                        "year": year,
                        column: part,
                        "quantity": quantity,
                        "unit": unit,
                        **_band(value),
                    }


def _vehicles(codes: list[str], size: float) -> Iterator[dict[str, Any]]:
    for code in codes:
        for year in YEARS:
            for place, name in enumerate(CLASSES):
                value = size * gwh(code, year) / (1 + place)
                basis = "observed" if year <= 2024 else "projected"
                yield {"economy": code, "year": year, "vehicle_class": name, **_band(value), "basis": basis}


def _inputs(codes: list[str]) -> Iterator[dict[str, Any]]:
    table = "ev_sales" if "ev_sales" in names() else names()[0]
    rows = read(table)
    for code in codes:
        for row in list(rows.where(economy=code))[:12] or list(rows)[:3]:
            own = row["economy"] == code
            yield {
                "economy": code,
                "vehicle_class": str(row["vehicle_class"]),
                "role": "sales",
                "table": table,
                "row_id": row.id,
                "grade": row.grade if own else "D",
                "proxy_for": "" if own else code,
                "note": "" if own else "no figure of its own",
            }


def _adjustment(code: str) -> dict[str, Any]:
    figures = {"published_stock": 1200.0, "modelled_stock": 1150.0, "adjustment": 30.0, "gap": 50.0}
    return {"economy": code, "vehicle_class": "car", "year": 2020, **figures}


def _grade(code: str) -> dict[str, Any]:
    return {
        "economy": code,
        "grade": grade_of(code),
        "weakest_role": "battery_life",
        "weakest_grade": "D",
        "improve": "A survey of how long three-wheeler packs last would improve it most.",
    }


def _lives(code: str) -> Iterator[dict[str, Any]]:
    ended = {f"ended_{cause}": 0.1 for cause in ("wear", "age", "fault", "accident")}
    for name in ("car", "two_wheeler"):
        yield {
            "economy": code,
            "vehicle_class": name,
            "use": "private",
            "chemistry": "LFP",
            "basis": "model",
            "models": "lfp_gr_250ah, lfp_gr_sony_3ah",
            "places": "Bangkok",
            "share": 0.6,
            "threshold_years_p10": 9.5,
            "threshold_years_p50": 18.0,
            "threshold_years_p90": 30.0,
            "battery_years_p10": 9.0,
            "battery_years_p50": 14.0,
            "battery_years_p90": 17.0,
            "vehicle_years": 10.0,
            "table_years": 8.0,
            **ended,
            "ended_scrapped": 0.6,
            "outside_tested_range": 0.75,
            "outside_by": "depth of discharge below tested",
        }


def _survival(code: str) -> Iterator[dict[str, Any]]:
    for name in ("car", "two_wheeler"):
        for age in range(31):
            left = math.exp(-((age / 12) ** 3))
            band = {"p10": left**1.5, "p50": left, "p90": left**0.7, "tables_p50": left**2}
            soh = {"soh_p10": 0.72, "soh_p50": 0.82, "soh_p90": 0.93}
            yield {"economy": code, "vehicle_class": name, "age": age, **band, **soh}


def _basis(codes: list[str]) -> Iterator[dict[str, Any]]:
    for code in codes:
        for year in YEARS:
            for quantity in ("retired_batteries", "retired_energy"):
                keys = {"economy": code, "vehicle_class": "all", "year": year, "quantity": quantity}
                shares = {"by_model": 0.8, "by_table": 0.2, "outside_tested_range": 0.75}
                yield {**keys, "unit": UNITS[quantity], **shares}


def _change(codes: list[str]) -> Iterator[dict[str, Any]]:
    """By the ageing models a fifth less than by tables, half of it from each of two classes."""
    inside = [economy.code for economy in economies() if economy.in_region]
    for code in [*codes, REGION]:
        for year in YEARS:
            for quantity in ("retired_batteries", "retired_energy"):
                own = [code] if code != REGION else inside
                value = sum(gwh(each, year) for each in own) * PER_GWH[quantity]
                for name, part in (("all", 1.0), ("car", 0.5), ("two_wheeler", 0.5)):
                    engine, tables = part * value, 1.25 * part * value
                    yield {
                        "economy": code,
                        "vehicle_class": name,
                        "year": year,
                        "quantity": quantity,
                        "unit": UNITS[quantity],
                        "engine_p50": engine,
                        "tables_p50": tables,
                        "engine_mean": engine,
                        "tables_mean": tables,
                    }


def _parquet(folder: Path, name: str, rows: list[dict[str, Any]]) -> None:
    source = folder / f"{name}.json"
    source.write_text("\n".join(map(json.dumps, rows)))
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * FROM read_json('{source}', format='newline_delimited', sample_size=-1))"
            f" TO '{folder / name}.parquet'"
        )
    source.unlink()
